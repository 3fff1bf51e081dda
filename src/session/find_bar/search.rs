//! The search that goes on in a log: what is searched for and what was found. The find bar, the outline and the keys
//! share it.

use leptos::html::{Input, Section};
use leptos::prelude::*;
use session_log::{BadQuery, DocumentId, FindOptions, Finder, Fold, Hit, LogDocument, Query};
use web_sys::HtmlElement;

use super::aim::Goal;
use super::asking::Asking;
use super::found::FoundHits;
use super::local::Slicing;
use super::marks::SearchedRows;
use crate::session::log_view::{LogContext, LogFind, LogScreen};
use crate::store::LogChoices;
use crate::ui::memo;

/// A search in a log.
#[derive(Clone, Copy)]
pub struct LogSearch {
    pub(super) context: LogContext,
    pub(super) screen: LogScreen,
    /// The log with everything around it.
    pub panel: NodeRef<Section>,
    /// What was typed.
    pub text: RwSignal<String>,
    /// What was found.
    pub found: RwSignal<FoundHits>,
    /// What was said last, for people who do not see it.
    pub said: RwSignal<String>,
    /// Where the text is typed.
    pub(super) field: NodeRef<Input>,
    /// What is searched for, once that makes sense.
    pub(super) query: RwSignal<Option<Query>>,
    /// Why nothing can be searched for, or why nothing more is found.
    pub(super) problem: RwSignal<Option<String>>,
    /// Where to go as soon as that is known.
    pub(super) goal: StoredValue<Option<Goal>>,
    /// A hit whose row is not there yet.
    pub(super) awaited: StoredValue<Option<Hit>>,
    /// Whether what a row shows only when it is asked to is opened for the hit that is gone to.
    pub(super) has_unfolded: StoredValue<bool>,
    /// The step that was opened because of the hit in it, and how it was folded before.
    pub(super) opened: StoredValue<Option<(usize, Fold)>>,
    /// The hit at which a text that is typed on was found before.
    pub(super) origin: StoredValue<Option<Hit>>,
    /// How the text is meant.
    options: Memo<FindOptions>,
    /// Whether the server searches.
    is_asked: Memo<bool>,
    /// Whether the bar opens without taking the focus.
    pub(super) is_quiet: StoredValue<bool>,
    /// The search in the page.
    pub(super) finder: StoredValue<Option<Finder>, LocalStorage>,
    /// How it is doing.
    pub(super) slicing: StoredValue<Slicing>,
    /// The search by the server.
    pub(super) asking: StoredValue<Asking>,
    /// Counts the queries; what belongs to an older one is dropped.
    pub(super) round: StoredValue<u64>,
    /// The rows near the screen, searched for marks.
    pub(super) searched: StoredValue<SearchedRows, LocalStorage>,
    /// Owns what outlives a change of the query. It owns this too: a strong reference would keep it for ever.
    pub(super) owner: StoredValue<Option<WeakOwner>>,
    /// Whether the field takes the focus when it appears.
    pub(super) is_field_awaited: StoredValue<bool>,
    /// What had the focus before the find bar.
    pub(super) before: StoredValue<Option<HtmlElement>, LocalStorage>,
}

impl LogSearch {
    /// A search that has not begun.
    pub fn new(context: LogContext, screen: LogScreen) -> Self {
        let search = Self {
            context,
            screen,
            panel: NodeRef::new(),
            text: RwSignal::default(),
            found: RwSignal::default(),
            said: RwSignal::default(),
            is_asked: memo(move || matches!(context.find.get(), LogFind::ByServer(_))),
            is_quiet: StoredValue::new(false),
            field: NodeRef::new(),
            query: RwSignal::new(None),
            problem: RwSignal::new(None),
            goal: StoredValue::new(None),
            awaited: StoredValue::new(None),
            has_unfolded: StoredValue::new(true),
            opened: StoredValue::new(None),
            origin: StoredValue::new(None),
            options: memo(move || {
                context.choices.with(|choices| FindOptions {
                    is_case_sensitive: choices.find_case,
                    is_whole_word: choices.find_word,
                    is_regex: choices.find_regex,
                })
            }),
            finder: StoredValue::new_local(None),
            slicing: StoredValue::new(Slicing::default()),
            asking: StoredValue::new(Asking::default()),
            round: StoredValue::new(0),
            searched: StoredValue::new_local(SearchedRows::default()),
            owner: StoredValue::new(Owner::current().map(|owner| owner.downgrade())),
            is_field_awaited: StoredValue::new(false),
            before: StoredValue::new_local(None),
        };
        Effect::new(move |_| search.start());
        Effect::new(move |was_open: Option<bool>| {
            let is_open = context.is_finding.get();
            if is_open && was_open != Some(true) {
                search.on_opened();
            }
            is_open
        });
        // Before the next key is heard: what is typed right after the bar was opened is not lost.
        Effect::new(move |_| {
            if search.field.get().is_some() && search.is_field_awaited.try_update_value(std::mem::take) == Some(true) {
                search.focus_field();
            }
        });
        Effect::new(move |before: Option<DocumentId>| {
            let id = context.document.with(LogDocument::id);
            if before.is_some_and(|before| before != id) {
                search.forget_found();
            }
            search.go_on();
            search.look_again();
            id
        });
        search
    }

