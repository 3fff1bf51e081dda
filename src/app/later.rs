//! The parts of the program that are not there at once. The session page and the panel of the connections come after the
//! first paint, the page of log files when a file is opened. The build makes a part of everything that only [`build`]
//! reaches, and one of what only [`build_file`] reaches (`docs/size.md` tells how). Without the feature `split` there is
//! one part, and what is asked for is there at once.

use std::time::Duration;
#[cfg(feature = "split")]
use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;

use super::deck::Deck;
use super::file_drop::Chosen;
use super::open_file::OpenFilePage;
use super::open_session::OpenSession;
use super::{address, entering, servers};
use crate::api;
use crate::connections::ConnectionsPanel;
use crate::store::{LogSpot, Remote, TaskKey};
use crate::ui::{Button, Notice, NoticeKind};

/// What is said when a part does not come.
const NOT_LOADED: &str = "This part of the page could not be loaded. You may be offline, or there is a new version of the page: try again, or reload it.";

/// A part of the program that comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The session page and the panel of the connections.
    Session,
    /// The page of log files, with their readers.
    Files,
}

/// Something of the part [`Part::Session`].
#[derive(Clone)]
pub(super) enum Shown {
    /// A task's page.
    Session {
        /// Which task.
        key: TaskKey,
        /// The place in its log that the address names.
        spot: Signal<Option<LogSpot>>,
    },
    /// Every connection.
    Connections,
}

impl Part {
    /// Whether it is there.
    fn arrival(self, deck: Deck) -> RwSignal<Remote<()>> {
        match self {
            Self::Session => deck.session_part,
            Self::Files => deck.files_part,
        }
    }

    async fn fetch(self) -> Result<(), SplitLoaderError> {
        match self {
            Self::Session => fetch().await,
            Self::Files => fetch_files().await,
        }
    }
}

/// Brings a part, unless it is there or on its way.
pub(super) fn load(deck: Deck, part: Part) {
    let arrival = part.arrival(deck);
    if arrival.with_untracked(|arrival| matches!(arrival, Remote::Failed(_))) {
        arrival.set(Remote::Loading);
    }
    spawn_local(async move {
        let outcome = match part.fetch().await {
            Ok(()) => Remote::Ready(()),
            Err(_) => Remote::Failed(NOT_LOADED.to_owned()),
        };
        // What is shown is not made anew when nothing changed.
        if arrival.with_untracked(|arrival| *arrival != outcome) {
            arrival.set(outcome);
        }
    });
}

/// Brings the part [`Part::Session`] once the page has been painted, so that nobody waits for it later.
pub(super) fn load_after_paint(deck: Deck) {
    request_animation_frame(move || set_timeout(move || load(deck, Part::Session), Duration::ZERO));
}

/// Something of the part [`Part::Session`], or how its loading goes.
#[component]
pub(super) fn Later(
    /// The page's state.
    deck: Deck,
    /// What is shown.
    shown: Shown,
) -> impl IntoView {
    move || absent(deck, Part::Session).unwrap_or_else(|| now(build(deck, shown.clone())))
}

/// The page of log files, or how its loading goes.
#[component]
pub(super) fn LaterFile(
    /// The page's state.
    deck: Deck,
    /// The file that was chosen.
    chosen: Chosen,
    /// The event whose step the address names.
    spot: Signal<Option<LogSpot>>,
) -> impl IntoView {
    load(deck, Part::Files);
    move || absent(deck, Part::Files).unwrap_or_else(|| now(build_file(chosen, spot)))
}

/// What stands in the place of a part that is not there.
fn absent(deck: Deck, part: Part) -> Option<AnyView> {
    match part.arrival(deck).get() {
        Remote::Ready(()) => None,
        Remote::Loading => {
            Some(view! { <p class="session-absent session-loading" role="status">"Loading…"</p> }.into_any())
        }
        Remote::Failed(sentence) => Some(
            view! {
                <Notice kind=NoticeKind::Problem>
                    <p>{sentence}</p>
                    <Button on_click=Callback::new(move |()| load(deck, part))>"Try again"</Button>
                    <Button on_click=Callback::new(move |()| reload())>"Reload"</Button>
                </Notice>
            }
            .into_any(),
        ),
    }
}

fn reload() {
    // Fails only for a page that may not be left.
    let _ = window().location().reload();
}

/// Everything of [`Part::Session`] is reached through this alone.
#[cfg_attr(
    feature = "split",
    leptos::wasm_split::wasm_split(later, wasm_split_path = leptos::wasm_split, preload(fetch), fallible)
)]
fn build(deck: Deck, shown: Shown) -> Result<AnyView, SplitLoaderError> {
    Ok(match shown {
        Shown::Session { key, spot } => view! { <OpenSession deck key spot/> }.into_any(),
        Shown::Connections => view! {
            <ConnectionsPanel
                connections=deck.connections
                keeping=servers::keeping()
                local_access=deck.local_access
                page_origin=address::own_origin()
                needed=api::needed_permissions
                on_add=Callback::new(move |new| servers::add(deck, new))
                on_connect=Callback::new(move |(id, token)| entering::connect(deck, id, token))
                on_remember=Callback::new(move |(id, is_remembered)| entering::remember(deck, id, is_remembered))
                on_forget=Callback::new(move |id| entering::forget(deck, id))
                on_remove=Callback::new(move |id| servers::remove(deck, id))
                on_check=Callback::new(move |id| entering::check_permissions(deck, id))
            />
        }
        .into_any(),
    })
}

/// Everything of [`Part::Files`] is reached through this alone.
#[cfg_attr(
    feature = "split",
    leptos::wasm_split::wasm_split(files, wasm_split_path = leptos::wasm_split, preload(fetch_files), fallible)
)]
fn build_file(chosen: Chosen, spot: Signal<Option<LogSpot>>) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <OpenFilePage chosen spot/> }.into_any())
}

/// What is built when its part is there: then nothing is waited for.
#[cfg(feature = "split")]
fn now(built: impl Future<Output = Result<AnyView, SplitLoaderError>>) -> AnyView {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(built).poll(&mut context) {
        Poll::Ready(Ok(view)) => view,
        Poll::Ready(Err(_)) | Poll::Pending => ().into_any(),
    }
}

#[cfg(not(feature = "split"))]
fn now(built: Result<AnyView, SplitLoaderError>) -> AnyView {
    built.unwrap_or_else(|_| ().into_any())
}

#[cfg(not(feature = "split"))]
async fn fetch() -> Result<(), SplitLoaderError> {
    Ok(())
}

#[cfg(not(feature = "split"))]
async fn fetch_files() -> Result<(), SplitLoaderError> {
    Ok(())
}
