//! The document as its readers see it: what a list of events becomes, and that nothing but the events
//! decides it.
#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use agent_tasks::Event;
use proptest::prelude::*;
use serde_json::{Value, json};
use session_log::{Applied, Body, Content, Fold, Layout, LogDocument, Row, RowPart, StepKind, StepState};

fn event(seq: u64, kind: &str, payload: Value) -> Event {
    serde_json::from_value(json!({
        "seq": seq, "session_id": "s1", "id": seq.to_string(), "timestamp": "2026-01-01T00:00:00Z", "type": kind, "data": payload,
    }))
    .unwrap()
}

fn fold(events: &[(&str, Value)]) -> LogDocument {
    let mut document = LogDocument::default();
    for (index, (kind, payload)) in events.iter().enumerate() {
        assert_eq!(document.apply(&event(index as u64 + 1, kind, payload.clone())), Applied::Taken);
    }
    document
}

/// All that a reader can see, with every step open.
fn dump(document: &LogDocument) -> Vec<String> {
    let mut layout = Layout::default();
    layout.sync(document);
    let mut rows = Vec::new();
    for index in 0..document.steps() {
        let step = document.step(index).unwrap();
        layout.set_fold(document, index, Fold::Open);
        rows.push(format!("{:?} {:?} {:?}", step.kind, step.state, document.text(&step.text)));
        let body = layout.body(index).unwrap();
        rows.extend((0..body.rows()).map(|row| format!("{:?}", body.content(step, row))));
    }
    // Offsets into the arena depend on the chunks, what they hold does not.
    rows.into_iter().map(|row| row.split("input: Text").next().unwrap_or_default().to_owned()).collect()
}

fn output(document: &LogDocument, step: usize) -> Vec<String> {
    let text = &document.step(step).unwrap().text;
    (0..text.lines()).map(|line| document.line(text, line).into_iter().map(|span| span.text).collect()).collect()
}

#[test]
fn a_session_becomes_steps() {
    let document = fold(&[
        ("session.requested", json!({"agentId": "rehearsal"})),
        ("user.message", json!({"content": "Fix **it**"})),
        ("session.start", json!({"sessionId": "a", "producer": "rehearsal 1", "selectedModel": "none"})),
        ("session.info", json!({"infoType": "stderr", "message": "one"})),
        ("session.info", json!({"infoType": "stderr", "message": "two"})),
        ("assistant.reasoning_delta", json!({"reasoningId": "r", "deltaContent": "Let me "})),
        ("assistant.reasoning", json!({"reasoningId": "r", "content": "Let me see"})),
        ("assistant.plan", json!({"entries": [{"content": "look", "status": "completed"}]})),
        ("tool.execution_start", json!({"toolCallId": "t", "toolName": "bash", "kind": "execute", "command": "make"})),
        ("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": "cc\n"})),
        (
            "tool.execution_complete",
            json!({"toolCallId": "t", "success": true, "result": {"contents": [{"type": "terminal", "exitCode": 2}]}}),
        ),
        (
            "permission.requested",
            json!({"requestId": "p", "permissionRequest": {"kind": "shell", "command": "rm x"}, "options": [{"optionId": "no", "name": "Reject", "kind": "reject_once"}]}),
        ),
        (
            "permission.completed",
            json!({"requestId": "p", "result": {"kind": "denied-interactively-by-user", "optionId": "no"}}),
        ),
        ("tool.execution_start", json!({"toolCallId": "u", "kind": "edit", "title": "Edit a"})),
        ("assistant.usage", json!({"inputTokens": 5})),
        ("weather.report", json!({"rain": true})),
        ("abort", json!({"reason": "user_initiated"})),
        ("session.shutdown", json!({"shutdownType": "routine", "report": {"remaining": 0}})),
    ]);
    let states: Vec<_> = (0..document.steps()).map(|index| document.step(index).unwrap().state).collect();
    use StepState::{Cancelled, Failed, Succeeded};
    assert_eq!(
        states,
        [
            Succeeded, Succeeded, Succeeded, Succeeded, Succeeded, Failed, Cancelled, Cancelled, Succeeded, Succeeded,
            Succeeded
        ]
    );
    assert_eq!(output(&document, 2), ["one", "two"]);
    assert_eq!(document.usage().and_then(|usage| usage.input_tokens), Some(5));
    assert!(document.is_settled());
    let StepKind::Tool(tool) = &document.step(5).unwrap().kind else { panic!() };
    assert_eq!((tool.command.as_deref(), tool.exit_code), (Some("make"), Some(2)));
    let StepKind::Permission(permission) = &document.step(6).unwrap().kind else { panic!() };
    assert_eq!(permission.chosen(), Some("Reject"));
    assert!(matches!(&document.step(8).unwrap().kind, StepKind::Unknown(word) if word == "weather.report"));
}

