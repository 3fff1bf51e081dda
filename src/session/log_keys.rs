//! The keys of a log, and the one place where what they did is said to people who do not see it.

use leptos::{ev, prelude::*, task::spawn_local};
use session_log::{LogDocument, Row, RowPart, StepKind, StepState};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::find_bar::{LogSearch, Way};
use super::focus::focus_in_place;
use super::line_mark;
use super::log_view::{LogContext, LogScreen};
use super::row_walk;
use super::seen_rows::header_of;
use super::selection::Selected;
use super::shortcut::{Act, shortcut_of};
use super::step_words::step_in_words;
use crate::ui::copy_text;

/// Where a key is typed into something.
const FIELDS: &str = "input, textarea, select, [contenteditable]:not([contenteditable=false])";
/// What has keys of its own, those with the command key too.
const APART: &str = "dialog, [popover], [role=menu]";
/// What has letters of its own.
const LISTS: &str = "[role=listbox]";

/// Listens for the keys of the log while it is on the page.
#[component]
pub fn LogKeys(
    context: LogContext,
    screen: LogScreen,
    search: LogSearch,
    /// Whether the list of the keys is shown.
    is_listed: RwSignal<bool>,
) -> impl IntoView {
    let keys = Keys { context, screen, search, is_listed, awaited: StoredValue::new(None) };
    let listener = window_event_listener(ev::keydown, move |event| keys.on_keydown(&event));
    on_cleanup(move || listener.remove());
    Effect::new(move |_| {
        screen.frame().track();
        keys.focus_awaited();
    });
    view! { <p class="visually-hidden" role="status">{search.said}</p> }
}

#[derive(Clone, Copy)]
struct Keys {
    context: LogContext,
    screen: LogScreen,
    search: LogSearch,
    is_listed: RwSignal<bool>,
    /// A row that takes the focus when it is in the page.
    awaited: StoredValue<Option<Row>>,
}

impl Keys {
    fn on_keydown(self, event: &ev::KeyboardEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_within = |selector| target.as_ref().is_some_and(|it| matches!(it.closest(selector), Ok(Some(_))));
        if event.default_prevented() || is_within(APART) {
            return;
        }
        // On a Mac, Ctrl with a letter moves about in a field.
        let is_for_field = is_mac() && event.ctrl_key() && is_within(FIELDS);
        let has_command = event.ctrl_key() != event.meta_key() && !is_for_field;
        let way = if event.shift_key() { Way::Previous } else { Way::Next };
        match event.key().as_str() {
            "f" | "F" if has_command && !event.alt_key() && !event.shift_key() => {
                // The second time the browser's own find is meant.
                if self.search.is_in_field() {
                    return;
                }
                self.search.open();
            }
            "g" | "G" if has_command && !event.alt_key() => self.search.step(way),
            "F3" if !has_command && !event.alt_key() => self.search.step(way),
            // The browser goes to where the end is now; the log may grow meanwhile.
            "End" if is_within("[role=log]") && !has_modifier(event) && !is_within(FIELDS) => {
                self.screen.follow(self.context);
                self.context.on_place.run(None);
            }
            key => {
                let is_held = event.ctrl_key() || event.meta_key() || (event.shift_key() && key.len() > 1);
                let is_meant = !is_within(FIELDS) && !is_within(LISTS) && self.is_about_log(target.as_ref());
                if is_held || !is_meant {
                    return;
                }
                let name = if event.alt_key() { ["Alt+", key].concat() } else { key.to_owned() };
                let has_letters = self.context.choices.with_untracked(|choices| !choices.has_no_letter_keys);
                let Some(shortcut) = shortcut_of(&name, has_letters) else { return };
                if let Act::Control(way) = shortcut.act {
                    let scrolls = target.as_ref().is_some_and(|target| row_walk::can_scroll(target, way));
                    if scrolls || !is_within("[role=log]") {
                        return;
                    }
                }
                self.act(shortcut.act);
            }
        }
        event.prevent_default();
    }

    /// Whether a key with this target is meant for the log: the focus is in it, or nowhere.
    fn is_about_log(self, target: Option<&Element>) -> bool {
        // The page's main part has the focus when one has just come here.
        let Some(target) = target.filter(|target| !matches!(target.tag_name().as_str(), "BODY" | "HTML" | "MAIN"))
        else {
            return true;
        };
        self.search.panel.get_untracked().is_some_and(|panel| panel.contains(Some(target)))
    }

    fn act(self, act: Act) {
        match act {
            Act::Step(way) => self.go_beside(way, "step", |_, _| true),
            Act::Prompt(way) => self.go_beside(way, "prompt", is_prompt),
            Act::Error(way) => self.go_beside(way, "error", is_error),
            Act::Hit(way) => {
                self.search.step(way);
                self.await_hit();
            }
            Act::Fold => {
                let Some(step) = self.here() else { return };
                self.screen.toggle(self.context, step);
                let word = match self.screen.fold(step) {
                    session_log::Fold::Open => "Opened",
                    session_log::Fold::Closed | session_log::Fold::Preview => "Closed",
                };
                self.search.say(word.to_owned());
            }
            Act::First => {
                if let Some(all) = self.all() {
                    self.go_to(all.anchor.row.step);
                }
            }
            Act::Last => self.follow(),
            Act::Outline => self.context.choices.update(|choices| choices.has_outline = !choices.has_outline),
            Act::Link => self.link(),
            Act::Keys => self.is_listed.set(true),
            Act::Control(way) => self.walk(way),
            Act::Find => self.search.open(),
        }
    }

