//! The log of a task at GitHub, which comes in pages and not as a stream: what is new in them, numbered.

use std::collections::HashMap;

use agent_tasks::query::PER_PAGE_MAX;
use agent_tasks::{Event, EventBody, FromJson, SessionId, TaskId, paths};
use serde_json::Value;

use crate::api::read::read_task;
use crate::api::{Client, Failure};

/// The most new pages that are read at once; the rest is read the next time.
const PAGES_MAX: u32 = 20;
/// The most older pages that are looked at again at once, for what was pending on them.
const PAGES_AGAIN_MAX: usize = 5;

/// How far a log was read that does not come as a stream.
#[derive(Debug, Clone, Default)]
pub struct LogCursor {
    /// How many events were given out.
    pub event_count: u64,
    /// How many pages are full: the next one is where new events come.
    full_pages: u32,
    /// The full pages on which something was pending, the one that was looked at last at the end.
    pending_pages: Vec<u32>,
    /// Whether the last reading ended before the log did.
    has_more: bool,
    /// The events that were given out, and the messages with the bytes that each had.
    seen: HashMap<String, usize>,
    /// The session of the newest event, and how many there were.
    session: SessionId,
    sessions: usize,
    /// How far that session is.
    stage: Stage,
    /// The versions of the pages that are looked at again, by their numbers.
    etags: Vec<(u32, String)>,
}

/// How far a session is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    /// Asked for; nothing was said to the agent yet.
    #[default]
    Requested,
    /// The agent is up; nothing was said to it yet.
    Started,
    /// Somebody said something.
    Prompted,
    /// Over.
    Over,
}

impl LogCursor {
    /// Whether the last reading ended before the log did: the rest can be read at once.
    pub fn has_more(&self) -> bool {
        self.has_more
    }

    /// The pages to look at now: older ones on which something was pending, unless there is more to catch up
    /// with, and then those where new events come.
    fn pages(&self) -> impl Iterator<Item = u32> + use<> {
        let again_max = if self.has_more { 0 } else { PAGES_AGAIN_MAX };
        let again: Vec<u32> = self.pending_pages.iter().take(again_max).copied().collect();
        let first = self.full_pages + 1;
        again.into_iter().chain(first..first + PAGES_MAX)
    }

    fn etag(&self, page: u32) -> Option<&str> {
        self.etags.iter().find(|(known, _)| *known == page).map(|(_, etag)| etag.as_str())
    }

    /// Remembers the version of a page, where it is one that is looked at again.
    fn keep_etag(&mut self, page: u32, etag: Option<String>) {
        self.etags.retain(|(known, _)| *known != page);
        self.etags.extend(etag.map(|etag| (page, etag)));
        self.etags.retain(|(known, _)| *known > self.full_pages || self.pending_pages.contains(known));
    }

    /// A page is as it was: others have their turn before it.
    fn look_later(&mut self, page: u32) {
        if let Some(at) = self.pending_pages.iter().position(|known| *known == page) {
            self.pending_pages[at..].rotate_left(1);
        }
    }

    /// Takes page `page`, from 1, and adds to `events` what is new in it. `names` are the task's sessions, oldest
    /// first. Whether there is a next page.
    fn take(&mut self, page: u32, answer: &Value, names: &[SessionId], events: &mut Vec<Event>) -> bool {
        let rows = answer["events"].as_array().map_or(&[][..], Vec::as_slice);
        let is = |row: &Value, mark: &str| row[mark] == true;
        for row in rows.iter().filter(|row| !is(row, "dismissed") && !is(row, "pending")) {
            let Some(mut event) = Event::from_json(row) else { continue };
            if !self.is_new(&event) {
                continue;
            }
            self.enter(&event, names);
            if self.is_bootstrap(&event) {
                continue;
            }
            self.event_count += 1;
            event.seq = self.event_count;
            if event.session_id.as_str().is_empty() {
                event.session_id = self.session.clone();
            }
            events.push(event);
        }
        let is_full = rows.len() >= PER_PAGE_MAX as usize;
        self.full_pages = if is_full { self.full_pages.max(page) } else { self.full_pages };
        // What is pending comes again under the same id.
        self.pending_pages.retain(|known| *known != page);
        if is_full && rows.iter().any(|row| is(row, "pending")) {
            self.pending_pages.push(page);
        }
        let is_last = answer["total"].as_u64().is_some_and(|total| u64::from(page * PER_PAGE_MAX) >= total);
        is_full && !is_last
    }

    /// Whether an event was not given out yet. A message comes again whenever it has grown.
    fn is_new(&mut self, event: &Event) -> bool {
        let is_unseen = self.seen.insert(event.id.clone(), 0).is_none();
        let EventBody::AssistantMessage(message) = &event.body else { return is_unseen };
        if message.message_id.is_empty() {
            return is_unseen;
        }
        let (key, len) = (format!("message {}", message.message_id), message.content.len());
        let is_new = self.seen.get(&key).map_or(is_unseen, |known| len > *known);
        if is_new {
            self.seen.insert(key, len);
        }
        is_new
    }

