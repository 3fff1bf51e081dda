//! The page of a log file: what the file is, how its reading goes, and its log.

use leptos::prelude::*;
use log_files::Told;

use crate::ui::{Button, Notice, NoticeKind, bytes_words, counted, grouped, memo};

/// What is known of an open file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// Its name on the disk.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// How many files were chosen with it and are not open.
    pub others: u32,
    /// What its reader tells.
    pub told: Told,
    /// How its reading goes.
    pub reading: Reading,
}

/// How the reading of a file goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// There is more to read.
    Running,
    /// All of it was read.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// It is more than a page holds: only its beginning was read.
    Cut,
    /// It could not be read; carries a sentence.
    Failed(String),
}

/// The page; `None` when no file is open, after a reload for one.
#[component]
pub fn FilePage(
    /// What is known of the file.
    #[prop(into)]
    file: Signal<Option<FileFacts>>,
    /// The reading is to end.
    on_stop: Callback<()>,
    /// The log.
    children: ChildrenFn,
) -> impl IntoView {
    let is_open = memo(move || file.with(Option::is_some));
    let has_log = memo(move || file.with(|file| file.as_ref().is_some_and(has_log)));
    let children = StoredValue::new(children);
    view! {
        <article class="session-page file-page">
            <Show when=move || is_open.get() fallback=Closed>
                <FileHead file on_stop/>
                <Show when=move || has_log.get()>{children.with_value(|children| children())}</Show>
            </Show>
        </article>
    }
}

/// Whether there is a log to show: what was read stays when the reading ends early.
fn has_log(file: &FileFacts) -> bool {
    !matches!(file.reading, Reading::Failed(_)) || file.told.kind.is_some()
}

/// What stands there when no file is open.
#[component]
fn Closed() -> impl IntoView {
    view! {
        <div class="session-absent">
            <h1>"No log file is open"</h1>
            <p>"A page cannot open a file by itself, also not the one from before a reload. Choose it in the top bar, or drop it anywhere on this page."</p>
            <p>"It stays on this machine: no server is asked."</p>
        </div>
    }
}

#[component]
fn FileHead(file: Signal<Option<FileFacts>>, on_stop: Callback<()>) -> impl IntoView {
    let part = move |part: fn(&FileFacts) -> String| {
        memo(move || file.with(|file| file.as_ref().map(part).unwrap_or_default()))
    };
    let name = part(|file| file.name.clone());
    let title = part(|file| file.told.title.clone().unwrap_or_default());
    let facts = part(facts);
    let notes = memo(move || file.with(|file| file.as_ref().map(notes).unwrap_or_default()));
    let failure = part(|file| match &file.reading {
        Reading::Failed(sentence) => sentence.clone(),
        Reading::Running | Reading::Done | Reading::Stopped | Reading::Cut => String::new(),
    });
    let is_running = memo(move || file.with(|file| file.as_ref().is_some_and(|file| file.reading == Reading::Running)));
    let size = part(|file| file.size.max(1).to_string());
    let bytes = part(|file| file.told.bytes.to_string());
    view! {
        <header class="file-head">
            <h1 class="file-head-name">{name}</h1>
            {move || Some(title.get()).filter(|title| !title.is_empty()).map(|title| view! { <p class="file-head-title"><bdi>{title}</bdi></p> })}
            <p class="file-head-facts">{facts}</p>
            <Show when=move || is_running.get()>
                <div class="file-head-progress">
                    <progress aria-label="Reading the file" max=size value=bytes></progress>
                    <Button on_click=on_stop>"Stop reading"</Button>
                </div>
            </Show>
            {move || Some(failure.get()).filter(|said| !said.is_empty()).map(|said| view! { <Notice kind=NoticeKind::Problem>{said}</Notice> })}
            {move || notes.get().into_iter().map(|note| view! { <p class="file-head-note">{note}</p> }).collect::<Vec<_>>()}
        </header>
    }
}