    /// All that is shown, from its first row to its last one.
    fn all(self) -> Option<Selected> {
        self.context
            .document
            .with_untracked(|document| self.screen.with_layout(|layout| Selected::all(document, layout)))
    }

    /// Gives the focus to the button or link beside what has it; where there is none near, to the step beside.
    fn walk(self, way: Way) {
        let Some(rows) = self.screen.rows.get_untracked() else { return };
        let focused = document().active_element().filter(|focused| rows.contains(Some(focused)));
        let first_seen = || self.screen.frame().with_untracked(|frame| frame.first_seen());
        let from = focused.or_else(|| self.screen.row_element(first_seen()?));
        match from.and_then(|from| row_walk::control_beside(&rows, &from, way)) {
            // Brings it to the screen too.
            Some(control) => drop(control.focus()),
            None => self.go_beside(way, "step", |_, _| true),
        }
    }

    /// Goes to the end and stays there. The last row has the focus, as far as it is in the page.
    fn follow(self) {
        let Some(last) = self.all().map(|all| all.focus.row) else { return };
        self.screen.follow(self.context);
        self.context.on_place.run(None);
        self.awaited.set_value(Some(last));
        self.focus_awaited();
        if self.awaited.try_update_value(Option::take).flatten().is_some() {
            self.screen.take_focus();
        }
        self.say_step(last.step);
    }

    fn go_beside(self, way: Way, what: &str, is_meant: fn(&LogDocument, usize) -> bool) {
        let here = self.here().unwrap_or_default();
        let is_focused = self.focused().is_some();
        let is_hidden = |step| self.screen.with_layout(|layout| layout.is_hidden(step));
        let to = self.context.document.with_untracked(|document| {
            let is_meant = |step: &usize| is_meant(document, *step) && !(what == "step" && is_hidden(*step));
            match way {
                // Where nothing has the focus, the step that one reads is the next one.
                Way::Next => (here + usize::from(is_focused)..document.steps()).find(is_meant),
                Way::Previous => (0..here).rev().find(is_meant),
            }
        });
        match (to, way) {
            (Some(step), _) => self.go_to(step),
            (None, Way::Next) => self.search.say(["No ", what, " after this one"].concat()),
            (None, Way::Previous) => self.search.say(["No ", what, " before this one"].concat()),
        }
    }

    /// Brings a step to the screen, and the focus to its header.
    fn go_to(self, step: usize) {
        let row = header_of(step);
        self.awaited.set_value(Some(row));
        self.screen.reveal(self.context, row);
        self.focus_awaited();
        self.say_step(step);
    }

    fn say_step(self, step: usize) {
        let sentence = self.context.document.with_untracked(|document| step_in_words(document, step));
        if !sentence.is_empty() {
            self.search.say(sentence);
        }
    }

    /// The address leads to the line or step that has the focus, and is copied.
    fn link(self) {
        let row = self.focused().or_else(|| self.screen.frame().with_untracked(|frame| frame.first_seen()));
        let Some(row) = row else { return };
        let words = match line_mark::lead_to(self.context, self.screen, row) {
            Some(line) => ["Link to line ", &line.to_string()].concat(),
            None => "Link to the step".to_owned(),
        };
        let address = window().location().href().unwrap_or_default();
        spawn_local(async move {
            let said = copy_text(&address).await.map_or_else(|_| " is in the address bar", |()| " copied");
            self.search.say(words + said);
        });
    }

    /// Waits for the row of the hit that is looked at.
    fn await_hit(self) {
        let hit = self.search.found.with_untracked(|found| found.present());
        let row = hit.and_then(|hit| self.screen.with_layout(|layout| layout.row_showing(&hit)));
        self.awaited.set_value(row);
        queue_microtask(move || self.focus_awaited());
    }

    /// The step whose row has the focus, or else the one that is read.
    fn here(self) -> Option<usize> {
        let row = self.focused().or_else(|| self.screen.frame().with_untracked(|frame| frame.first_seen()));
        row.map(|row| row.step)
    }

    /// The row that has the focus, or is about to.
    fn focused(self) -> Option<Row> {
        if let Some(awaited) = self.awaited.get_value() {
            return Some(awaited);
        }
        self.screen.row_at(&document().active_element()?)
    }

    fn focus_awaited(self) {
        let Some(row) = self.awaited.try_get_value().flatten() else { return };
        let Some(element) = self.screen.row_element(row) else { return };
        self.awaited.set_value(None);
        let button = match row.part {
            RowPart::Header => element.query_selector("button[aria-expanded]").ok().flatten(),
            RowPart::Body(_) => None,
        };
        let taker = button.unwrap_or_else(|| {
            // Takes the focus here, and is passed by the tab key.
            let _ = element.set_attribute("tabindex", "-1");
            element
        });
        focus_in_place(taker);
    }
}

fn is_mac() -> bool {
    window().navigator().platform().is_ok_and(|platform| platform.starts_with("Mac"))
}

fn has_modifier(event: &ev::KeyboardEvent) -> bool {
    event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key()
}

fn is_prompt(document: &LogDocument, step: usize) -> bool {
    document.step(step).is_some_and(|step| matches!(step.kind, StepKind::Prompt))
}

fn is_error(document: &LogDocument, step: usize) -> bool {
    document.step(step).is_some_and(|step| step.state == StepState::Failed || matches!(step.kind, StepKind::Error(_)))
}
