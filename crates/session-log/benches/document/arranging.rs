//! What opening, closing and leaving out cost in a log of many steps: until the rows of the next screen are chosen.

use std::{hint::black_box, time::Duration};

use agent_tasks::Event;
use serde_json::{Value, json};
use session_log::{Fold, Layout, Level, LogDocument, Showing, StepClass};

use crate::{RUNS, WINDOW_PX, median, middle};

/// Steps of the shorter log; the longer one has ten times as many.
const STEPS: usize = 2_500;
/// Lines of the step that is opened and closed.
const LINES: usize = 20_000;

/// Prints the table.
pub fn print() {
    for steps in [STEPS, 10 * STEPS] {
        let document = mixed(steps);
        println!("\narranging: {} steps, {} KB of text", document.steps(), document.bytes() / 1_000);
        let mut layout = Layout::default();
        let of_level = |level| Showing { level, ..Showing::default() };
        let no_reads = Showing { hidden: vec![StepClass::Read, StepClass::Reasoning], ..Showing::default() };
        let errors = Showing { is_errors_only: true, ..Showing::default() };
        tell("lay out from nothing", median(|| Layout::default().sync(&document)));
        layout.sync(&document);
        let all = of_level(Level::All);
        for (what, from, to) in [
            ("expand all", &Showing::default(), &all),
            ("collapse all", &all, &of_level(Level::Lines)),
            ("prompts and messages", &Showing::default(), &of_level(Level::Messages)),
            ("sessions only", &all, &of_level(Level::Sessions)),
            ("leave out two kinds", &Showing::default(), &no_reads),
            ("errors only", &Showing::default(), &errors),
        ] {
            tell(what, arrange(&mut layout, &document, from, to));
        }
        layout.set_showing(&document, &Showing::default());
        let long = document.steps() / 2;
        let long =
            (long..document.steps()).find(|&step| document.step(step).is_some_and(|step| step.text.lines() >= LINES));
        let long = long.expect("the bench made one");
        let mut toggle = |fold| {
            layout.set_fold(&document, long, fold);
            layout.window(&document, layout.height() / 2.0, layout.height() / 2.0 + WINDOW_PX).len()
        };
        tell("open and close a step of 20,000 lines", median(|| (toggle(Fold::Open), toggle(Fold::Closed))));
    }
}

fn arrange(layout: &mut Layout, document: &LogDocument, from: &Showing, to: &Showing) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            layout.show_again(document, from);
            let started = std::time::Instant::now();
            layout.set_showing(document, to);
            let top = layout.height() / 2.0;
            black_box(layout.window(document, top, top + WINDOW_PX).len());
            started.elapsed()
        })
        .collect();
    middle(&mut times)
}

fn tell(what: &str, time: Duration) {
    println!("{:>10.3} ms  {what}", time.as_secs_f64() * 1_000.0);
}

/// Messages, thoughts, reads, commands with some output, changes, an error now and then, and one long command.
fn mixed(steps: usize) -> LogDocument {
    let mut document = LogDocument::default();
    let mut say = |kind: &str, payload: Value| {
        let seq = document.last_seq() + 1;
        let event: Event = serde_json::from_value(json!({
            "seq": seq, "session_id": "s", "id": seq.to_string(), "timestamp": "2026-01-01T00:00:00Z", "type": kind, "data": payload,
        }))
        .expect("written by the bench");
        document.apply(&event);
    };
    for step in 0..steps {
        let id = step.to_string();
        let call = |kind: &str, command: Option<&str>| json!({"toolCallId": id, "toolName": kind, "kind": kind, "command": command, "title": "do it"});
        let done = |lines: usize| json!({"toolCallId": id, "success": step % 97 != 0, "result": {"content": "a line of output\n".repeat(lines)}});
        match step % 10 {
            0 => say(
                "assistant.message",
                json!({"messageId": id, "content": "So **this** is done.\n\n- one\n- two\n\nAnd that.\n".repeat(3)}),
            ),
            1 => say("assistant.reasoning", json!({"reasoningId": id, "content": "It may be this.\n\nOr that.\n"})),
            2..=6 => {
                say("tool.execution_start", call("read", None));
                say("tool.execution_complete", done(40));
            }
            7 | 8 => {
                say("tool.execution_start", call("execute", Some("cargo test --workspace")));
                say("tool.execution_complete", done(if step / 10 == steps * 3 / 40 { LINES } else { 60 }));
            }
            _ => {
                let change = json!([{"type": "diff", "path": "src/a.rs", "oldText": "one\ntwo\n", "newText": "one\nthree\n".repeat(8)}]);
                say("tool.execution_start", call("edit", None));
                say(
                    "tool.execution_complete",
                    json!({"toolCallId": id, "success": true, "result": {"contents": change}}),
                );
            }
        }
    }
    document
}
