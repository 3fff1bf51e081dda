//! The log on the screen: only rows near it are in the page. What is where is decided by [`Reader`]; this
//! file measures rows, moves the scroll bar, and nothing else touches either.

use agent_tasks::{SearchQuery, SearchWindow, Task, Timestamp};
use leptos::{html::Div, prelude::*};
use session_log::{Fold, Layout, LogDocument, PlacedRow, Row, RowPart, Want};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlElement, ResizeObserver};

use super::Answer;
use super::reader::{Frame, Reader};
use super::row::BodyRow;
use super::step_header::{StepHeader, depth_of};
use crate::store::{Action, LogChoices};
use crate::ui::{memo, px};

/// What the parts of the log share.
#[derive(Clone, Copy)]
pub struct LogContext {
    /// The log.
    pub document: Signal<LogDocument>,
    /// The present moment.
    pub now: Signal<Timestamp>,
    /// The task, once it is known.
    pub task: Memo<Option<Task>>,
    /// What came of the last answer.
    pub answer: Signal<Action>,
    /// The last answer.
    pub answered: RwSignal<Option<Answer>>,
    /// A permission request was answered.
    pub on_answer: Callback<Answer>,
    /// The event whose step the address names.
    pub target_seq: Signal<Option<u64>>,
    /// The address of the step that an event began.
    pub step_address: Callback<u64, String>,
    /// How this reader likes logs.
    pub choices: RwSignal<LogChoices>,
    /// Finds in what is not loaded.
    pub find: LogFind,
    /// Something is looked at that is not in the document.
    pub on_want: Callback<Vec<Want>>,
    /// Whether the find bar is open.
    pub is_finding: RwSignal<bool>,
}

/// How text is found in a log.
#[derive(Clone, Copy)]
pub enum LogFind {
    /// In the document: all of the log is in it.
    Here,
    /// By the server. The answer is what was found so far, or a sentence for people.
    ByServer(Callback<(SearchQuery, Callback<Result<SearchWindow, String>>)>),
}

/// The page's side of a reader.
#[derive(Clone, Copy)]
pub struct LogScreen {
    reader: StoredValue<Reader, LocalStorage>,
    frame: RwSignal<Frame>,
    scroll: NodeRef<Div>,
    space: NodeRef<Div>,
    rows: NodeRef<Div>,
}

impl LogScreen {
    /// A log that is read from its end.
    pub fn new() -> Self {
        Self {
            reader: StoredValue::new_local(Reader::default()),
            frame: RwSignal::new(Frame::default()),
            scroll: NodeRef::new(),
            space: NodeRef::new(),
            rows: NodeRef::new(),
        }
    }

    /// Changes what is open or shown, and keeps what is read where it is.
    pub fn arrange(self, context: LogContext, change: impl FnOnce(&mut Layout, &LogDocument)) {
        context.document.with_untracked(|document| {
            self.reader.update_value(|reader| {
                reader.let_go();
                reader.hold(|layout| change(layout, document));
            });
        });
        self.show(context);
    }

    /// The same for what is shown of the whole log: the tail stays followed.
    pub fn adapt(self, context: LogContext, change: impl FnOnce(&mut Layout, &LogDocument)) {
        context.document.with_untracked(|document| {
            self.reader.update_value(|reader| reader.hold(|layout| change(layout, document)));
        });
        self.show(context);
    }

    /// What the layout says; tells again when that changes.
    pub fn read<T>(self, work: impl FnOnce(&Layout) -> T) -> T {
        self.frame.track();
        self.reader.with_value(|reader| work(&reader.layout))
    }

    /// Brings a row to the middle of the screen; its step is opened if it is folded away.
    pub fn reveal(self, context: LogContext, row: Row) {
        context.document.with_untracked(|document| {
            self.reader.update_value(|reader| reader.reveal(document, row));
        });
        self.show(context);
    }

    /// What is on the page now; tells again when that changes.
    pub fn frame(self) -> ReadSignal<Frame> {
        self.frame.read_only()
    }

