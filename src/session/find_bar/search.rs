//! The search that goes on in a log: what is searched for, what was found, and where the reader is taken. The find
//! bar, the outline and the keys share it.

use leptos::html::{Input, Section};
use leptos::prelude::*;
use session_log::{BadQuery, FindOptions, Finder, Fold, HITS_KEPT_MAX, Hit, Query};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::aim::{Aim, Goal, Way};
use super::asking::Asking;
use super::found::FoundHits;
use super::marks::SearchedRows;
use crate::session::log_view::{LogContext, LogFind, LogScreen};
use crate::session::seen_rows::{header_of, place_in_step};
use crate::store::LogChoices;
use crate::ui::{grouped, memo};

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
    awaited: StoredValue<Option<Hit>>,
    /// The step that was opened because of the hit in it, and how it was folded before.
    opened: StoredValue<Option<(usize, Fold)>>,
    /// The hit at which a text that is typed on was found before.
    origin: StoredValue<Option<Hit>>,
    /// How the text is meant.
    options: Memo<FindOptions>,
    /// Whether the server searches.
    is_asked: Memo<bool>,
    /// Whether the bar opens without taking the focus.
    is_quiet: StoredValue<bool>,
    /// The search in the page.
    pub(super) finder: StoredValue<Option<Finder>, LocalStorage>,
    /// The search by the server.
    pub(super) asking: StoredValue<Asking>,
    /// Counts the queries; what belongs to an older one is dropped.
    pub(super) round: StoredValue<u64>,
    /// The rows near the screen, searched for marks.
    pub(super) searched: StoredValue<SearchedRows, LocalStorage>,
    /// Owns what outlives a change of the query. It owns this too: a strong reference would keep it for ever.
    pub(super) owner: StoredValue<Option<WeakOwner>>,
    /// Whether the field takes the focus when it appears.
    is_field_awaited: StoredValue<bool>,
    /// What had the focus before the find bar.
    before: StoredValue<Option<HtmlElement>, LocalStorage>,
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
        Effect::new(move |_| {
            context.document.track();
            search.go_on();
            search.look_again();
        });
        search
    }

    /// Whether the browser's own find is meant: the field has the focus already.
    pub fn is_in_field(self) -> bool {
        let focused = document().active_element();
        focused.is_some() && focused == self.field.get_untracked().map(Into::into)
    }

    /// Whether the find bar is there.
    pub fn is_open(self) -> RwSignal<bool> {
        self.context.is_finding
    }

    /// Opens the find bar, with the focus in its field.
    pub fn open(self) {
        if self.is_open().get_untracked() {
            self.focus_field();
        } else {
            self.is_open().set(true);
        }
    }

    /// Closes the find bar and gives the focus back.
    pub fn close(self) {
        self.is_open().set(false);
        if let Some(before) = self.before.try_update_value(Option::take).flatten() {
            let _ = before.focus();
        }
    }

    fn on_opened(self) {
        let focused = document().active_element().and_then(|element| element.dyn_into().ok());
        self.before.set_value(focused);
        if self.is_quiet.try_update_value(std::mem::take) != Some(true) {
            self.focus_field();
        }
    }

    /// Goes to the next or the previous hit: from the one that is looked at while it is near the screen, otherwise
    /// from where one reads. Opens the bar where it was closed.
    pub fn step(self, way: Way) {
        if !self.is_open().get_untracked() {
            self.is_quiet.set_value(!self.text.with_untracked(String::is_empty));
            return self.open();
        }
        if self.problem.with_untracked(Option::is_some) && self.query.with_untracked(Option::is_some) {
            self.problem.set(None);
            self.ask_again();
        }
        let present = self.found.with_untracked(FoundHits::present);
        let is_near = present.is_some_and(|hit| self.is_near(&hit));
        let beside = self.found.with_untracked(|found| found.beside(way)).filter(|_| is_near);
        let reader = self.screen.frame().with_untracked(|frame| frame.first_seen()).map_or(0, |row| row.step);
        let goal = beside.unwrap_or(match way {
            Way::Next => Goal::After(reader),
            Way::Previous => Goal::Before(reader),
        });
        self.goal.set_value(Some(goal));
        self.origin.set_value(None);
        self.pursue();
    }

    /// Goes to the hit of a rank.
    pub fn go_to_rank(self, rank: usize) {
        self.goal.set_value(Some(Goal::Rank { rank, is_wrapped: false }));
        self.pursue();
    }

    /// Says something to people who do not see the page.
    pub fn say(self, sentence: String) {
        // The same sentence again is news too.
        let is_same = self.said.with_untracked(|said| *said == sentence);
        self.said.set(if is_same { sentence + "\u{a0}" } else { sentence });
    }

    /// Goes where the reader wants to be taken, if that is known by now.
    pub(super) fn pursue(self) {
        let Some(goal) = self.goal.get_value() else { return };
        let here = self.screen.frame().with_untracked(|frame| frame.first_seen());
        let origin = self.origin.get_value();
        let aim = self.found.with_untracked(|found| {
            self.screen.with_layout(|layout| {
                found.aim(goal, |hit| match (origin, here) {
                    // A text that is typed on is found where its beginning was.
                    (Some(origin), _) if origin.step == hit.step => *hit < origin,
                    (_, Some(here)) if here.step == hit.step => {
                        layout.row_showing(hit).is_some_and(|row| place_in_step(row) < place_in_step(here))
                    }
                    (_, Some(_) | None) => false,
                })
            })
        });
        match aim {
            Aim::Hit { rank, is_wrapped } => {
                self.goal.set_value(None);
                let hit = self.found.try_update(|found| found.choose(rank)).flatten();
                if let Some(hit) = hit {
                    self.show(hit);
                    self.say(self.place_in_words(is_wrapped.then_some(goal)));
                }
            }
            Aim::Unknown(rank) => self.learn(rank),
            Aim::NotYet => {}
            Aim::Nothing => {
                self.goal.set_value(None);
                self.say("Nothing found".to_owned());
            }
        }
    }

    /// Brings a hit to the screen; opens its step where it must, and closes the one that was opened for the hit before.
    fn show(self, hit: Hit) {
        let mut row = None;
        let opened = self.opened.get_value();
        let passed = opened.filter(|(step, _)| *step != hit.step);
        self.screen.arrange(self.context, |layout, document| {
            if let Some((step, fold)) = passed.filter(|(step, _)| layout.fold(*step) == Fold::Open) {
                layout.set_fold(document, step, fold);
            }
            let fold = layout.fold(hit.step);
            row = layout.row_of_hit(document, &hit);
            let is_opened = fold != layout.fold(hit.step);
            let still = opened.filter(|(step, _)| *step == hit.step);
            self.opened.set_value(if is_opened { Some((hit.step, fold)) } else { still });
        });
        match row {
            Some(row) => self.screen.reveal(self.context, row),
            // Its step is not loaded: its header comes first.
            None => {
                self.awaited.set_value(Some(hit));
                self.screen.reveal(self.context, header_of(hit.step));
            }
        }
    }

    /// Looks again for the row of a hit that was not there.
    fn look_again(self) {
        let Some(hit) = self.awaited.get_value() else { return };
        let is_present = self.found.with_untracked(|found| found.present() == Some(hit));
        // Whoever has scrolled on is not taken back.
        let is_here = self.screen.frame().with_untracked(|frame| frame.has(header_of(hit.step)));
        if !is_present || !is_here {
            self.awaited.set_value(None);
        } else if self.screen.with_layout(|layout| layout.row_showing(&hit).is_some()) {
            self.awaited.set_value(None);
            self.show(hit);
        }
    }

    /// Whether a hit's row, or its folded step's header, is near the screen.
    fn is_near(self, hit: &Hit) -> bool {
        let row = self.screen.with_layout(|layout| layout.row_showing(hit));
        row.is_some_and(|row| self.screen.frame().with_untracked(|frame| frame.has(row)))
    }

    /// How the reader likes logs.
    pub(super) fn choices(self) -> RwSignal<LogChoices> {
        self.context.choices
    }

    /// Gives the focus to the list of hits.
    pub(super) fn focus_list(self) {
        let panel = self.panel.try_get_untracked().flatten();
        let list = panel.and_then(|panel| panel.query_selector(".hit-list").ok().flatten());
        if let Some(list) = list.and_then(|list| list.dyn_into::<HtmlElement>().ok()) {
            let _ = list.focus();
        }
    }

    fn focus_field(self) {
        match self.field.try_get_untracked().flatten().filter(|field| field.is_connected()) {
            Some(field) => {
                let _ = field.focus();
                field.select();
            }
            None => self.is_field_awaited.set_value(true),
        }
    }

    /// Begins a search for what is typed now; tells again when that changes.
    fn start(self) {
        let (options, text, is_open) = (self.options.get(), self.text.get(), self.is_open().get());
        self.round.update_value(|round| *round += 1);
        self.finder.set_value(None);
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

    /// Searches on, by whoever searches.
    fn go_on(self) {
        match self.context.find.get_untracked() {
            LogFind::Here => self.search_on(),
            LogFind::ByServer(ask) => self.ask_on(ask),
        }
    }

    /// Finds out which hit has this rank.
    fn learn(self, rank: usize) {
        match self.context.find.get_untracked() {
            LogFind::Here => self.find_out(rank),
            LogFind::ByServer(ask) => self.ask_for(ask, rank),
        }
    }

    /// The same for a hit that is shown without being gone to.
    pub(super) fn learn_later(self, rank: usize) {
        queue_microtask(move || {
            let is_unknown = |found: &FoundHits| {
                let first = found.group_of(rank).map_or(0, |group| found.steps()[group].first);
                found.hit(rank).is_none() && found.hit(first + HITS_KEPT_MAX - 1).is_none()
            };
            if self.found.try_with_untracked(is_unknown) == Some(true) {
                self.learn(rank);
            }
        });
    }

    fn ask_again(self) {
        match self.context.find.get_untracked() {
            LogFind::Here => {}
            LogFind::ByServer(ask) => self.ask_for(ask, 0),
        }
    }

    /// `Hit 3 of 10,412`, and that the way to it led over the end.
    fn place_in_words(self, over_end: Option<Goal>) -> String {
        let place = self.found.with_untracked(|found| {
            let rank = found.rank().map_or(0, |rank| rank + 1);
            ["Hit ", &grouped(rank), " of ", &grouped(found.total())].concat()
        });
        match over_end {
            None => place,
            Some(Goal::Before(_)) => place + ", from the end again",
            Some(Goal::Rank { rank, .. }) if rank > 0 => place + ", from the end again",
            Some(Goal::After(_) | Goal::Rank { .. }) => place + ", from the beginning again",
        }
    }
}
