//! Copying what is selected, also where it is not in the page or not in the document.

use std::time::Duration;

use leptos::prelude::*;
use session_log::Row;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ClipboardEvent, HtmlElement, KeyboardEvent};

use super::log_view::{LogContext, LogScreen};
use super::marked;
use super::selection::{Copied, Selected, copied};
use crate::ui::copy_text;

/// How often it is looked whether what is to be copied has come.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
const LOADING: &str = "Loading what is selected, to copy it…";
const LOADED: &str = "Copied.";
const COPY_AGAIN: &str = "What is selected is loaded now. Copy it once more.";
const FAILED: &str = "What is selected could not be loaded, and nothing was copied. Try again, or download the log.";
const TOO_LONG: &str =
    "The selection is longer than 16 MB, and nothing was copied. Download the log instead, or select less.";

/// How copying goes.
#[derive(Clone, Copy)]
pub struct Copying {
    sentence: RwSignal<Option<&'static str>>,
    /// What waits for its text.
    waiting: StoredValue<Option<Selected>>,
}

impl Copying {
    /// Nothing was copied yet.
    pub fn new() -> Self {
        Self { sentence: RwSignal::new(None), waiting: StoredValue::new(None) }
    }

    /// What is to be said about it.
    pub fn sentence(self) -> Option<&'static str> {
        self.sentence.get()
    }

    /// The reader copies. What is within one row is the browser's to copy.
    pub fn on_copy(self, context: LogContext, screen: LogScreen, event: &ClipboardEvent) {
        let Some(selected) = selected_now(screen).filter(|selected| selected.anchor.row != selected.focus.row) else {
            return;
        };
        event.prevent_default();
        self.waiting.set_value(None);
        match read(context, screen, selected) {
            Copied::Text(text) => {
                let taken = event.clipboard_data().is_some_and(|data| data.set_data("text/plain", &text).is_ok());
                self.sentence.set((!taken).then_some(COPY_AGAIN));
            }
            Copied::TooLong => self.sentence.set(Some(TOO_LONG)),
            Copied::Missing(wants) => {
                self.sentence.set(Some(LOADING));
                self.waiting.set_value(Some(selected));
                context.on_want.run(wants);
                self.wait(context, screen);
            }
        }
    }

    fn wait(self, context: LogContext, screen: LogScreen) {
        let look = move || {
            let Some(Some(selected)) = self.waiting.try_get_value() else { return };
            // Who selects something else, or nothing, does not wait for it any more.
            let steps = |selected: Selected| (selected.anchor.row.step, selected.focus.row.step);
            if selected_now(screen).map(steps) != Some(steps(selected)) {
                self.waiting.set_value(None);
                return self.sentence.set(None);
            }
            let copied = read(context, screen, selected);
            let is_failed = context.load_failure.with_untracked(Option::is_some);
            match copied {
                Copied::Missing(wants) if !is_failed => {
                    if !wants.is_empty() {
                        context.on_want.run(wants);
                    }
                    return self.wait(context, screen);
                }
                Copied::Missing(_) => self.sentence.set(Some(FAILED)),
                Copied::TooLong => self.sentence.set(Some(TOO_LONG)),
                Copied::Text(text) => spawn_local(async move {
                    // Where the page may not copy by itself, the reader's own copying still can.
                    let is_written = copy_text(&text).await.is_ok();
                    self.sentence.try_set(Some(if is_written { LOADED } else { COPY_AGAIN }));
                }),
            }
            self.waiting.set_value(None);
        };
        // Without a timer nothing more comes of it.
        drop(set_timeout_with_handle(look, LOOK_AGAIN));
    }
}

/// Ctrl or ⌘ and A in the log select all of it, not all of the page.
pub fn on_key(context: LogContext, screen: LogScreen, event: &KeyboardEvent) {
    let is_all = (event.ctrl_key() || event.meta_key()) && !event.alt_key() && event.key().eq_ignore_ascii_case("a");
    // A field in a row has its own text to select.
    let is_in_field = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        .is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
    if !is_all || is_in_field {
        return;
    }
    let all = context
        .document
        .with_untracked(|document| screen.reader.with_value(|reader| Selected::all(document, &reader.layout)));
    if let Some(all) = all {
        event.prevent_default();
        screen.select(context, all);
    }
}

/// What the browser has selected in the log now.
fn selected_now(screen: LogScreen) -> Option<Selected> {
    let rows = screen.rows.get_untracked()?;
    screen.kept.with_value(|kept| marked::selected(&rows, kept))
}

fn read(context: LogContext, screen: LogScreen, selected: Selected) -> Copied {
    let shown = |row: Row| screen.row_element(row).map(|element| marked::text_of(&element));
    context.document.with_untracked(|document| {
        screen.reader.with_value(|reader| copied(document, &reader.layout, selected.ends(), shown))
    })
}
