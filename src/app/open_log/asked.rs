//! The log of a server without a stream: asked whether it tells logs at all, and then for what is new.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use session_log::LogDocument;

use super::{OpenLog, Whose, fold};
use crate::api::{Failure, LogCursor};
use crate::app::entering::{failed, note_budget};
use crate::app::feed::{DELAY_MS_MAX, delay_after};
use crate::live::Poll;
use crate::store::{Link, LogPlace};

/// Asks again and again; `is_active` tells whether the task is at work.
pub(super) fn open(whose: Whose, is_active: Memo<bool>, log: OpenLog) -> Poll {
    log.document.set(LogDocument::default());
    let cursor = Rc::new(RefCell::new(LogCursor::default()));
    Poll::start(async move || {
        let read = read_log(&whose, &cursor, log).await;
        note_budget(whose.deck, whose.connection, &whose.client);
        let is_active = is_active.try_get_untracked() == Some(true);
        match read {
            Ok(LogPlace::Here) if cursor.borrow().has_more() => 0,
            Ok(LogPlace::Here | LogPlace::Asking) => whose.client.poll_delay_ms(is_active),
            // Nothing will come of asking again.
            Ok(LogPlace::Elsewhere) => DELAY_MS_MAX,
            Err(failure) => {
                log.link.try_set(Link::Reconnecting);
                failed(whose.deck, whose.connection, &whose.client, &failure);
                delay_after(&whose.client, &failure, is_active)
            }
        }
    })
}

async fn read_log(whose: &Whose, cursor: &RefCell<LogCursor>, log: OpenLog) -> Result<LogPlace, Failure> {
    let Whose { client, id, .. } = whose;
    if !client.has_log(id).await? {
        log.place.try_set(LogPlace::Elsewhere);
        // There is nothing to wait for.
        log.link.try_set(Link::Live);
        return Ok(LogPlace::Elsewhere);
    }
    log.place.try_set(LogPlace::Here);
    let mut at = cursor.borrow().clone();
    let events = client.log_since(id, &mut at).await?;
    *cursor.borrow_mut() = at;
    if !events.is_empty() {
        log.document.try_update(|document| fold(document, &events));
    }
    log.link.try_set(Link::Live);
    Ok(LogPlace::Here)
}
