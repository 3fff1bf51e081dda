//! The Agents page, wired: the prompt field above the list.

use leptos::prelude::*;

use super::actions;
use super::deck::Deck;
use super::feed::reopen;
use crate::store::status::Group;
use crate::store::{ConnectionId, Connections, TaskBook};
use crate::tasks::{PromptForm, TaskList};
use crate::ui::{Notice, NoticeKind, memo};

/// The page of all tasks.
#[component]
pub(super) fn AgentsPage(
    /// The page's state.
    deck: Deck,
) -> impl IntoView {
    let waiting_count = memo(move || deck.book.with(|book| book.rows(Group::NeedsYou).len()));
    Effect::new(move |_| {
        document().set_title(&match waiting_count.get() {
            0 => "Agents · Flightdeck".to_owned(),
            count => format!("({count}) Agents · Flightdeck"),
        });
    });
    view! {
        <h1 class="visually-hidden">"Agents"</h1>
        <TaskOverview deck book=deck.book asked=deck.connections on_reload=Callback::new(move |id| reopen(deck, id))/>
    }
}

/// The prompt field, and the tasks of a book.
#[component]
pub(super) fn TaskOverview(
    /// The page's state.
    deck: Deck,
    /// The tasks to list.
    book: RwSignal<TaskBook>,
    /// The servers that were asked for them, each with what came of that.
    #[prop(into)]
    asked: Signal<Connections>,
    /// They should be read again.
    on_reload: Callback<ConnectionId>,
) -> impl IntoView {
    let is_connected = memo(move || deck.connections.with(|connections| connections.open().next().is_some()));
    let is_worth_listing = memo(move || is_connected.get() || book.with(|book| !book.is_empty()));
    let started = move || {
        deck.started.get().map(|key| {
            let name = deck.book.with_untracked(|book| book.entry(&key).map(|entry| entry.task.name.clone()));
            let address = deck.connections.with_untracked(|connections| connections.address_of(&key).fragment());
            view! {
                <Notice kind=NoticeKind::Success>
                    <p>"Started: " <a href=address>{name.unwrap_or_else(|| "the task".to_owned())}</a></p>
                </Notice>
            }
        })
    };
    on_cleanup(move || deck.started.set(None));
    view! {
        <PromptForm
            draft=deck.draft
            connections=deck.connections
            branches=deck.branches
            custom_agents=deck.custom_agents
            start=deck.start
            on_draft=Callback::new(move |draft| deck.set_draft(draft))
            on_start=Callback::new(move |asked| actions::start(deck, asked))
        />
        {started}
        <Show when=move || is_worth_listing.get()>
            <TaskList
                book
                connections=deck.connections
                asked
                now=deck.now
                stops=deck.stops
                started=deck.started
                on_stop=Callback::new(move |key| actions::stop(deck, key))
                on_reload
            />
        </Show>
    }
}
