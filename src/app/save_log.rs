//! Saves logs as files: what a server sends, or what is in a document. The browser gets the pieces as they come, so
//! that the page never holds a whole file.

use std::rc::Rc;
use std::time::Duration;

use agent_tasks::{Event, LogFormat, Task, TaskId, paths};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use session_log::{LogDocument, PlainFormat, PlainWriter, Written};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::api::{Client, Failure, LogCursor};
use crate::live::{DownloadEnd, download};
use crate::session::{LogOutlet, Saving};

/// Pieces are handed to the browser when they come to so many bytes.
const PART_BYTES: u64 = 4_194_304;
/// What of a document is written before the page may paint, in bytes.
const SLICE_BYTES: usize = 262_144;
/// How long the browser may take to begin with the file.
const FILE_KEPT: Duration = Duration::from_secs(60);
/// The longest name of a file without its ending, in characters.
const NAME_CHARS_MAX: usize = 120;
/// What is said when the file cannot be made.
const NO_FILE: &str = "The browser could not make the file. Free some memory or disk space, then try again.";

/// Why nothing was saved.
pub(super) enum WriteError {
    /// Somebody cancelled it.
    Cancelled,
    /// It did not work; carries a sentence.
    Said(String),
}

/// A file that is being put together.
pub(super) struct Parts {
    run: Run,
    /// Ends what is being loaded for it.
    abort: AbortController,
    /// What the browser does not have yet.
    open: Array,
    open_bytes: u64,
    /// What it has.
    whole: Array,
    bytes: u64,
}

/// One saving. When it is cancelled and another one begins, the first must not go on in its place.
#[derive(Clone, Copy)]
struct Run {
    number: u64,
    /// The number of the newest one.
    newest: StoredValue<u64>,
    saving: RwSignal<Saving>,
}

impl Run {
    /// Whether somebody still waits for it.
    fn is_wanted(self) -> bool {
        self.newest.try_get_value() == Some(self.number)
            && self.saving.try_with_untracked(|saving| matches!(saving, Saving::Running(_))) == Some(true)
    }

    /// Says how it goes, to whoever still waits.
    fn tell(self, news: Saving) {
        if self.is_wanted() {
            self.saving.try_set(news);
        }
    }
}

impl Parts {
    /// Adds bytes.
    pub(super) fn push(&mut self, bytes: &Uint8Array) -> Result<(), WriteError> {
        self.add(bytes, u64::from(bytes.length()))
    }

    /// Adds text.
    pub(super) fn push_text(&mut self, text: &str) -> Result<(), WriteError> {
        self.add(&JsValue::from_str(text), text.len() as u64)
    }

    fn add(&mut self, part: &JsValue, bytes: u64) -> Result<(), WriteError> {
        if !self.run.is_wanted() {
            return Err(WriteError::Cancelled);
        }
        self.open.push(part);
        (self.open_bytes, self.bytes) = (self.open_bytes + bytes, self.bytes + bytes);
        if self.open_bytes >= PART_BYTES {
            self.hand_over()?;
            self.run.tell(Saving::Running(self.bytes));
        }
        Ok(())
    }

    fn hand_over(&mut self) -> Result<(), WriteError> {
        let part = Blob::new_with_blob_sequence(&self.open).map_err(|_| WriteError::Said(NO_FILE.to_owned()))?;
        self.whole.push(&part);
        (self.open, self.open_bytes) = (Array::new(), 0);
        Ok(())
    }

    fn file(mut self, media_type: &str) -> Result<Blob, WriteError> {
        self.hand_over()?;
        let kind = BlobPropertyBag::new();
        kind.set_type(media_type);
        Blob::new_with_blob_sequence_and_options(&self.whole, &kind).map_err(|_| WriteError::Said(NO_FILE.to_owned()))
    }
}

