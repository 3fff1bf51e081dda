//! The stream of a log, from whatever is in the document on.

use agent_tasks::Event;
use agent_tasks::paths::{self, stream};
use leptos::prelude::*;
use session_log::LogDocument;

use super::folded::log_event;
use super::{OpenLog, Whose};
use crate::api::Failure;
use crate::app::entering::failed;
use crate::live::{EventStream, Frames, News, Source};
use crate::store::{Link, LogPlace};

/// Streams the whole log, or what is missing of it.
pub(super) fn open(whose: Whose, log: OpenLog, frames: Frames<Event>) -> EventStream {
    open_with(whose, log, frames, move || drop(log.document.try_set(LogDocument::default())))
}

/// Streams what comes after what is in the document; `on_reset` when that is not of this log (any more).
pub(super) fn open_with(
    whose: Whose,
    log: OpenLog,
    frames: Frames<Event>,
    on_reset: impl Fn() + 'static,
) -> EventStream {
    let Whose { deck, connection, client, id } = whose;
    log.place.set(LogPlace::Here);
    let source = Source {
        url: client.url(&paths::events(&id)),
        token: client.token().to_owned(),
        last_event_id: resume_id(log.document.with_untracked(LogDocument::last_seq)),
    };
    EventStream::open(source, move |news| match news {
        News::Opened => drop(log.link.try_set(Link::Live)),
        News::Cut => drop(log.link.try_set(Link::Reconnecting)),
        News::Refused(status) => {
            let sentence = failed(deck, connection, &client, &Failure::from_answer(status, None, ""));
            log.failure.try_set(Some(sentence));
        }
        News::Event(event) if event.name == stream::RESET => {
            frames.clear();
            on_reset();
        }
        News::Event(event) if event.name == stream::EVENT => frames.push(log_event(&event)),
        // A heartbeat, or something of a newer server.
        News::Event(_) => {}
    })
}

/// Nothing read yet means: from the start.
pub(super) fn resume_id(last_seq: u64) -> Option<String> {
    (last_seq > 0).then(|| last_seq.to_string())
}