    /// Says something to people who do not see the page.
    pub fn say(self, sentence: String) {
        // The same sentence again is news too.
        let is_same = self.said.with_untracked(|said| *said == sentence);
        self.said.set(if is_same { sentence + "\u{a0}" } else { sentence });
    }

    /// How the reader likes logs.
    pub(super) fn choices(self) -> RwSignal<LogChoices> {
        self.context.choices
    }

    /// Begins a search for what is typed now; tells again when that changes.
    fn start(self) {
        let (options, text, is_open) = (self.options.get(), self.text.get(), self.is_open().get());
        self.round.update_value(|round| *round += 1);
        self.finder.set_value(None);
        self.slicing.set_value(Slicing::default());
        self.asking.set_value(Asking::default());
        let query = if is_open { Query::new(&text, options) } else { Err(BadQuery::Empty) };
        self.problem.set(match &query {
            Ok(_) | Err(BadQuery::Empty) => None,
            Err(problem) => Some(problem.to_string()),
        });
        let query = query.ok();
        // The next search begins at the hit of this one.
        let origin = self.found.with_untracked(FoundHits::present).filter(|hit| self.is_near(hit));
        let here = self.screen.frame().with_untracked(|frame| frame.first_seen()).map(|row| row.step);
        let from = origin.map(|hit| hit.step).or(here).unwrap_or_default();
        self.origin.set_value(origin);
        self.goal.set_value(query.is_some().then_some(Goal::After(from)));
        self.query.set(query.clone());
        if let (false, Some(query)) = (self.is_asked.get(), query) {
            self.finder.set_value(Some(Finder::new(query)));
        }
        self.found.set(FoundHits::default());
        self.go_on();
    }

    /// The log was begun anew: what was found in the one before does not hold for it. Nobody is taken elsewhere by that.
    fn forget_found(self) {
        self.round.update_value(|round| *round += 1);
        self.slicing.set_value(Slicing::default());
        self.asking.set_value(Asking::default());
        self.goal.set_value(None);
        self.origin.set_value(None);
        self.awaited.set_value(None);
        self.opened.set_value(None);
        self.found.set(FoundHits::default());
    }

    /// Searches on, by whoever searches.
    fn go_on(self) {
        match self.context.find.get_untracked() {
            LogFind::Here => self.search_on(),
            LogFind::ByServer(ask) => self.ask_on(ask),
        }
    }

    /// Finds out which hit has this rank.
    pub(super) fn learn(self, rank: usize) {
        match self.context.find.get_untracked() {
            LogFind::Here => self.find_out(rank),
            LogFind::ByServer(ask) => self.ask_for(ask, rank),
        }
    }

    /// The same for a hit that is shown without being gone to.
    pub(super) fn learn_later(self, rank: usize) {
        queue_microtask(move || {
            let is_unknown = self.found.try_with_untracked(|found| found.hit(rank).is_none()) == Some(true);
            if is_unknown && !self.is_untold(rank) {
                self.learn(rank);
            }
        });
    }

    pub(super) fn ask_again(self) {
        match self.context.find.get_untracked() {
            LogFind::Here => {}
            LogFind::ByServer(ask) => self.ask_for(ask, 0),
        }
    }
}