/// Offers the log of this page as files of these formats. `name` is what they are called, `write` fills them.
pub(super) fn offer(
    formats: Signal<Vec<LogFormat>>,
    name: impl Fn() -> String + Send + Sync + 'static,
    write: impl AsyncFn(LogFormat, &mut Parts) -> Result<(), WriteError> + 'static,
) {
    let saving = RwSignal::new(Saving::Idle);
    let write = StoredValue::new_local(Rc::new(write));
    let newest = StoredValue::new(0);
    let loading = StoredValue::new_local(None::<AbortController>);
    let give_up = move || {
        if let Some(abort) = loading.try_update_value(Option::take).flatten() {
            abort.abort();
        }
    };
    Effect::new(move |_| {
        if saving.with(|saving| *saving == Saving::Idle) {
            give_up();
        }
    });
    on_cleanup(give_up);
    let on_save = Callback::new(move |format: LogFormat| {
        if saving.with_untracked(|saving| matches!(saving, Saving::Running(_))) {
            return;
        }
        give_up();
        let Ok(abort) = AbortController::new() else {
            return saving.set(Saving::Failed(NO_FILE.to_owned()));
        };
        loading.set_value(Some(abort.clone()));
        newest.update_value(|newest| *newest += 1);
        let run = Run { number: newest.get_value(), newest, saving };
        saving.set(Saving::Running(0));
        let file = [&file_name(&name()), ".", format.extension()].concat();
        let write = write.get_value();
        spawn_local(async move {
            let mut parts = Parts { run, abort, open: Array::new(), open_bytes: 0, whole: Array::new(), bytes: 0 };
            let written = write(format, &mut parts).await;
            let saved = written.and_then(|()| parts.file(format.media_type()));
            let saved = saved.and_then(|blob| if run.is_wanted() { hand_out(&blob, &file) } else { Ok(()) });
            let news = match saved {
                Ok(()) => Saving::Done,
                Err(WriteError::Cancelled) => Saving::Idle,
                Err(WriteError::Said(sentence)) => Saving::Failed(sentence),
            };
            run.tell(news);
        });
    });
    provide_context(LogOutlet { formats, saving, on_save });
}

/// Offers the log of a task: by its server where that sends files, else from what the page knows.
pub(super) fn offer_task(
    client: Memo<Option<Client>>,
    sends_files: Memo<bool>,
    task: Signal<Option<Task>>,
    document: RwSignal<LogDocument>,
) {
    let formats = Signal::derive(move || {
        if sends_files.get() {
            LogFormat::ALL.to_vec()
        } else {
            vec![LogFormat::Jsonl, LogFormat::Text, LogFormat::Ansi]
        }
    });
    let name = move || {
        task.with_untracked(|task| {
            let task = task.as_ref()?;
            let repository = task.repository_name().unwrap_or("log");
            Some([repository, "-", task.id.as_str()].concat())
        })
        .unwrap_or_default()
    };
    offer(formats, name, async move |format, parts| {
        let gone =
            || WriteError::Said("The task is not connected any more. Connect its server, then try again.".into());
        let client = client.try_get_untracked().flatten().ok_or_else(gone)?;
        let id =
            task.try_with_untracked(|task| task.as_ref().map(|task| task.id.clone())).flatten().ok_or_else(gone)?;
        match (sends_files.get_untracked(), format) {
            (true, _) => fetch(&client, &id, format, parts).await,
            (false, LogFormat::Text | LogFormat::Ansi) => render(document, format, parts).await,
            (false, LogFormat::Jsonl | LogFormat::Raw) => read_events(&client, &id, parts).await,
        }
    });
}