    /// Follows the sessions: the n-th one of the log is the n-th one of the task.
    fn enter(&mut self, event: &Event, names: &[SessionId]) {
        let is_resumed = event.body.type_name() == "session.resume";
        let is_start = matches!(event.body, EventBody::SessionStart(_)) || is_resumed;
        let is_request = matches!(event.body, EventBody::SessionRequested(_));
        let is_prompt = matches!(event.body, EventBody::UserMessage(_));
        let is_next = (is_start || is_request) && self.stage != Stage::Requested;
        if self.sessions == 0 || is_next || is_prompt && self.stage == Stage::Over {
            let told = || {
                let EventBody::SessionStart(start) = &event.body else { return None };
                Some(SessionId(start.session_id.clone())).filter(|id| !id.as_str().is_empty())
            };
            let name = names.get(self.sessions).cloned().or_else(told);
            self.sessions += 1;
            self.session = name.unwrap_or_else(|| SessionId(self.sessions.to_string()));
        }
        if is_start {
            self.stage = Stage::Started;
        } else if is_request {
            self.stage = Stage::Requested;
        } else if is_prompt {
            self.stage = Stage::Prompted;
        } else if matches!(event.body, EventBody::SessionShutdown(_)) {
            self.stage = Stage::Over;
        }
    }

    /// Whether an event is one of the many of no interest with which a machine comes up.
    fn is_bootstrap(&self, event: &Event) -> bool {
        let is_coming_up = matches!(self.stage, Stage::Requested | Stage::Started);
        let EventBody::Unknown(unknown) = &event.body else { return false };
        is_coming_up && ["hook.", "system.", "session."].iter().any(|word| unknown.r#type.starts_with(word))
    }
}

impl Client {
    /// Whether GitHub tells this token logs. Asked until a log, or a task without one, has shown it.
    pub(in crate::api) async fn tells_logs(&self, id: &TaskId) -> Result<bool, Failure> {
        if let Some(known) = self.with(|memory| memory.has_log) {
            return Ok(known);
        }
        let answer = self.get(&log_page(id, 1)).await.and_then(|reply| reply.read::<Value>());
        let has_log = is_given(answer.map(|answer| answer["events"].is_array()))?;
        // Of a task that is gone, or of somebody else, there is no log even where there are logs.
        if has_log || self.can_read(id).await? {
            self.with(|memory| memory.has_log = Some(has_log));
        }
        Ok(has_log)
    }

    /// Whether the token may read a task; not asked where it was read just now.
    async fn can_read(&self, id: &TaskId) -> Result<bool, Failure> {
        if self.with(|memory| memory.sessions.as_ref().is_some_and(|(task, _)| task == id)) {
            return Ok(true);
        }
        is_given(self.get(&paths::task(id)).await.and_then(|reply| read_task(&reply.body)).map(|_| true))
    }

    /// The events that came since `cursor`.
    pub(in crate::api) async fn read_log(&self, id: &TaskId, cursor: &mut LogCursor) -> Result<Vec<Event>, Failure> {
        let names = self.with(|memory| memory.sessions.clone());
        let names = names.filter(|(task, _)| task == id).map(|(_, names)| names).unwrap_or_default();
        let mut events = Vec::new();
        let newest_full = cursor.full_pages;
        for page in cursor.pages() {
            let is_again = page <= newest_full;
            cursor.has_more = false;
            let read = self.get_if_changed(&log_page(id, page), cursor.etag(page)).await;
            match read.and_then(|reply| reply.map(|reply| Ok((reply.read::<Value>()?, reply.head.etag))).transpose()) {
                Ok(Some((answer, etag))) => {
                    let has_next = cursor.take(page, &answer, &names, &mut events);
                    cursor.keep_etag(page, etag);
                    cursor.has_more = has_next && !is_again;
                    if !has_next && !is_again {
                        break;
                    }
                }
                Ok(None) if is_again => cursor.look_later(page),
                Ok(None) => break,
                // What was read before a failure is given out; the failure shows the next time.
                Err(_) if !events.is_empty() => break,
                Err(failure) => return Err(failure),
            }
        }
        Ok(events)
    }
}

/// What an answer shows, and that a refusal shows nothing; fails where it is open.
fn is_given(answer: Result<bool, Failure>) -> Result<bool, Failure> {
    match answer {
        Err(failure) if failure.is_refusal() => Ok(false),
        answer => answer,
    }
}

fn log_page(id: &TaskId, page: u32) -> String {
    format!("{}?page={page}&per_page={PER_PAGE_MAX}", paths::events(id))
}

#[cfg(test)]
mod tests;