#[test]
fn nothing_is_told_twice() {
    let plan = |status: &str| ("assistant.plan", json!({"entries": [{"content": "look", "status": status}]}));
    let document = fold(&[
        plan("pending"),
        plan("completed"),
        ("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "false"})),
        (
            "tool.execution_complete",
            json!({"toolCallId": "t", "success": false, "error": {"message": "exit code 1"},
                "result": {"contents": [{"type": "terminal", "exitCode": 1}]}}),
        ),
        ("session.error", json!({"errorType": "agent", "message": "it crashed", "stack": "at main"})),
        ("session.shutdown", json!({"shutdownType": "error", "errorReason": "it crashed"})),
    ]);
    let mut layout = Layout::default();
    layout.sync(&document);
    assert_eq!([layout.fold(1), layout.fold(2)], [Fold::Closed, Fold::Closed], "the newest plan stands above the log");
    assert_eq!(layout.body(3).unwrap().rows(), 0, "the header tells the exit code");
    let StepKind::Shutdown(end) = &document.step(5).unwrap().kind else { panic!() };
    assert_eq!((end.error_reason.as_deref(), document.step(5).unwrap().state), (None, StepState::Failed));
}

#[test]
fn gaps_and_repetitions_are_told() {
    let mut document = LogDocument::default();
    let prompt = |seq| event(seq, "user.message", json!({"content": "x"}));
    assert_eq!(document.apply(&prompt(2)), Applied::Gap(1));
    assert_eq!(document.apply(&prompt(1)), Applied::Taken);
    assert_eq!(document.apply(&prompt(1)), Applied::Repeated);
    assert_eq!((document.last_seq(), document.steps()), (1, 2));
    assert_eq!(LogDocument::starting_after(500).apply(&prompt(501)), Applied::Taken);
}

#[test]
fn cumulative_output_is_stored_once() {
    let mut events = vec![("tool.execution_start", json!({"toolCallId": "t"}))];
    let mut whole = String::new();
    for line in 0..500 {
        whole.push_str(&format!("line {line}\n"));
        events.push((
            "tool.execution_partial_result",
            json!({"toolCallId": "t", "partialOutput": whole, "replace": true}),
        ));
    }
    events.push(("tool.execution_complete", json!({"toolCallId": "t", "success": true, "result": {"content": whole}})));
    let document = fold(&events);
    assert_eq!(document.bytes(), whole.len());
    assert_eq!(output(&document, 1).len(), 500);
}

#[test]
fn a_message_that_comes_again_replaces_itself() {
    let document = fold(&[
        ("assistant.message", json!({"messageId": "m", "content": "Look"})),
        ("assistant.message", json!({"messageId": "n", "content": "Other"})),
        ("assistant.message", json!({"messageId": "m", "content": "Looking at it\nagain"})),
    ]);
    assert_eq!(document.steps(), 3, "the session and two messages");
    assert_eq!(document.text(&document.step(1).unwrap().text), "Looking at it\nagain");
    assert_eq!(output(&document, 1), ["Looking at it", "again"]);
}

#[test]
fn colour_goes_on_over_lines_and_long_lines_are_cut() {
    let long = format!("\u{1b}[31mred\nstill\u{1b}[0m\nplain\n\u{1b}[32m{}", "x".repeat(1_000_000));
    let document = fold(&[("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": long}))]);
    let text = &document.step(1).unwrap().text;
    let colour = |line| document.line(text, line).first().map(|span| span.style.foreground);
    assert_eq!(colour(1), colour(0));
    assert_ne!(colour(2), colour(0));
    assert!(text.lines() > 200 && (0..text.lines()).all(|line| text.line_len(line) < 4_200));
    assert_ne!(colour(100), colour(2));
    assert_eq!(output(&document, 1)[3..].concat(), "x".repeat(1_000_000));
}

#[test]
fn progress_bars_and_endless_sequences_stay_small() {
    let bar: String = (0..50_000).map(|percent| format!("\r{percent}%")).collect();
    let title = format!("a\u{1b}]0;{}\u{7}b\nc", "t".repeat(100_000));
    let open = format!("\u{1b}]52;c;{}\nseen", "Zm9v".repeat(5_000));
    let document = fold(&[
        ("tool.execution_partial_result", json!({"toolCallId": "1", "partialOutput": bar})),
        ("tool.execution_partial_result", json!({"toolCallId": "2", "partialOutput": title})),
        ("tool.execution_partial_result", json!({"toolCallId": "3", "partialOutput": open})),
    ]);
    assert_eq!(output(&document, 1).last().map(String::as_str), Some("49999%"));
    assert!(output(&document, 1).len() < 10);
    assert_eq!(output(&document, 2).concat(), "abc");
    assert_eq!(output(&document, 3).concat(), "seen");
}

