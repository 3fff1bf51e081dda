//! A short list of things to do, open beside its button: arrows walk, Escape and Tab leave, choosing closes.

use leptos::html::Div;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::ui::px;

/// The open list. Whoever shows it holds the button and gives it the focus back.
#[component]
pub fn ActionList(
    /// The list's name.
    label: &'static str,
    /// What there is to do.
    actions: Vec<&'static str>,
    /// The one at this place was chosen.
    on_choose: Callback<usize>,
    /// The list is to be closed; `true` where the focus goes back to the button.
    on_close: Callback<bool>,
) -> impl IntoView {
    let list = NodeRef::<Div>::new();
    let count = actions.len() as u32;
    let on_key = move |event: ev::KeyboardEvent| {
        let Some(list) = list.get_untracked() else { return };
        let at = focused(&list);
        let to = match (event.key().as_str(), at) {
            ("ArrowDown", at) => at.map_or(0, |at| (at + 1) % count),
            ("ArrowUp", at) => at.map_or(count - 1, |at| (at + count - 1) % count),
            ("Home", _) => 0,
            ("End", _) => count - 1,
            ("Escape", _) => {
                event.prevent_default();
                event.stop_propagation();
                return on_close.run(true);
            }
            ("Tab", _) => return on_close.run(true),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        focus(&list, to);
    };
    let on_leave = move |event: ev::FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        // A press on the button closes the list by itself.
        let around = list.try_get_untracked().flatten().and_then(|list| list.parent_element());
        if !around.is_some_and(|around| to.is_some_and(|to| around.contains(Some(&to)))) {
            // The list may lose the focus by leaving the page with its button.
            on_close.try_run(false);
        }
    };
    Effect::new(move |_| {
        if let Some(list) = list.get() {
            show(&list);
            focus(&list, 0);
        }
    });
    let items = actions.into_iter().enumerate().map(|(index, action)| {
        view! {
            <button type="button" class="action-list-item" role="menuitem" tabindex="-1" on:click=move |_| on_choose.run(index)>
                {action}
            </button>
        }
    });
    let items: Vec<_> = items.collect();
    view! {
        <div class="action-list" role="menu" aria-label=label tabindex="-1" popover="manual" node_ref=list on:keydown=on_key on:focusout=on_leave>
            {items}
        </div>
    }
}

/// Puts the list above everything, beside its button: nothing that scrolls cuts it off.
fn show(list: &HtmlElement) {
    let _ = list.show_popover();
    let Some(button) = list.parent_element() else { return };
    let (button, list_rect) = (button.get_bounding_client_rect(), list.get_bounding_client_rect());
    let screen = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    let is_room = button.bottom() + list_rect.height() <= screen;
    let top = if is_room { button.bottom() } else { (button.top() - list_rect.height()).max(0.0) };
    let left = (button.right() - list_rect.width()).max(0.0);
    for (property, length) in [("top", top), ("left", left)] {
        let _ = list.style().set_property(property, &px(length));
    }
}

fn focused(list: &HtmlElement) -> Option<u32> {
    let active = document().active_element()?;
    let children = list.children();
    (0..children.length()).find(|&at| children.item(at).as_ref() == Some(&active))
}

fn focus(list: &HtmlElement, at: u32) {
    if let Some(item) = list.children().item(at) {
        let _ = item.unchecked_into::<HtmlElement>().focus();
    }
}