/// What a document says, in slices.
pub(super) async fn render(
    document: RwSignal<LogDocument>,
    format: LogFormat,
    parts: &mut Parts,
) -> Result<(), WriteError> {
    let format = if format == LogFormat::Ansi { PlainFormat::Ansi } else { PlainFormat::Text };
    let mut writer = PlainWriter::new(format, 0..usize::MAX);
    loop {
        let mut text = String::new();
        let written = document.try_with_untracked(|document| writer.write(document, &mut text, SLICE_BYTES));
        parts.push_text(&text)?;
        match written.ok_or(WriteError::Cancelled)? {
            Written::All => return Ok(()),
            Written::More => TimeoutFuture::new(0).await,
            Written::Missing(_) | Written::Waiting => {
                return Err(WriteError::Said("A part of the log is not loaded. Choose JSON lines instead.".to_owned()));
            }
        }
    }
}

/// Events as lines of JSON.
pub(super) fn write_lines(events: &[Event], parts: &mut Parts) -> Result<(), WriteError> {
    let mut lines = String::new();
    for event in events {
        let line = serde_json::to_string(event).map_err(|_| WriteError::Said(NO_FILE.to_owned()))?;
        lines.push_str(&line);
        lines.push('\n');
    }
    parts.push_text(&lines)
}

/// The file as the server sends it.
async fn fetch(client: &Client, id: &TaskId, format: LogFormat, parts: &mut Parts) -> Result<(), WriteError> {
    let url = [&client.url(&paths::log(id)), "?format=", format.as_str()].concat();
    let mut stopped = None;
    let abort = parts.abort.clone();
    let end = download(&url, client.token(), &abort, |piece| {
        stopped = parts.push(piece).err();
        stopped.is_none()
    })
    .await;
    end.map_err(|end| match end {
        DownloadEnd::GivenUp => stopped.unwrap_or(WriteError::Cancelled),
        DownloadEnd::Refused(status, body) => WriteError::Said(said(&Failure::from_answer(status, None, &body))),
        DownloadEnd::Cut => WriteError::Said(
            "The connection was lost before the whole log was there. Nothing was saved: try again.".to_owned(),
        ),
    })
}

/// The events of a log, read once more: the page holds them folded only.
async fn read_events(client: &Client, id: &TaskId, parts: &mut Parts) -> Result<(), WriteError> {
    let mut cursor = LogCursor::default();
    loop {
        let events = client.log_since(id, &mut cursor).await;
        write_lines(&events.map_err(|failure| WriteError::Said(said(&failure)))?, parts)?;
        if !cursor.has_more() {
            return Ok(());
        }
    }
}

fn said(failure: &Failure) -> String {
    [&failure.to_string(), " Nothing was saved."].concat()
}

/// Lets the browser save the file under a name.
fn hand_out(file: &Blob, name: &str) -> Result<(), WriteError> {
    let failed = |_| WriteError::Said(NO_FILE.to_owned());
    let address = Url::create_object_url_with_blob(file).map_err(failed)?;
    let link: HtmlAnchorElement = document().create_element("a").map_err(failed)?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    set_timeout(move || drop(Url::revoke_object_url(&address)), FILE_KEPT);
    Ok(())
}

/// Letters, digits, dots, hyphens and underscores only; never hidden, never another folder.
fn file_name(name: &str) -> String {
    let keep = |char: char| char.is_alphanumeric() || matches!(char, '.' | '_');
    let safe: String = name.chars().map(|char| if keep(char) { char } else { '-' }).take(NAME_CHARS_MAX).collect();
    let safe = safe.trim_matches(['-', '.']);
    if safe.is_empty() { "log".to_owned() } else { safe.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_s_name_is_safe() {
        for (name, safe) in [
            ("octo/site.js-0193-ab", "octo-site.js-0193-ab"),
            ("../../etc/passwd", "etc-passwd"),
            (".hidden", "hidden"),
            ("a\"b\r\nc:d", "a-b--c-d"),
            ("日誌", "日誌"),
            ("", "log"),
        ] {
            assert_eq!(file_name(name), safe);
        }
        assert_eq!(file_name(&"x".repeat(500)).len(), NAME_CHARS_MAX);
    }
}
