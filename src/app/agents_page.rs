//! The Agents page, wired: the prompt field above the list.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::actions;
use super::deck::Deck;
use super::list_wiring::read_list;
use crate::store::status::Group;
use crate::store::{Connection, Remote};
use crate::tasks::{PromptForm, TaskList};
use crate::ui::{Notice, NoticeKind, memo};
use agent_tasks::paths;

/// The page at `/`.
#[component]
pub(super) fn AgentsPage(
    /// The page's state.
    deck: Deck,
) -> impl IntoView {
    let is_connected = Signal::derive(move || deck.connection.with(Connection::is_open));
    let is_worth_listing = memo(move || is_connected.get() || deck.book.with(|book| !book.is_empty()));
    let on_reload = Callback::new(move |()| {
        deck.reading.set(Remote::Loading);
        if let Some(client) = deck.client.get_untracked() {
            spawn_local(read_list(deck, client));
        }
    });
    let waiting_count = memo(move || deck.book.with(|book| book.rows(Group::NeedsYou).len()));
    Effect::new(move |_| {
        document().set_title(&match waiting_count.get() {
            0 => "Agents · Flightdeck".to_owned(),
            count => format!("({count}) Agents · Flightdeck"),
        });
    });
    let started = move || {
        deck.started.get().map(|id| {
            let name = deck.book.with(|book| book.task(&id).map(|task| task.name.clone()));
            view! {
                <Notice kind=NoticeKind::Success>
                    <p>
                        "Started: "
                        <a href=paths::task_page(&id)>{name.unwrap_or_else(|| "the task".to_owned())}</a>
                    </p>
                </Notice>
            }
        })
    };
    on_cleanup(move || deck.started.set(None));
    view! {
        <h1 class="visually-hidden">"Agents"</h1>
        <PromptForm
            draft=deck.draft
            is_connected
            repositories=deck.repositories
            branches=deck.branches
            capabilities=deck.capabilities
            start=deck.start
            on_draft=Callback::new(move |draft| deck.set_draft(draft))
            on_start=Callback::new(move |asked| actions::start(deck, asked))
        />
        {started}
        <Show when=move || is_worth_listing.get()>
            <TaskList
                book=deck.book
                reading=deck.reading
                link=deck.link
                capabilities=deck.capabilities
                now=deck.now
                stops=deck.stops
                started=deck.started
                on_stop=Callback::new(move |id| actions::stop(deck, id))
                on_reload
            />
        </Show>
    }
}