    /// How a step is folded; tells again when that changes.
    pub fn fold(self, step: usize) -> Fold {
        self.frame.track();
        self.reader.with_value(|reader| reader.layout.fold(step))
    }

    /// Opens or closes a step.
    pub fn toggle(self, context: LogContext, step: usize) {
        context.document.with_untracked(|document| {
            self.reader.update_value(|reader| {
                let fold = if reader.layout.fold(step) == Fold::Open { Fold::Closed } else { Fold::Open };
                reader.let_go();
                reader.hold(|layout| layout.set_fold(document, step, fold));
            });
        });
        self.show(context);
    }

    /// Works with the rows under a step's header.
    pub fn with_body<T>(self, step: usize, work: impl FnOnce(&session_log::Body) -> T) -> Option<T> {
        self.reader.with_value(|reader| reader.layout.body(step).map(work))
    }

    /// Takes in what changed and decides what is on the page.
    fn show(self, context: LogContext) {
        let Some(scroll) = self.scroll.get_untracked() else { return };
        let frame = context.document.with_untracked(|document| {
            self.reader.try_update_value(|reader| {
                reader.set_screen(f64::from(scroll.client_height()));
                reader.hold(|layout| layout.sync(document));
                if holds_selection(&scroll) {
                    reader.let_go();
                }
                reader.frame(document)
            })
        });
        if let Some(frame) = frame {
            self.frame.set(frame);
        }
    }

    /// Puts the elements where the frame says, and measures the rows that are there now.
    pub fn settle(self, context: LogContext) {
        // The log may have left the page since this was asked for.
        let Some(scroll) = self.scroll.try_get_untracked().flatten() else { return };
        let (Some(space), Some(rows)) = (self.space.get_untracked(), self.rows.get_untracked()) else { return };
        let frame = self.frame.get_untracked();
        set_style(&space, "height", frame.height);
        set_style(&rows, "top", frame.rows_top);
        if (f64::from(scroll.scroll_top()) - frame.scroll_top).abs() >= 1.0 {
            scroll.set_scroll_top(frame.scroll_top as i32);
        }
        let placed = f64::from(scroll.scroll_top());
        let heights = measured(&rows, &frame.rows);
        let is_news = self.reader.try_update_value(|reader| {
            reader.on_placed(placed);
            reader.hold(|layout| {
                heights.iter().fold(false, |is_news, &(row, height)| layout.measure(row, height) || is_news)
            })
        });
        if is_news == Some(true) {
            self.show(context);
        }
    }

    fn forget_heights(self, context: LogContext) {
        context.document.with_untracked(|document| {
            self.reader.update_value(|reader| reader.hold(|layout| layout.forget_heights(document)));
        });
    }
}

