//! What the address bar names. Two pages need no router: a link inside the page is taken here, everything
//! else is the browser's.

use agent_tasks::{TaskId, paths};
use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlAnchorElement;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// All tasks.
    Agents,
    /// One task.
    Task(TaskId),
    /// An address of nothing.
    Unknown,
}

impl Route {
    /// The page at `path`; `decode` undoes percent-encoding.
    fn of(path: &str, decode: impl Fn(&str) -> Option<String>) -> Self {
        let task = || {
            let segment = path.strip_prefix(TASK_PAGES)?;
            let id = TaskId(decode(segment)?);
            (!segment.is_empty() && paths::task_page(&id) == path).then_some(id)
        };
        if path == "/" { Self::Agents } else { task().map_or(Self::Unknown, Self::Task) }
    }

    fn now() -> Self {
        let path = window().location().pathname().unwrap_or_default();
        Self::of(&path, |segment| js_sys::decode_uri_component(segment).ok().map(String::from))
    }
}

/// What the addresses of tasks start with; [`paths::task_page`] writes them.
const TASK_PAGES: &str = "/tasks/";

/// The present page; follows links, back and forward.
pub(super) fn follow_address() -> Signal<Route> {
    let route = RwSignal::new(Route::now());
    let on_move = window_event_listener(ev::popstate, move |_| {
        let now = Route::now();
        if route.with_untracked(|route| *route != now) {
            route.set(now);
        }
    });
    let on_click = window_event_listener(ev::click, move |event| {
        if let Some(address) = link_inside(&event) {
            event.prevent_default();
            go(route, &address);
        }
    });
    on_cleanup(move || {
        on_move.remove();
        on_click.remove();
    });
    route.into()
}

fn go(route: RwSignal<Route>, address: &str) {
    // Fails only for an address of another origin.
    let is_gone = window().history().and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(address)));
    if is_gone.is_ok() {
        route.set(Route::now());
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// The address of the link that was clicked, if it leads to another page of ours in this tab.
fn link_inside(event: &MouseEvent) -> Option<String> {
    let is_plain =
        event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
    if !is_plain || event.default_prevented() {
        return None;
    }
    let clicked = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = clicked.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
    let location = window().location();
    let is_inside = link.target().is_empty() && Some(link.origin()) == location.origin().ok();
    let is_here = Some(link.pathname()) == location.pathname().ok() && Some(link.search()) == location.search().ok();
    let is_jump = is_here && !link.hash().is_empty();
    (is_inside && !is_jump && !link.has_attribute("download")).then(|| link.href())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_addresses_name_a_page() {
        let check =
            |path: &str, expected: Route| assert_eq!(Route::of(path, |text| Some(text.to_owned())), expected, "{path}");
        check("/", Route::Agents);
        check("/tasks/a-1", Route::Task(TaskId("a-1".into())));
        for other in ["", "/tasks", "/tasks/", "/tasks/a/b", "/task/a", "//"] {
            check(other, Route::Unknown);
        }
    }
}
