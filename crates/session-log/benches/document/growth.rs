//! What each thing that a reader does costs, in logs of growing length. Steep growth is the figure to watch:
//! ten times the lines may cost ten times as much to take in and to search, and no more to look at.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use agent_tasks::Event;
use session_log::{FindOptions, Finder, Fold, Layout, LogDocument, Query};

use crate::wire::{FREQUENT, FREQUENT_LINES, RARE, RARE_LINES, wire};
use crate::{RUNS, WINDOW_PX, median, middle};

/// Lines of the logs.
const LENGTHS: [usize; 3] = [10_000, 100_000, 1_000_000];
/// What one slice of a search may cost, in bytes.
const SLICE_BYTES: usize = 1 << 20;

/// One figure of one log.
struct Figure {
    what: &'static str,
    time: Duration,
    /// Whether it is worth telling per byte.
    is_of_bytes: bool,
}

/// Prints the table.
pub fn print() {
    println!("\ngrowth: logs of ten and of a hundred times the lines, against the first one");
    let mut shortest: Vec<Duration> = Vec::new();
    for lines in LENGTHS {
        let (bytes, figures) = figures(lines);
        println!("{lines} lines, {} KB of text", bytes / 1_000);
        for (index, figure) in figures.iter().enumerate() {
            let speed = if figure.is_of_bytes {
                format!("{:>8.0} MB/s", bytes as f64 / 1e6 / figure.time.as_secs_f64())
            } else {
                " ".repeat(13)
            };
            let growth = shortest
                .get(index)
                .map_or(String::new(), |first| format!("x{:.1}", figure.time.as_secs_f64() / first.as_secs_f64()));
            println!("{:>14} ns {speed} {growth:>7}  {}", figure.time.as_nanos(), figure.what);
        }
        if shortest.is_empty() {
            shortest = figures.iter().map(|figure| figure.time).collect();
        }
    }
}

fn figures(lines: usize) -> (usize, Vec<Figure>) {
    let events: Vec<Event> =
        wire(lines).iter().map(|text| serde_json::from_str(text).expect("written by the bench")).collect();
    let fold = || {
        let mut document = LogDocument::default();
        events.iter().for_each(|event| {
            document.apply(event);
        });
        document
    };
    let document = fold();
    let mut layout = Layout::default();
    layout.sync(&document);
    let step = document.steps() - 1;
    let mut toggle = || {
        let fold = if layout.fold(step) == Fold::Open { Fold::Closed } else { Fold::Open };
        layout.set_fold(&document, step, fold);
        layout.height()
    };
    let toggled = median(|| (toggle(), toggle())) / 2;
    layout.set_fold(&document, step, Fold::Open);
    let middle_px = layout.height() / 2.0;
    let of_bytes = |what, time| Figure { what, time, is_of_bytes: true };
    let of_view = |what, time| Figure { what, time, is_of_bytes: false };
    let mut figures = vec![
        of_bytes("append all", median(fold)),
        of_view("one window", median(|| layout.window(&document, middle_px, middle_px + WINDOW_PX).len())),
        of_view("open or close the step", toggled),
    ];
    let any = FindOptions::default();
    let case = FindOptions { is_case_sensitive: true, ..any };
    let regex = FindOptions { is_regex: true, ..any };
    for (what, text, options, hits) in [
        ("find 3 hits, case matters", RARE, case, RARE_LINES),
        ("find 3 hits, in any case", RARE, any, RARE_LINES),
        ("find 10,000 hits, case matters", FREQUENT, case, FREQUENT_LINES),
        ("find 10,000 hits, in any case", FREQUENT, any, FREQUENT_LINES),
        ("find 3 hits by `needle [0-9]+`", "needle [0-9]+", regex, RARE_LINES),
        ("find 3 hits by `(needle|thread) [0-9]+`", "(needle|thread) [0-9]+", regex, RARE_LINES),
    ] {
        let query = Query::new(text, options).expect("it is a good one");
        let found = Search::run(&document, &query);
        assert!(found.total.abs_diff(hits) <= RARE_LINES, "{what}: {}", found.total);
        figures.push(of_bytes(what, found.all));
        figures.push(of_view("  its first hit", found.first));
        figures.push(of_view("  its longest slice", found.longest));
    }
    (document.bytes(), figures)
}

/// How long a search took.
struct Search {
    total: usize,
    first: Duration,
    all: Duration,
    longest: Duration,
}

impl Search {
    fn run(document: &LogDocument, query: &Query) -> Self {
        let (mut firsts, mut alls, mut longests, mut total) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for _ in 0..RUNS {
            let mut finder = Finder::new(query.clone());
            let started = Instant::now();
            let (mut first, mut longest) = (None, Duration::ZERO);
            loop {
                let slice = Instant::now();
                let progress = black_box(finder.advance(document, SLICE_BYTES));
                longest = longest.max(slice.elapsed());
                if progress.total > 0 {
                    first.get_or_insert_with(|| started.elapsed());
                }
                if progress.is_done {
                    total = progress.total;
                    break;
                }
            }
            alls.push(started.elapsed());
            firsts.push(first.unwrap_or_default());
            longests.push(longest);
        }
        let (first, all, longest) = (middle(&mut firsts), middle(&mut alls), middle(&mut longests));
        Self { total, first, all, longest }
    }
}
