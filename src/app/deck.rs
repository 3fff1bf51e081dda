//! Everything that the page knows while it is open, as signals. Made once, copied freely.

use std::collections::HashMap;

use agent_tasks::{Branch, Capabilities, Repository, TaskId, Timestamp};
use leptos::prelude::*;

use super::storage::{self, CHOICES_KEY, DRAFT_KEY, Keep};
use crate::api::Client;
use crate::store::{Action, Choices, Connection, Draft, Link, Remote, TaskBook};

/// The page's state.
#[derive(Clone, Copy)]
pub(super) struct Deck {
    /// The server's address; never changes while the page is open.
    pub(super) base: StoredValue<String>,
    /// The page's standing with the server.
    pub(super) connection: RwSignal<Connection>,
    /// What requests are sent with; absent until a token was accepted. Loads and streams follow it.
    pub(super) client: RwSignal<Option<Client>>,
    /// What the server can do.
    pub(super) capabilities: RwSignal<Remote<Capabilities>>,
    /// What there is to work on.
    pub(super) repositories: RwSignal<Remote<Vec<Repository>>>,
    /// The branches of the chosen repository.
    pub(super) branches: RwSignal<Remote<Vec<Branch>>>,
    /// The tasks.
    pub(super) book: RwSignal<TaskBook>,
    /// Whether the list was read.
    pub(super) reading: RwSignal<Remote<()>>,
    /// How the list's stream is doing.
    pub(super) link: RwSignal<Link>,
    /// The task that is being written.
    pub(super) draft: RwSignal<Draft>,
    /// What came of the last start.
    pub(super) start: RwSignal<Action>,
    /// The task that was started last.
    pub(super) started: RwSignal<Option<TaskId>>,
    /// What came of the stops that were asked for.
    pub(super) stops: RwSignal<HashMap<TaskId, Action>>,
    /// The present moment by the server's clock; ticks once a second.
    pub(super) now: RwSignal<Timestamp>,
    /// How far the server's clock is ahead of ours, in milliseconds.
    pub(super) clock_lead_ms: StoredValue<i64>,
}

impl Deck {
    /// The state at the page's start, with what an earlier visit left behind.
    pub(super) fn new(base: String) -> Self {
        let choices = storage::read(Keep::Device, CHOICES_KEY);
        let draft = Draft {
            prompt: storage::read(Keep::Tab, DRAFT_KEY).unwrap_or_default(),
            choices: choices.map(|text| Choices::from_text(&text)).unwrap_or_default(),
        };
        Self {
            base: StoredValue::new(base),
            connection: RwSignal::new(Connection::Pairing),
            client: RwSignal::new(None),
            capabilities: RwSignal::new(Remote::Loading),
            repositories: RwSignal::new(Remote::Loading),
            branches: RwSignal::new(Remote::Loading),
            book: RwSignal::default(),
            reading: RwSignal::new(Remote::Loading),
            link: RwSignal::default(),
            draft: RwSignal::new(draft),
            start: RwSignal::default(),
            started: RwSignal::new(None),
            stops: RwSignal::default(),
            now: RwSignal::new(Timestamp::from_ms(js_sys::Date::now() as i64)),
            clock_lead_ms: StoredValue::new(0),
        }
    }

    /// Takes what was typed or chosen, and keeps it for the next visit.
    pub(super) fn set_draft(self, draft: Draft) {
        storage::write(Keep::Tab, DRAFT_KEY, &draft.prompt);
        storage::write(Keep::Device, CHOICES_KEY, &draft.choices.to_text());
        self.draft.set(draft);
    }

    /// Moves the clock on.
    pub(super) fn tick(self) {
        let ms = js_sys::Date::now() as i64 + self.clock_lead_ms.get_value();
        self.now.set(Timestamp::from_ms(ms));
    }
}
