//! Everything that the page knows while it is open, as signals. Made once, copied freely.

use std::collections::HashMap;

use agent_tasks::{Branch, Timestamp};
use leptos::prelude::*;
use web_sys::BroadcastChannel;

use super::feed::Feed;
use super::storage::{self, CHOICES_KEY, DRAFT_KEY, Keep};
use super::tabs;
use crate::api::Client;
use crate::connections::NewToken;
use crate::store::{
    Action, Choices, Connection, ConnectionId, Connections, Draft, LocalAccess, Remote, TaskBook, TaskKey,
};

/// The page's state.
#[derive(Clone, Copy)]
pub(super) struct Deck {
    /// The servers, and what is known of each.
    pub(super) connections: RwSignal<Connections>,
    /// What the page's host offers was read.
    pub(super) is_ready: RwSignal<bool>,
    /// The tokens that are in use; storage only mirrors them.
    pub(super) tokens: StoredValue<HashMap<ConnectionId, NewToken>>,
    /// What requests are sent with; only for servers that took their token.
    pub(super) clients: RwSignal<HashMap<ConnectionId, Client>>,
    /// What brings the news of each list; closed when it is dropped.
    pub(super) feeds: StoredValue<HashMap<ConnectionId, Feed>, LocalStorage>,
    /// Where the tabs of this browser talk to each other.
    pub(super) tabs: StoredValue<Option<BroadcastChannel>, LocalStorage>,
    /// Whether the page may ask servers on this machine.
    pub(super) local_access: RwSignal<LocalAccess>,
    /// The branches of the chosen repository.
    pub(super) branches: RwSignal<Remote<Vec<Branch>>>,
    /// The agents that the chosen repository defines.
    pub(super) custom_agents: RwSignal<Vec<String>>,
    /// The tasks.
    pub(super) book: RwSignal<TaskBook>,
    /// The task that is being written.
    pub(super) draft: RwSignal<Draft>,
    /// What came of the last start.
    pub(super) start: RwSignal<Action>,
    /// The task that was started last.
    pub(super) started: RwSignal<Option<TaskKey>>,
    /// What came of the stops that were asked for.
    pub(super) stops: RwSignal<HashMap<TaskKey, Action>>,
    /// How often something was done here that a server will tell: whoever asks servers asks then.
    pub(super) deeds: RwSignal<u32>,
    /// The present moment by this machine's clock; ticks once a second.
    pub(super) now: RwSignal<Timestamp>,
    /// Whether the part of the program with the session page is there.
    pub(super) session_part: RwSignal<Remote<()>>,
    /// Whether the part with the page of log files is there.
    pub(super) files_part: RwSignal<Remote<()>>,
}

impl Deck {
    /// The state at the page's start, with what an earlier visit left behind.
    pub(super) fn new() -> Self {
        let choices = storage::read(Keep::Device, CHOICES_KEY);
        let draft = Draft {
            prompt: storage::read(Keep::Tab, DRAFT_KEY).unwrap_or_default(),
            choices: choices.map(|text| Choices::from_text(&text)).unwrap_or_default(),
        };
        Self {
            connections: RwSignal::default(),
            is_ready: RwSignal::new(false),
            tokens: StoredValue::default(),
            clients: RwSignal::default(),
            feeds: StoredValue::new_local(HashMap::new()),
            tabs: StoredValue::new_local(tabs::open()),
            local_access: RwSignal::default(),
            branches: RwSignal::new(Remote::Loading),
            custom_agents: RwSignal::default(),
            book: RwSignal::default(),
            draft: RwSignal::new(draft),
            start: RwSignal::default(),
            started: RwSignal::new(None),
            stops: RwSignal::default(),
            deeds: RwSignal::new(0),
            now: RwSignal::new(Timestamp::from_ms(js_sys::Date::now() as i64)),
            session_part: RwSignal::new(Remote::Loading),
            files_part: RwSignal::new(Remote::Loading),
        }
    }

    /// The client of a connection that is open.
    pub(super) fn client(self, id: ConnectionId) -> Option<Client> {
        self.clients.with_untracked(|clients| clients.get(&id).cloned())
    }

    /// Whether `client` is still the one of its connection: an answer to another is of yesterday.
    pub(super) fn is_current(self, id: ConnectionId, client: &Client) -> bool {
        self.clients.with_untracked(|clients| clients.get(&id) == Some(client))
    }

    /// Changes what is known of a server, and tells nobody when nothing changed.
    pub(super) fn change(self, id: ConnectionId, change: impl FnOnce(&mut Connection)) {
        let known = self.connections.with_untracked(|connections| connections.get(id).cloned());
        let Some(mut connection) = known else { return };
        let before = connection.clone();
        change(&mut connection);
        if connection != before {
            self.connections.update(|connections| {
                if let Some(place) = connections.get_mut(id) {
                    *place = connection;
                }
            });
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
        self.now.set(Timestamp::from_ms(js_sys::Date::now() as i64));
    }
}
