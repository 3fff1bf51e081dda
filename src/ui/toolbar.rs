//! A row of controls that is one stop for the Tab key: arrows walk in it.

use leptos::html::Div;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// A toolbar. Its stops are the elements with the class `toolbar-tool`.
#[component]
pub fn Toolbar(
    /// Its name.
    label: &'static str,
    /// The controls.
    children: Children,
) -> impl IntoView {
    let bar = NodeRef::<Div>::new();
    let on_key = move |event: ev::KeyboardEvent| {
        let Some(bar) = bar.get_untracked() else { return };
        let tools = tools(&bar);
        let Some(at) = tools.iter().position(|tool| document().active_element().as_ref() == Some(tool.as_ref())) else {
            return;
        };
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % tools.len(),
            "ArrowLeft" => (at + tools.len() - 1) % tools.len(),
            "Home" => 0,
            "End" => tools.len() - 1,
            _ => return,
        };
        event.prevent_default();
        let _ = tools[to].focus();
    };
    // The stop is where the focus was last.
    let on_focus = move |event: ev::FocusEvent| {
        let Some(bar) = bar.get_untracked() else { return };
        let focused = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(tool) = focused.and_then(|element| element.closest(".toolbar-tool").ok().flatten()) else { return };
        stop_at(&bar, &tool);
    };
    Effect::new(move |_| {
        let Some(bar) = bar.get() else { return };
        if let Some(first) = tools(&bar).first() {
            stop_at(&bar, first);
        }
    });
    view! {
        <div class="toolbar" role="toolbar" aria-label=label node_ref=bar on:keydown=on_key on:focusin=on_focus>
            {children()}
        </div>
    }
}

fn tools(bar: &Element) -> Vec<HtmlElement> {
    let found = bar.get_elements_by_class_name("toolbar-tool");
    let elements = (0..found.length()).filter_map(|index| found.item(index));
    elements.filter(|tool| !tool.has_attribute("disabled")).map(JsCast::unchecked_into).collect()
}

fn stop_at(bar: &Element, stop: &Element) {
    for tool in tools(bar) {
        let is_stop = AsRef::<Element>::as_ref(&tool) == stop;
        let _ = tool.set_attribute("tabindex", if is_stop { "0" } else { "-1" });
    }
}
