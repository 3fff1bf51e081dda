//! The find bar as it opens and closes, and what has the focus meanwhile.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::search::LogSearch;
use crate::session::log_view::LogFind;

impl LogSearch {
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
        let before = self.before.try_update_value(Option::take).flatten();
        match before.filter(|before| before.is_connected()) {
            Some(before) => {
                let _ = before.focus();
            }
            // It was in a row that has left the page.
            None => self.screen.take_focus(),
        }
    }

    pub(super) fn on_opened(self) {
        let focused = document().active_element().and_then(|element| element.dyn_into().ok());
        self.before.set_value(focused);
        if let LogFind::ByServer(ask) = self.context.find.get_untracked() {
            Self::prepare(ask);
        }
        if self.is_quiet.try_update_value(std::mem::take) != Some(true) {
            self.focus_field();
        }
    }

    /// Gives the focus to the list of hits.
    pub(super) fn focus_list(self) {
        let panel = self.panel.try_get_untracked().flatten();
        let list = panel.and_then(|panel| panel.query_selector(".hit-list").ok().flatten());
        if let Some(list) = list.and_then(|list| list.dyn_into::<HtmlElement>().ok()) {
            let _ = list.focus();
        }
    }

    pub(super) fn focus_field(self) {
        match self.field.try_get_untracked().flatten().filter(|field| field.is_connected()) {
            Some(field) => {
                let _ = field.focus();
                field.select();
            }
            None => self.is_field_awaited.set_value(true),
        }
    }
}
