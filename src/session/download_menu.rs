//! The whole log as a file: a button with the formats that there are, and how the saving goes.

use agent_tasks::LogFormat;
use leptos::prelude::*;

use super::log_view::LogContext;
use crate::ui::{Menu, MenuItem, bytes_words};

/// Where a log can be saved. The page around the log provides it as a context: what a log is made of, it knows.
#[derive(Clone, Copy)]
pub struct LogOutlet {
    /// What can be saved; nothing yet where it is empty.
    pub formats: Signal<Vec<LogFormat>>,
    /// How the last saving goes.
    pub saving: RwSignal<Saving>,
    /// A format was chosen.
    pub on_save: Callback<LogFormat>,
}

/// How a saving goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Saving {
    /// Nothing is being saved.
    #[default]
    Idle,
    /// So many bytes are there.
    Running(u64),
    /// It is with the browser.
    Done,
    /// It did not work; carries a sentence.
    Failed(String),
}

/// The button, its list, and what came of it. Nothing where the page around offers no files.
#[component]
pub fn DownloadMenu(context: LogContext) -> impl IntoView {
    let is_empty = move || context.document.with(|document| document.steps() == 0);
    use_context::<LogOutlet>().map(|outlet| {
        let is_offered = move || !is_empty() && outlet.formats.with(|formats| !formats.is_empty());
        view! {
            <Show when=is_offered>
                <OpenMenu outlet />
            </Show>
        }
    })
}

#[component]
fn OpenMenu(outlet: LogOutlet) -> impl IntoView {
    let LogOutlet { formats, saving, on_save } = outlet;
    let items = Signal::derive(move || {
        let item = |format: &LogFormat| MenuItem::action(format_words(*format));
        formats.with(|formats| formats.iter().map(item).collect::<Vec<_>>())
    });
    let on_choose = Callback::new(move |words: String| {
        let is_it = |format: &LogFormat| format_words(*format) == words;
        if let Some(format) = formats.with_untracked(|formats| formats.iter().copied().find(is_it)) {
            on_save.run(format);
        }
    });
    let is_running = move || saving.with(|saving| matches!(saving, Saving::Running(_)));
    view! {
        <div class="download-menu">
            <Menu label="Download" chosen="" items on_choose />
            <span class="download-menu-state" role="status">{move || saving.with(saving_words)}</span>
            <Show when=is_running>
                <button type="button" class="download-menu-button" on:click=move |_| saving.set(Saving::Idle)>"Cancel"</button>
            </Show>
        </div>
    }
}

fn format_words(format: LogFormat) -> &'static str {
    match format {
        LogFormat::Jsonl => "JSON lines",
        LogFormat::Raw => "Raw messages of calls",
        LogFormat::Text => "Plain text",
        LogFormat::Ansi => "Text with colours",
    }
}

fn saving_words(saving: &Saving) -> String {
    match saving {
        Saving::Idle => String::new(),
        Saving::Running(bytes) => ["Saving, ", &bytes_words(*bytes), " so far"].concat(),
        Saving::Done => "Saved".to_owned(),
        Saving::Failed(sentence) => sentence.clone(),
    }
}
