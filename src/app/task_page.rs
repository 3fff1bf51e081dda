//! The page that an address of a task leads to: the task, once its server was connected, or the way there.

use leptos::prelude::*;

use super::deck::Deck;
use super::later::{self, Later, Part, Shown};
use super::open_session::key_of;
use super::way_in::WayIn;
use crate::store::{LogSpot, TaskAddress, TaskKey};
use crate::ui::memo;

/// A task's page, or the way to its server.
#[component]
pub(super) fn TaskPage(
    /// The page's state.
    deck: Deck,
    /// Which task, where.
    address: TaskAddress,
    /// The place in its log that is meant.
    spot: Signal<Option<LogSpot>>,
) -> impl IntoView {
    let base = address.server.clone();
    let key = memo(move || if deck.is_ready.get() { key_of(deck, &address) } else { None });
    let connection = Signal::derive(move || key.with(|key| key.as_ref().map(|key| key.connection)));
    // A task that was shown stays in sight when its server refuses the token.
    let shown = Memo::new(move |before: Option<&Option<TaskKey>>| {
        let is_open = deck.connections.with(|connections| {
            connection.get().and_then(|id| connections.get(id)).is_some_and(crate::store::Connection::is_open)
        });
        let known = key.get();
        if is_open { known } else { before.cloned().flatten().filter(|before| Some(before) == known.as_ref()) }
    });
    later::load(deck, Part::Session);
    view! {
        <WayIn deck what="task" base connection/>
        {move || shown.get().map(|key| view! { <Later deck shown=Shown::Session { key, spot }/> })}
    }
}