#[test]
fn a_window_is_a_slice_of_all_rows() {
    let lines: String = (0..3_000).map(|line| format!("{line}\n")).collect();
    let document = fold(&[
        ("user.message", json!({"content": "a\n\nb"})),
        ("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": lines})),
        ("assistant.message", json!({"messageId": "m", "content": "done"})),
    ]);
    let mut layout = Layout::default();
    layout.sync(&document);
    let closed = layout.height();
    layout.set_fold(&document, 2, Fold::Open);
    let all = layout.window(&document, 0.0, f64::MAX);
    let rows = |step: usize| 1 + layout.body(step).map_or(0, Body::rows);
    assert_eq!(all.len(), (0..document.steps()).map(rows).sum::<usize>());
    let seen = layout.window(&document, 20_000.0, 20_600.0);
    let first = all.iter().position(|row| *row == seen[0]).unwrap();
    assert_eq!(seen, all[first..first + seen.len()]);
    assert!(seen[0].top <= 20_000.0 && seen.len() < 40);
    let anchor = layout.anchor(20_000.0).unwrap();
    assert!(layout.measure(Row { step: 1, part: RowPart::Body(0) }, 500.0));
    assert!(layout.offset(anchor) > 20_400.0, "the anchor moves with its row");
    layout.set_fold(&document, 2, Fold::Preview);
    layout.measure(Row { step: 1, part: RowPart::Body(0) }, 48.0);
    assert_eq!(layout.height(), closed);
    assert!(matches!(layout.body(2).unwrap().content(document.step(2).unwrap(), 0), Some(Content::Earlier(2_995))));
}

/// A piece of output with what makes trouble.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{0,12}",
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\r".to_owned()),
        Just("\u{1b}[3".to_owned()),
        Just("1m".to_owned()),
        Just("\u{1b}]0;x".to_owned()),
        Just("ä漢🚀".to_owned()),
        (4_000usize..5_000).prop_map(|len| "é".repeat(len)),
        (1_000usize..70_000).prop_map(|len| "z".repeat(len)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn chunks_do_not_matter(pieces in prop::collection::vec(piece(), 0..24), other in "[a-z\n]{0,20}", keep in 0usize..100) {
        let whole: String = pieces.concat();
        let part = |id: &str, text: &str, replace: bool| ("tool.execution_partial_result", json!({"toolCallId": id, "partialOutput": text, "replace": replace}));
        let at_once = fold(&[part("a", &whole, false), part("b", &other, false)]);
        let mut chunked = vec![part("a", "", false), part("b", &other, false)];
        chunked.extend(pieces.iter().map(|piece| part("a", piece, false)));
        prop_assert_eq!(dump(&fold(&chunked)), dump(&at_once));
        // Taken back to any place and told again, it is the same.
        let cut = whole.char_indices().map(|(at, _)| at).nth(keep * whole.chars().count() / 100).unwrap_or(0);
        chunked.push(part("a", &format!("{}\u{1b}[4mother\n{}", &whole[..cut], "q".repeat(9_000)), true));
        chunked.push(part("a", &whole, true));
        prop_assert_eq!(dump(&fold(&chunked)), dump(&at_once));
    }

    #[test]
    fn deltas_say_what_the_whole_says(pieces in prop::collection::vec("(\\PC|\n|`|- |#){0,10}", 0..12)) {
        let mut events: Vec<_> = pieces.iter().map(|piece| ("assistant.message_delta", json!({"messageId": "m", "deltaContent": piece}))).collect();
        let whole = ("assistant.message", json!({"messageId": "m", "content": pieces.concat()}));
        events.push(whole.clone());
        let streamed = dump(&fold(&events));
        if pieces.iter().any(|piece| !piece.is_empty()) {
            prop_assert_eq!(streamed, dump(&fold(&[whole])));
        }
    }
}

#[test]
fn the_end_of_one_session_leaves_one_that_waits_alone() {
    let mut document = fold(&[
        ("session.requested", json!({})),
        ("session.start", json!({"sessionId": "a"})),
        ("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "make"})),
    ]);
    let waiting = Event { session_id: agent_tasks::SessionId("s2".into()), ..event(4, "session.requested", json!({})) };
    document.apply(&waiting);
    document.apply(&event(5, "session.shutdown", json!({"shutdownType": "routine"})));
    let states: Vec<_> = (0..document.steps()).map(|index| document.step(index).unwrap().state).collect();
    let of_kind = |is_kind: fn(&StepKind) -> bool| {
        let found = (0..document.steps()).filter(|&index| is_kind(&document.step(index).unwrap().kind));
        found.map(|index| states[index]).collect::<Vec<_>>()
    };
    assert_eq!(of_kind(|kind| matches!(kind, StepKind::Session(_))).last(), Some(&StepState::Waiting));
    assert_eq!(of_kind(|kind| matches!(kind, StepKind::Tool(_))), [StepState::Cancelled]);
}