/// Kind, size, lines, and how far it is.
fn facts(file: &FileFacts) -> String {
    let told = &file.told;
    let mut parts = Vec::new();
    parts.extend(told.kind.map(|kind| kind.name().to_owned()));
    parts.push(bytes_words(file.size));
    if told.kind.is_some() {
        parts.push(counted(told.lines as usize, "line"));
    }
    match file.reading {
        Reading::Running => {
            let percent = told.bytes.saturating_mul(100).checked_div(file.size).unwrap_or_default();
            parts.push([&percent.to_string(), " % read"].concat());
        }
        Reading::Stopped => parts.push(["stopped after ", &bytes_words(told.bytes)].concat()),
        Reading::Failed(_) if has_log(file) => parts.push(["read up to ", &bytes_words(told.bytes)].concat()),
        Reading::Cut => parts.push(["read up to ", &bytes_words(told.bytes)].concat()),
        Reading::Done | Reading::Failed(_) => {}
    }
    parts.join(" · ")
}

/// What else is worth knowing, a sentence each.
fn notes(file: &FileFacts) -> Vec<String> {
    let told = &file.told;
    let are = |count: u64| if count == 1 { " is" } else { " are" };
    let counted = |count: u64, thing: &str| counted(count as usize, thing);
    let mut notes = Vec::new();
    if file.reading == Reading::Cut {
        let read = bytes_words(told.bytes);
        notes.push(
            [
                "The file is more than the page can hold: this is its beginning, ",
                &read,
                ". Split it to open the rest; a download as JSON lines has all of it.",
            ]
            .concat(),
        );
    }
    if told.not_understood > 0 {
        let count = told.not_understood;
        let was = if count == 1 { " was not understood and is" } else { " were not understood and are" };
        notes.push([&counted(count, "line"), was, " shown as written."].concat());
    }
    if told.replaced > 0 {
        let count = told.replaced;
        let no_text = [&counted(count, "place"), are(count), " no UTF-8 text and shown as \u{fffd}."].concat();
        notes.push(no_text);
    }
    if told.encrypted > 0 {
        let count = told.encrypted;
        notes.push([&counted(count, "thought"), are(count), " encrypted and cannot be shown."].concat());
    }
    if file.others > 0 {
        let more = grouped(file.others as usize);
        let were = if file.others == 1 { " more file was chosen." } else { " more files were chosen." };
        notes.push([&more, were, " One can be open at a time: this is the first."].concat());
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use log_files::FileKind;

    #[test]
    fn the_head_says_what_the_file_is_and_what_was_not_understood() {
        let told = Told { kind: Some(FileKind::Codex), bytes: 500, lines: 1, not_understood: 2, ..Told::default() };
        let mut file = FileFacts { name: "a".into(), size: 1_000, others: 1, told, reading: Reading::Running };
        assert_eq!(facts(&file), "Codex session · 1.0 KB · 1 line · 50 % read");
        assert_eq!(
            notes(&file),
            [
                "2 lines were not understood and are shown as written.",
                "1 more file was chosen. One can be open at a time: this is the first.",
            ]
        );
        file.reading = Reading::Stopped;
        assert!(facts(&file).ends_with("stopped after 500 bytes"));
        file.reading = Reading::Failed("The disk is gone.".to_owned());
        assert!(has_log(&file), "what was read stays");
        assert!(facts(&file).ends_with("read up to 500 bytes"));
        file.reading = Reading::Cut;
        assert!(notes(&file)[0].contains("its beginning, 500 bytes"), "{:?}", notes(&file));
        file.reading = Reading::Done;
        file.told = Told { replaced: 1, encrypted: 3, ..Told::default() };
        file.others = 0;
        assert_eq!(
            notes(&file),
            ["1 place is no UTF-8 text and shown as \u{fffd}.", "3 thoughts are encrypted and cannot be shown."]
        );
        file.reading = Reading::Failed("It is compressed.".to_owned());
        assert!(!has_log(&file), "nothing was read");
    }
}
