//! The page of a log file: reads the file in slices, folds what it tells, and wires the log to it. No server is asked.

use std::cell::Cell;
use std::rc::Rc;

use agent_tasks::{LogFormat, Timestamp};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use log_files::Importer;
use session_log::LogDocument;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::file_drop::{Chosen, ChosenFile};
use super::log_choices::kept_log_choices;
use super::reading;
use super::route::file_spot;
use super::save_log::{self, Parts, WriteError};
use crate::files::{FileFacts, FilePage, Reading};
use crate::session::{LogContext, LogFind, LogPanel};
use crate::store::{Action, LogSpot, LogTarget};
use crate::ui::memo;

/// What is read from the disk at once, in bytes.
const READ_BYTES: f64 = 4_194_304.0;
/// What is read of that at once, in bytes: about a millisecond of work.
const PIECE_BYTES: usize = 65_536;
/// So long is worked before the page may paint, in milliseconds.
const WORK_MS: f64 = 20.0;
/// The most that is read of a file, in bytes: the page holds all of its text, in an address space of 4 GB.
const FILE_BYTES_MAX: f64 = 536_870_912.0;
/// The most steps of a file. Many small ones cost more than their text.
const STEPS_MAX: usize = 1_000_000;
/// What is said when the browser does not hand out the bytes.
const UNREADABLE: &str = "The browser could not read the file. It may have been moved or changed: open it again.";

/// An open file.
#[derive(Clone, Copy)]
struct OpenFile {
    facts: RwSignal<Option<FileFacts>>,
    document: RwSignal<LogDocument>,
    /// The moment of the newest event: in a file, time does not go on.
    now: RwSignal<Timestamp>,
}

/// A log file's page.
#[component]
pub(super) fn OpenFilePage(
    /// The file that was chosen.
    chosen: Chosen,
    /// The place that the address names.
    #[prop(into)]
    spot: Signal<Option<LogSpot>>,
) -> impl IntoView {
    let open = OpenFile {
        facts: RwSignal::new(None),
        document: RwSignal::new(LogDocument::default()),
        now: RwSignal::new(Timestamp::default()),
    };
    // What the reading of an earlier file looks at: it ends when another one is chosen, or the page is left.
    let wanted = StoredValue::new_local(None::<Rc<Cell<bool>>>);
    let give_up = move || {
        wanted.try_update_value(|wanted| wanted.take().inspect(|wanted| wanted.set(false)));
    };
    // A new log for every file: what was open in the one before is not open in the next.
    let generation = RwSignal::new(0_u32);
    Effect::new(move |_| {
        give_up();
        let Some(file) = chosen.get() else { return };
        open.begin(&file);
        generation.update(|generation| *generation += 1);
        let is_wanted = Rc::new(Cell::new(true));
        wanted.set_value(Some(Rc::clone(&is_wanted)));
        spawn_local(open.read(file.file, is_wanted));
    });
    on_cleanup(give_up);
    let on_stop = Callback::new(move |()| {
        give_up();
        open.change(|facts| facts.reading = Reading::Stopped);
    });

    document().set_title("Log file · Flightdeck");
    Effect::new(move |_| {
        if let Some(name) = open.facts.with(|facts| facts.as_ref().map(|facts| facts.name.clone())) {
            document().set_title(&format!("{name} · Flightdeck"));
        }
    });
    offer_download(open, chosen);
    // A file is read from its beginning; plain text is one step, which is opened.
    let target = memo(move || {
        let first = open.facts.with(|facts| {
            let kind = facts.as_ref().and_then(|facts| facts.told.kind);
            kind.map(|kind| if kind == log_files::FileKind::Text { 2 } else { 1 })
        });
        spot.get().map(LogTarget::Spot).or(first.map(LogTarget::Start))
    });
    let context = LogContext {
        document: open.document.into(),
        now: open.now.into(),
        task: memo(|| None),
        answer: RwSignal::new(Action::Ready).into(),
        answered: RwSignal::new(None),
        on_answer: Callback::new(|_| {}),
        target: target.into(),
        step_address: Callback::new(|seq| file_spot(LogSpot { seq, line: None })),
        choices: kept_log_choices(),
        find: Signal::stored(LogFind::Here),
        on_look: Callback::new(|_| {}),
        on_want: Callback::new(|_| {}),
        load_failure: RwSignal::new(None).into(),
        on_retry: Callback::new(|()| {}),
        on_spot: Callback::new(|spot| reading::set_address(&file_spot(spot))),
        on_place: Callback::new(|_| {}),
        is_finding: RwSignal::new(false),
    };
    view! {
        <FilePage file=open.facts on_stop>
            {move || {
                generation.track();
                view! { <LogPanel context/> }
            }}
        </FilePage>
    }
}

impl OpenFile {
    fn begin(self, chosen: &ChosenFile) {
        self.document.set(LogDocument::default());
        self.now.set(Timestamp::from_ms(chosen.file.last_modified() as i64));
        self.facts.set(Some(FileFacts {
            name: chosen.file.name(),
            size: chosen.file.size() as u64,
            others: chosen.others,
            told: log_files::Told::default(),
            reading: Reading::Running,
        }));
    }

    fn change(self, change: impl FnOnce(&mut FileFacts)) {
        self.facts.try_update(|facts| facts.as_mut().map(change));
    }

