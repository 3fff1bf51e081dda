//! What the address bar names: a page, by the fragment of the address. The browser follows its links itself,
//! and any host of static files serves them.

use leptos::ev;
use leptos::prelude::*;

use crate::store::{RepositoryAddress, TaskAddress};

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// All tasks.
    Agents,
    /// The tasks of one repository.
    Repository(RepositoryAddress),
    /// One task.
    Task(TaskAddress),
    /// An address of nothing.
    Unknown,
}

impl Route {
    /// The page of a fragment; `decode` undoes percent-encoding.
    fn of(fragment: &str, decode: impl Fn(&str) -> Option<String>) -> Self {
        match fragment {
            "" | "#" | "#/" => Self::Agents,
            fragment => {
                let task = TaskAddress::parse(fragment, &decode).map(Self::Task);
                let repository = || RepositoryAddress::parse(fragment, &decode).map(Self::Repository);
                task.or_else(repository).unwrap_or(Self::Unknown)
            }
        }
    }

    fn now() -> Self {
        let fragment = window().location().hash().unwrap_or_default();
        Self::of(&fragment, |text| js_sys::decode_uri_component(text).ok().map(String::from))
    }
}

/// The present page; follows links, back and forward.
pub(super) fn follow_address() -> Signal<Route> {
    let route = RwSignal::new(Route::now());
    let on_move = window_event_listener(ev::hashchange, move |_| {
        let now = Route::now();
        if route.with_untracked(|route| *route != now) {
            route.set(now);
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    });
    on_cleanup(move || on_move.remove());
    route.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::LogSpot;

    #[test]
    fn a_fragment_names_a_page_or_nothing() {
        let of = |fragment: &str| Route::of(fragment, |text| Some(text.to_owned()));
        for home in ["", "#", "#/"] {
            assert_eq!(of(home), Route::Agents, "{home}");
        }
        assert!(matches!(
            of("#/tasks/a-1/steps/3"),
            Route::Task(TaskAddress { spot: Some(LogSpot { seq: 3, .. }), .. })
        ));
        assert!(matches!(of("#/repos/o/r"), Route::Repository(_)));
        for other in ["#x", "#/tasks/", "#/settings"] {
            assert_eq!(of(other), Route::Unknown, "{other}");
        }
    }
}
