//! How fast a log becomes a document, and how that grows: ratios against the least that a viewer can do,
//! which is to decode the same events and keep their lines in a list of strings; then what each thing that a
//! reader does costs in logs of ten and a hundred times the length.
//!
//! `cargo xtask bench` runs it. Every figure is the median of several runs in one process.

mod arranging;
mod growth;
mod wire;

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use agent_tasks::{Event, EventBody};
use session_log::{Fold, Layout, LogDocument};
use wire::{LINES_PER_EVENT, wire};

/// Runs of each measurement.
const RUNS: usize = 7;
/// Lines of the shorter log; the longer one has twice as many.
const LINES: usize = 100_000;
/// The height of a reader's window, in pixels.
const WINDOW_PX: f64 = 900.0;

fn main() {
    let (once, twice) = (wire(LINES), wire(2 * LINES));
    let bytes: usize = once.iter().map(String::len).sum();
    println!("a log of {LINES} lines in {} events, {} KB on the wire", once.len(), bytes / 1_000);

    let baseline = median(|| list_of_lines(&once));
    let folded = median(|| fold(&once));
    let folded_twice = median(|| fold(&twice));
    row("decode, keep a list of lines", baseline, 1.0);
    row("decode, fold into the document", folded, ratio(folded, baseline));
    row("the same for twice the log", folded_twice, ratio(folded_twice, folded));

    let (document, long_document) = (fold(&once), fold(&twice));
    let open_all = |document: &LogDocument| {
        let mut layout = Layout::default();
        layout.sync(document);
        for step in 0..document.steps() {
            layout.set_fold(document, step, Fold::Open);
        }
        layout
    };
    let (mut layout, mut long_layout) = (open_all(&document), open_all(&long_document));
    let window = |layout: &mut Layout, document: &LogDocument| {
        let top = layout.height() / 2.0;
        layout.window(document, top, top + WINDOW_PX).len()
    };
    let near = median(|| window(&mut layout, &document));
    let far = median(|| window(&mut long_layout, &long_document));
    row("one window of rows in its middle", near, 1.0);
    row("the same for twice the log", far, ratio(far, near));

    let mut document = fold(&once);
    let mut layout = open_all(&document);
    let next = wire(LINES + LINES_PER_EVENT);
    let event: Event = serde_json::from_str(&next[next.len() - 2]).expect("written above");
    let event = Event { seq: document.last_seq() + 1, ..event };
    let started = Instant::now();
    document.apply(&event);
    layout.sync(&document);
    black_box(window(&mut layout, &document));
    let appended = started.elapsed();
    row("append one event and show its window", appended, ratio(appended, baseline));
    println!("held for {LINES} lines: {} KB of text", document.bytes() / 1_000);
    growth::print();
    arranging::print();
}

fn list_of_lines(wire: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    for text in wire {
        let event: Event = serde_json::from_str(text).expect("written above");
        if let EventBody::ToolExecutionPartialResult(part) = event.body {
            lines.extend(part.partial_output.lines().map(str::to_owned));
        }
    }
    lines
}

fn fold(wire: &[String]) -> LogDocument {
    let mut document = LogDocument::default();
    for text in wire {
        let event: Event = serde_json::from_str(text).expect("written above");
        document.apply(&event);
    }
    document
}

fn median<T>(mut work: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let started = Instant::now();
            black_box(work());
            started.elapsed()
        })
        .collect();
    middle(&mut times)
}

fn middle(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

fn row(what: &str, time: Duration, ratio: f64) {
    println!("{:>10.4} ms  {ratio:>7.3}  {what}", time.as_secs_f64() * 1_000.0);
}