/// The log viewer.
#[component]
pub fn LogView(context: LogContext, screen: LogScreen) -> impl IntoView {
    let LogScreen { reader, frame, scroll, space, rows } = screen;
    let is_following = memo(move || frame.with(|frame| frame.is_following));
    let is_empty = memo(move || context.document.with(|document| document.steps() == 0));
    // The address is followed once, as soon as its step is there, and again when it changes.
    let awaited = StoredValue::new(None::<u64>);

    let on_scroll = move |_| {
        let Some(scroll) = scroll.get_untracked() else { return };
        // A screen that has just changed its height moves the scroll bar too; the reader has not.
        let screen_px = f64::from(scroll.client_height());
        if reader.try_with_value(|reader| reader.screen() == screen_px) != Some(true) {
            screen.show(context);
            return;
        }
        let top = f64::from(scroll.scroll_top());
        if reader.try_update_value(|reader| reader.on_scroll(top)) == Some(true) {
            screen.show(context);
        }
    };
    let on_latest = move |_| {
        reader.update_value(Reader::follow);
        deselect();
        screen.show(context);
        if let Some(scroll) = scroll.get_untracked() {
            let _ = scroll.focus();
        }
    };

    Effect::new(move |before: Option<Option<u64>>| {
        let target = context.target_seq.get();
        if before != Some(target) {
            awaited.set_value(target);
        }
        context.document.with(|document| {
            let Some(seq) = awaited.get_value() else { return };
            let step = (document.last_seq() >= seq).then(|| document.step_at_seq(seq)).flatten();
            if let Some(step) = step {
                awaited.set_value(None);
                reader.update_value(|reader| {
                    reader.layout.sync(document);
                    reader.go_to(document, step);
                });
            }
        });
        screen.show(context);
        target
    });
    Effect::new(move |_| {
        frame.track();
        // The rows of this frame are made by then, and nothing has been painted yet.
        queue_microtask(move || screen.settle(context));
    });
    Effect::new(move |_| {
        if let Some(scroll) = scroll.get() {
            watch_size(&scroll, screen, context);
        }
    });

    view! {
        <div class="log-view">
            <div
                class="log-view-scroll"
                role="log"
                aria-label="Session log"
                aria-live="off"
                tabindex="0"
                node_ref=scroll
                on:scroll=on_scroll
            >
                <div class="log-view-space" node_ref=space>
                    <div class="log-view-rows" node_ref=rows>
                        <For
                            each=move || frame.with(|frame| frame.rows.clone())
                            key=|placed| (placed.row, placed.version)
                            children=move |placed| view! { <LogRow context screen placed /> }
                        />
                    </div>
                </div>
                <Show when=move || is_empty.get()>
                    <p class="log-view-empty">"Nothing has happened yet. The log appears here as the agent works."</p>
                </Show>
            </div>
            <Show when=move || !is_following.get()>
                <button type="button" class="log-view-latest" on:click=on_latest>"Jump to latest"</button>
            </Show>
        </div>
    }
}

/// One row: a step's header, or a row under it.
#[component]
fn LogRow(context: LogContext, screen: LogScreen, placed: PlacedRow) -> impl IntoView {
    match placed.row.part {
        RowPart::Header => view! { <StepHeader context screen step=placed.row.step /> }.into_any(),
        RowPart::Body(row) => view! { <BodyRow context screen step=placed.row.step row attr:data-depth=depth_of(screen, placed.row.step) /> }.into_any(),
    }
}

/// The heights of the rows in the page; none while the page does not hold exactly these rows.
fn measured(rows: &Element, placed: &[PlacedRow]) -> Vec<(Row, f64)> {
    let children = rows.children();
    if children.length() as usize != placed.len() {
        return Vec::new();
    }
    let height = |(index, placed): (usize, &PlacedRow)| {
        let child = children.item(index as u32)?;
        Some((placed.row, child.get_bounding_client_rect().height()))
    };
    let heights: Vec<_> = placed.iter().enumerate().filter_map(height).collect();
    // A page that is not laid out (in a hidden part, for one) measures nothing.
    if heights.iter().all(|(_, height)| *height == 0.0) { Vec::new() } else { heights }
}

fn set_style(element: &HtmlElement, property: &str, length: f64) {
    let _ = element.style().set_property(property, &px(length));
}

/// Whether the reader has marked something in the log.
fn holds_selection(scroll: &Element) -> bool {
    let Ok(Some(selection)) = window().get_selection() else { return false };
    !selection.is_collapsed() && selection.anchor_node().is_some_and(|node| scroll.contains(Some(&node)))
}

fn deselect() {
    if let Ok(Some(selection)) = window().get_selection() {
        let _ = selection.remove_all_ranges();
    }
}

fn watch_size(scroll: &HtmlElement, screen: LogScreen, context: LogContext) {
    let watched = scroll.clone();
    let width = StoredValue::new(watched.client_width());
    let on_resize = Closure::<dyn Fn()>::new(move || {
        if width.try_get_value().is_some_and(|before| before != watched.client_width()) {
            width.set_value(watched.client_width());
            screen.forget_heights(context);
        }
        if width.try_get_value().is_some() {
            screen.show(context);
        }
    });
    let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) else { return };
    observer.observe(scroll);
    let kept = StoredValue::new_local((observer, on_resize));
    on_cleanup(move || {
        kept.try_with_value(|(observer, _)| observer.disconnect());
    });
}
