//! Reads the whole list of one server, page by page, and finds out which of the known tasks it lists no more.

use std::collections::HashSet;
use std::sync::Arc;

use agent_tasks::{Task, TaskId};
use leptos::prelude::*;

use super::deck::Deck;
use super::entering::failed;
use super::feed::{complete, take_tasks};
use super::local_access;
use crate::api::{Client, Failure};
use crate::store::{ConnectionId, Remote, TaskEntry};

/// The most pages of the list that are read: 10,000 tasks.
const PAGES_MAX: u32 = 100;
/// The most tasks that are asked for one by one when the list lacks them; more are looked for in the list again.
const SINGLE_READS_MAX: usize = 5;

/// Reads the whole list into the book, and forgets what is gone.
///
/// Tasks change their places while pages are read, so one that was not listed may still be there: it is asked for
/// by itself, or looked for in a second pass where there are many.
pub(super) async fn read_list(deck: Deck, id: ConnectionId, client: &Client) -> Result<(), Failure> {
    let mut missing: Vec<Arc<TaskEntry>> = deck.book.with_untracked(|book| book.entries(id).cloned().collect());
    let Some(listed) = read_pages(deck, id, client).await? else { return Ok(()) };
    missing.retain(|entry| !listed.contains(&entry.key.id));
    if missing.len() > SINGLE_READS_MAX {
        let Some(listed) = read_pages(deck, id, client).await? else { return Ok(()) };
        missing.retain(|entry| !listed.contains(&entry.key.id));
    } else {
        missing = read_singly(deck, id, client, missing).await;
    }
    if !missing.is_empty() && deck.is_current(id, client) {
        deck.book.update(|book| book.forget_unchanged(&missing));
    }
    Ok(())
}

/// Reads all pages into the book, and gives back which tasks they tell. `None` when that proves of
/// no task that it is gone.
async fn read_pages(deck: Deck, id: ConnectionId, client: &Client) -> Result<Option<HashSet<TaskId>>, Failure> {
    let mut listed: HashSet<TaskId> = HashSet::new();
    for page in 1..=PAGES_MAX {
        let read = client.tasks(page).await;
        if !deck.is_current(id, client) {
            return Ok(None);
        }
        match read {
            Ok(page) => {
                listed.extend(page.tasks.iter().map(|task| task.id.clone()));
                take_tasks(deck, id, page.tasks.clone());
                deck.change(id, |connection| connection.reading = Remote::Ready(()));
                complete(deck, id, client, page.tasks).await;
                if !page.has_next {
                    return Ok(Some(listed));
                }
            }
            Err(failure) => {
                if failure == Failure::Unreachable {
                    local_access::look_now(deck).await;
                }
                let sentence = failed(deck, id, client, &failure);
                deck.change(id, |connection| connection.reading = Remote::Failed(sentence));
                return Err(failure);
            }
        }
    }
    // What comes after the last page that is read is not gone.
    Ok(None)
}

/// Asks for tasks one by one, and gives back those that are gone. An archived one leaves as it is taken.
async fn read_singly(
    deck: Deck,
    id: ConnectionId,
    client: &Client,
    missing: Vec<Arc<TaskEntry>>,
) -> Vec<Arc<TaskEntry>> {
    let mut gone = Vec::new();
    for entry in missing {
        match client.task(&entry.key.id).await {
            // As the list would have told it.
            Ok(task) if deck.is_current(id, client) => take_tasks(deck, id, vec![Task { sessions: None, ..task }]),
            Ok(_) => break,
            Err(Failure::NotFound(_)) => gone.push(entry),
            // Nobody knows: it stays until somebody does.
            Err(
                Failure::Unauthorized
                | Failure::Forbidden(_)
                | Failure::Refused(_)
                | Failure::RateLimited(_)
                | Failure::Server(_)
                | Failure::Unreachable
                | Failure::Unreadable
                | Failure::Closed,
            ) => break,
        }
    }
    gone
}