    /// Reads the file while it is wanted.
    async fn read(self, file: File, is_wanted: Rc<Cell<bool>>) {
        let mut importer = importer_of(&file);
        let is_too_large = file.size() > FILE_BYTES_MAX;
        let mut slices = Slices::new(file, FILE_BYTES_MAX);
        let end = loop {
            let started = now_ms();
            let mut events = Vec::new();
            let mut end = None;
            while end.is_none() && now_ms() - started < WORK_MS {
                match slices.next(|| is_wanted.get()).await {
                    Ok(Some(piece)) => events.extend(importer.push(piece)),
                    Ok(None) => {
                        events.extend(importer.finish());
                        end = Some(if is_too_large { Reading::Cut } else { Reading::Done });
                    }
                    Err(sentence) => {
                        // What was read stays; a file of which nothing was read is not an empty one.
                        if importer.told().bytes > 0 {
                            events.extend(importer.finish());
                        }
                        end = Some(Reading::Failed(sentence.to_owned()));
                    }
                }
                if !is_wanted.get() {
                    return;
                }
            }
            if let Some(event) = events.last() {
                self.now.try_set(event.timestamp);
            }
            let steps = self.document.try_update(|document| {
                for event in &events {
                    document.apply(event);
                }
                document.steps()
            });
            if steps.is_some_and(|steps| steps >= STEPS_MAX) {
                end = end.or(Some(Reading::Cut));
            }
            self.change(|facts| facts.told = importer.told().clone());
            if let Some(refusal) = importer.refusal() {
                break Reading::Failed(refusal.sentence());
            }
            match end {
                Some(end) => break end,
                None => TimeoutFuture::new(0).await,
            }
        };
        self.change(|facts| facts.reading = end);
    }
}

/// The bytes of a file, piece by piece.
struct Slices {
    file: File,
    /// Up to where it is read at most.
    size: f64,
    /// Up to where the file was read.
    read: f64,
    held: Vec<u8>,
    /// Up to where what is held was handed on.
    at: usize,
}

impl Slices {
    fn new(file: File, bytes_max: f64) -> Self {
        Self { size: file.size().min(bytes_max), file, read: 0.0, held: Vec::new(), at: 0 }
    }

    /// The next piece; `None` at the end, or when no more is wanted.
    async fn next(&mut self, is_wanted: impl Fn() -> bool) -> Result<Option<&[u8]>, &'static str> {
        if self.at == self.held.len() {
            if self.read >= self.size {
                return Ok(None);
            }
            let end = (self.read + READ_BYTES).min(self.size);
            let slice = self.file.slice_with_f64_and_f64(self.read, end).map_err(|_| UNREADABLE)?;
            let buffer = JsFuture::from(slice.array_buffer()).await.map_err(|_| UNREADABLE)?;
            if !is_wanted() {
                return Ok(None);
            }
            (self.read, self.at) = (end, 0);
            self.held = js_sys::Uint8Array::new(&buffer).to_vec();
        }
        let from = self.at;
        self.at = (from + PIECE_BYTES).min(self.held.len());
        Ok(Some(&self.held[from..self.at]))
    }
}

fn importer_of(file: &File) -> Importer {
    Importer::new(&file.name(), Timestamp::from_ms(file.last_modified() as i64))
}

fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// The log can be saved in other formats. Its events are read from the file again: the page holds them folded only.
fn offer_download(open: OpenFile, chosen: Chosen) {
    let formats = Signal::derive(move || {
        open.facts.with(|facts| facts.as_ref().map(|facts| formats_of(&facts.reading)).unwrap_or_default())
    });
    let name = move || {
        let name =
            open.facts.with_untracked(|facts| facts.as_ref().map(|facts| facts.name.clone())).unwrap_or_default();
        name.rsplit_once('.').map_or(name.clone(), |(stem, _)| stem.to_owned())
    };
    save_log::offer(formats, name, async move |format, parts| match (format, chosen.try_get_untracked().flatten()) {
        (LogFormat::Text | LogFormat::Ansi, _) => save_log::render(open.document, format, parts).await,
        (LogFormat::Jsonl | LogFormat::Raw, Some(chosen)) => write_events(chosen.file, parts).await,
        (LogFormat::Jsonl | LogFormat::Raw, None) => Err(WriteError::Said(UNREADABLE.to_owned())),
    });
}

/// What can be saved of a file that was read so far: all of it in each format. What is not in the page is in the file.
fn formats_of(reading: &Reading) -> Vec<LogFormat> {
    match reading {
        Reading::Done => vec![LogFormat::Jsonl, LogFormat::Text, LogFormat::Ansi],
        Reading::Stopped | Reading::Cut => vec![LogFormat::Jsonl],
        Reading::Running | Reading::Failed(_) => Vec::new(),
    }
}

async fn write_events(file: File, parts: &mut Parts) -> Result<(), WriteError> {
    let mut importer = importer_of(&file);
    let mut slices = Slices::new(file, f64::INFINITY);
    loop {
        let piece = slices.next(|| true).await.map_err(|said| WriteError::Said(said.to_owned()))?;
        let is_end = piece.is_none();
        let events = piece.map_or_else(Vec::new, |piece| importer.push(piece));
        let events = if is_end { importer.finish() } else { events };
        save_log::write_lines(&events, parts)?;
        if is_end {
            return Ok(());
        }
        TimeoutFuture::new(0).await;
    }
}
