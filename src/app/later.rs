//! What is loaded after the first paint: the session page and the panel of the connections. The build
//! makes a second part of the program of everything that only [`build`] reaches (`docs/size.md` tells how).
//! Without the feature `split` there is one part, and what is asked for is there at once.

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
use super::open_session::OpenSession;
use super::{address, entering, servers};
use crate::api;
use crate::connections::ConnectionsPanel;
use crate::store::{LogSpot, Remote, TaskKey};
use crate::ui::{Button, Notice, NoticeKind};

/// What is said when the second part does not come.
const NOT_LOADED: &str = "This part of the page could not be loaded. You may be offline, or there is a new version of the page: try again, or reload it.";

/// Something of the second part.
#[derive(Clone)]
pub(super) enum Part {
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

/// Brings the second part, unless it is there or on its way.
pub(super) fn load(deck: Deck) {
    if deck.later.with_untracked(|later| matches!(later, Remote::Failed(_))) {
        deck.later.set(Remote::Loading);
    }
    spawn_local(async move {
        let outcome = match fetch().await {
            Ok(()) => Remote::Ready(()),
            Err(_) => Remote::Failed(NOT_LOADED.to_owned()),
        };
        // What is shown is not made anew when nothing changed.
        if deck.later.with_untracked(|later| *later != outcome) {
            deck.later.set(outcome);
        }
    });
}

/// Brings the second part once the first has been painted, so that nobody waits for it later.
pub(super) fn load_after_paint(deck: Deck) {
    request_animation_frame(move || set_timeout(move || load(deck), Duration::ZERO));
}

/// Something of the second part, or how its loading goes.
#[component]
pub(super) fn Later(
    /// The page's state.
    deck: Deck,
    /// What is shown.
    part: Part,
) -> impl IntoView {
    move || match deck.later.get() {
        Remote::Ready(()) => build_now(deck, part.clone()),
        Remote::Loading => view! { <p class="session-absent session-loading" role="status">"Loading…"</p> }.into_any(),
        Remote::Failed(sentence) => view! {
            <Notice kind=NoticeKind::Problem>
                <p>{sentence}</p>
                <Button on_click=Callback::new(move |()| load(deck))>"Try again"</Button>
                <Button on_click=Callback::new(move |()| reload())>"Reload"</Button>
            </Notice>
        }
        .into_any(),
    }
}

fn reload() {
    // Fails only for a page that may not be left.
    let _ = window().location().reload();
}

/// Everything that is loaded later is reached through this alone.
#[cfg_attr(
    feature = "split",
    leptos::wasm_split::wasm_split(later, wasm_split_path = leptos::wasm_split, preload(fetch), fallible)
)]
fn build(deck: Deck, part: Part) -> Result<AnyView, SplitLoaderError> {
    Ok(match part {
        Part::Session { key, spot } => view! { <OpenSession deck key spot/> }.into_any(),
        Part::Connections => view! {
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

/// What [`build`] makes; for when the second part is there: then nothing is waited for.
#[cfg(feature = "split")]
fn build_now(deck: Deck, part: Part) -> AnyView {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(build(deck, part)).poll(&mut context) {
        Poll::Ready(Ok(view)) => view,
        Poll::Ready(Err(_)) | Poll::Pending => ().into_any(),
    }
}

#[cfg(not(feature = "split"))]
fn build_now(deck: Deck, part: Part) -> AnyView {
    build(deck, part).unwrap_or_else(|_| ().into_any())
}

#[cfg(not(feature = "split"))]
async fn fetch() -> Result<(), SplitLoaderError> {
    Ok(())
}
