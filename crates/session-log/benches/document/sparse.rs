//! What it costs to open a log of a million lines by its outline, and to fill in what one screen shows.

use std::time::Instant;

use agent_tasks::OutlineWindow;
use session_log::{Fold, Layout, LogDocument, Want};

use crate::wire;
use crate::{WINDOW_PX, median, row};

/// Steps of the log, and lines of each.
const STEPS: usize = 25_000;
const LINES: usize = 40;
/// Steps that are told at first.
const TOLD: usize = 100;

/// Prints the figures.
pub fn print() {
    println!("\nopened by its outline: {STEPS} steps, {} lines", STEPS * LINES);
    let events = wire::steps(STEPS, LINES);
    let fold = |mut document: LogDocument| {
        for event in &events {
            document.apply(event);
        }
        document
    };
    let started = Instant::now();
    let light = fold(LogDocument::without_texts());
    row("fold all without texts, once", started.elapsed(), 1.0);
    let window = outline(&light, events.len() as u64);
    row("tell its end and its map", median(|| outline(&light, events.len() as u64)), 1.0);
    row("make a document of it", median(|| LogDocument::of_outline(&window)), 1.0);
    let laid_out = |document: &LogDocument| {
        let mut layout = Layout::default();
        layout.sync(document);
        layout
    };
    let document = LogDocument::of_outline(&window);
    row("lay it out", median(|| laid_out(&document)), 1.0);
    let filled = || {
        let mut document = document.clone();
        let mut layout = laid_out(&document);
        let started = Instant::now();
        let wants = (document.steps() - 6..document.steps()).map(|step| {
            layout.set_fold(&document, step, Fold::Open);
            document.wants(step, true, 0..LINES).expect("it is not there")
        });
        for want in wants.collect::<Vec<Want>>() {
            document.ask(&want);
            let Want::Text { from, to, .. } = want else { continue };
            document.fill(&want, Some((&events[from as usize - 1..to as usize], to)));
        }
        layout.sync(&document);
        let end = layout.height();
        assert!(!layout.window(&document, end - WINDOW_PX, end).is_empty());
        (started.elapsed(), document.bytes())
    };
    let (time, bytes) = filled();
    row("fill in and show its last screen, once", time, 1.0);
    println!("held for its last screen: {} KB of text", bytes / 1_000);
    println!("on the wire: {} KB", serde_json::to_string(&window).map_or(0, |json| json.len()) / 1_000);
    println!("held for all: {} KB of text", fold(LogDocument::default()).bytes() / 1_000);
}

fn outline(light: &LogDocument, last_seq: u64) -> OutlineWindow {
    let first = light.steps() - TOLD;
    OutlineWindow {
        last_seq,
        total: light.steps() as u32,
        first: first as u32,
        steps: (first..light.steps()).filter_map(|step| light.summary(step)).collect(),
        map: Some(light.map()),
        ..OutlineWindow::default()
    }
}
