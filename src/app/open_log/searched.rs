//! Find in a log that is not all in the page: by its server, where that can.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::deck::Deck;
use crate::app::entering::failed;
use crate::session::LogFind;
use crate::store::TaskKey;

/// How text is found in the log of a task.
pub(in crate::app) fn find(deck: Deck, key: TaskKey) -> LogFind {
    let TaskKey { connection, id } = key;
    let is_by_server = deck.connections.with_untracked(|connections| {
        let capabilities = connections.get(connection).and_then(|connection| connection.capabilities.ready());
        capabilities.is_some_and(|capabilities| capabilities.calls.outline && capabilities.calls.search)
    });
    if !is_by_server {
        return LogFind::Here;
    }
    let id = StoredValue::new(id);
    LogFind::ByServer(Callback::new(move |(query, on_answer): (_, Callback<_>)| {
        let (Some(client), Some(id)) = (deck.client(connection), id.try_get_value()) else { return };
        spawn_local(async move {
            let answer = client.search(&id, &query).await;
            let answer = answer.map_err(|failure| failed(deck, connection, &client, &failure));
            // The find bar may be gone by now.
            on_answer.try_run(answer);
        });
    }))
}
