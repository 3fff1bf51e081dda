//! Finds in the log of the open task: by its server where it can, in what the page holds otherwise.

use agent_tasks::{SearchQuery, SearchWindow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::deck::Deck;
use super::entering::{failed, note_budget};
use crate::api::Client;
use crate::session::LogFind;
use crate::store::TaskKey;
use crate::ui::memo;

/// What is said while there is no way to the server.
const NO_SERVER: &str = "The server of this task is not connected. Connect to it, then press Enter to search again.";

/// How text is found in the log of a task.
pub(super) fn log_find(deck: Deck, key: TaskKey, client: Memo<Option<Client>>) -> Signal<LogFind> {
    let TaskKey { connection, id } = key;
    let ask = Callback::new(move |(query, on_answer): (SearchQuery, Callback<Result<SearchWindow, String>>)| {
        let Some(client) = client.get_untracked() else {
            on_answer.run(Err(NO_SERVER.to_owned()));
            return;
        };
        let id = id.clone();
        spawn_local(async move {
            let outcome = client.search(&id, &query).await;
            note_budget(deck, connection, &client);
            let answer = outcome.map_err(|failure| failed(deck, connection, &client, &failure));
            // The page may be gone by now.
            on_answer.try_run(answer);
        });
    });
    let is_asked = memo(move || {
        deck.connections.with(|connections| {
            let capabilities = connections.get(connection).and_then(|connection| connection.capabilities.ready());
            capabilities.is_some_and(|capabilities| capabilities.calls.outline && capabilities.calls.search)
        })
    });
    Signal::derive(move || if is_asked.get() { LogFind::ByServer(ask) } else { LogFind::Here })
}
