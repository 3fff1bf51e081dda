//! A log file comes to the page: dropped anywhere on it, or chosen. Which one it is; it is read on its own page.

use leptos::ev;
use leptos::prelude::*;
use web_sys::{DragEvent, File, FileList};

use super::deck::Deck;
use super::later::{self, Part};
use super::route::FILE_PAGE;
use crate::files::DropZone;

/// A file that was chosen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ChosenFile {
    /// The browser's hold on it.
    pub(super) file: File,
    /// How many were chosen with it.
    pub(super) others: u32,
}

/// The file that was chosen last.
pub(super) type Chosen = RwSignal<Option<ChosenFile>, LocalStorage>;

/// Opens the first of some files.
pub(super) fn choose(chosen: Chosen, files: &FileList) {
    let Some(file) = files.get(0) else { return };
    chosen.set(Some(ChosenFile { file, others: files.length() - 1 }));
    // Fails only for a page that is being left.
    let _ = window().location().set_hash(FILE_PAGE);
}

/// Takes files that are dropped, and shows that it would.
#[component]
pub(super) fn FileDrop(
    /// The page's state.
    deck: Deck,
    /// Where the file goes.
    chosen: Chosen,
) -> impl IntoView {
    let is_held = RwSignal::new(false);
    let on_over = window_event_listener(ev::dragover, move |event| {
        if holds_files(&event) {
            event.prevent_default();
            if !is_held.get_untracked() {
                is_held.set(true);
                // The page of log files is on its way before the file is let go.
                later::load(deck, Part::Files);
            }
        }
    });
    let on_leave = window_event_listener(ev::dragleave, move |event| {
        // Between two elements of the page there is a next one.
        if event.related_target().is_none() {
            is_held.set(false);
        }
    });
    let on_drop = window_event_listener(ev::drop, move |event| {
        if holds_files(&event) {
            event.prevent_default();
            is_held.set(false);
            if let Some(files) = event.data_transfer().and_then(|carried| carried.files()) {
                choose(chosen, &files);
            }
        }
    });
    on_cleanup(move || {
        on_over.remove();
        on_leave.remove();
        on_drop.remove();
    });
    view! { <Show when=move || is_held.get()><DropZone/></Show> }
}

fn holds_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|carried| carried.types().includes(&"Files".into(), 0))
}
