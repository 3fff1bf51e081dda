//! The layout as its readers see it: a window is a slice of everything, and what is folded unfolds as it was.
#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use agent_tasks::Event;
use proptest::prelude::*;
use serde_json::{Value, json};
use session_log::{Applied, Fold, Layout, LogDocument, Outline, OutlineKind, Row, RowPart, StepState};

type Told = (&'static str, Value);

fn apply(document: &mut LogDocument, (kind, payload): &Told) {
    let seq = document.last_seq() + 1;
    let event: Event = serde_json::from_value(json!({
        "seq": seq, "session_id": "s1", "id": seq.to_string(), "timestamp": "2026-01-01T00:00:00Z", "type": kind, "data": payload,
    }))
    .unwrap();
    assert_eq!(document.apply(&event), Applied::Taken);
}

fn told() -> impl Strategy<Value = Told> {
    let id = || prop_oneof![Just("t"), Just("u"), Just("v")];
    prop_oneof![
        4 => (id(), 0usize..300, any::<bool>()).prop_map(|(id, lines, replace)| (
            "tool.execution_partial_result",
            json!({"toolCallId": id, "partialOutput": "line\n".repeat(lines), "replace": replace}),
        )),
        1 => id().prop_map(|id| ("tool.execution_start", json!({"toolCallId": id, "kind": "execute", "command": "make"}))),
        1 => (id(), any::<bool>()).prop_map(|(id, success)| ("tool.execution_complete", json!({"toolCallId": id, "success": success}))),
        2 => "(a|\n\n|- ){0,20}".prop_map(|text| ("assistant.message_delta", json!({"messageId": "m", "deltaContent": text}))),
        1 => "(a|\n\n){0,20}".prop_map(|text| ("user.message", json!({"content": text}))),
        1 => Just(("assistant.plan", json!({"entries": [{"content": "one"}, {"content": "two"}]}))),
        1 => Just(("session.error", json!({"errorType": "agent", "message": "one\ntwo"}))),
        1 => Just(("session.shutdown", json!({"shutdownType": "routine"}))),
    ]
}

/// Where a row is and how tall, counted row by row.
fn naive(document: &LogDocument, layout: &Layout, heights: &[(Row, f64)]) -> Vec<(Row, f64, f64)> {
    let mut rows = Vec::new();
    let mut top = 0.0;
    let prose = |step: usize| {
        use session_log::StepKind::{Message, Permission, Prompt, Reasoning, Shutdown};
        matches!(document.step(step).unwrap().kind, Prompt | Message | Reasoning | Permission(_) | Shutdown(_))
    };
    for step in (0..document.steps()).filter(|&step| !layout.is_hidden(step)) {
        let body = (0..layout.body(step).map_or(0, session_log::Body::rows)).map(RowPart::Body);
        for part in std::iter::once(RowPart::Header).chain(body) {
            let row = Row { step, part };
            let guess = match part {
                RowPart::Header => 36.0,
                RowPart::Body(_) if prose(step) => 48.0,
                RowPart::Body(_) => 20.0,
            };
            let height = heights.iter().rev().find(|(seen, _)| *seen == row).map_or(guess, |(_, height)| *height);
            rows.push((row, top, height));
            top += height;
        }
    }
    rows
}

/// Rows are worked out when they come near the screen.
fn see_all(document: &LogDocument, layout: &mut Layout) {
    layout.window(document, 0.0, f64::MAX);
}

fn fold_of(number: usize) -> Fold {
    [Fold::Closed, Fold::Preview, Fold::Open][number % 3]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn a_window_is_a_slice_of_a_naive_rendering(
        events in prop::collection::vec(told(), 1..16),
        folds in prop::collection::vec((0usize..16, 0usize..3), 0..8),
        seen in prop::collection::vec((0usize..2_000, 1u16..90), 0..12),
        at in 0.0f64..1.2,
        screen in 1.0f64..900.0,
    ) {
        let (mut document, mut layout) = (LogDocument::default(), Layout::default());
        for (index, told) in events.iter().enumerate() {
            apply(&mut document, told);
            if index % 3 == 0 {
                layout.sync(&document);
            }
        }
        layout.sync(&document);
        for (step, fold) in folds {
            layout.set_fold(&document, step % document.steps(), fold_of(fold));
        }
        see_all(&document, &mut layout);
        let rows: Vec<Row> = naive(&document, &layout, &[]).into_iter().map(|(row, ..)| row).collect();
        let heights: Vec<(Row, f64)> = seen.iter().map(|(row, height)| (rows[row % rows.len()], f64::from(*height))).collect();
        for (row, height) in &heights {
            layout.measure(*row, *height);
        }
        let all = naive(&document, &layout, &heights);
        let end = all.last().map_or(0.0, |(_, top, height)| top + height);
        prop_assert_eq!(layout.height(), end);
        let top = (at * end).floor();
        let placed: Vec<(Row, f64)> = layout.window(&document, top, top + screen).iter().map(|row| (row.row, row.top)).collect();
        let slice: Vec<(Row, f64)> = all
            .iter()
            .filter(|(_, row_top, height)| row_top + height > top && *row_top < top + screen)
            .map(|(row, top, _)| (*row, *top))
            .collect();
        // Past the end there is no row, and below the last one a window holds it all the same.
        if top < end {
            prop_assert_eq!(placed, slice);
        }
    }

    #[test]
    fn collapse_and_expand_come_back_to_the_same_heights(
        events in prop::collection::vec(told(), 1..16),
        toggled in prop::collection::vec((0usize..16, 0usize..3), 0..12),
    ) {
        let (mut document, mut layout) = (LogDocument::default(), Layout::default());
        events.iter().for_each(|told| apply(&mut document, told));
        layout.sync(&document);
        see_all(&document, &mut layout);
        let tops = |layout: &Layout| -> Vec<f64> {
            (0..document.steps()).map(|step| layout.top(Row { step, part: RowPart::Header })).chain([layout.height()]).collect()
        };
        let (before, folds): (_, Vec<Fold>) = (tops(&layout), (0..document.steps()).map(|step| layout.fold(step)).collect());
        for (step, fold) in toggled {
            layout.set_fold(&document, step % document.steps(), fold_of(fold));
        }
        for (step, fold) in folds.into_iter().enumerate() {
            layout.set_fold(&document, step, fold);
        }
        prop_assert_eq!(tops(&layout), before);
    }

    #[test]
    fn an_outline_that_follows_is_one_made_at_the_end(events in prop::collection::vec((told(), any::<bool>()), 0..20)) {
        let (mut document, mut followed) = (LogDocument::default(), Outline::default());
        for (told, is_synced) in &events {
            apply(&mut document, told);
            if *is_synced {
                followed.sync(&document);
            }
        }
        let mut at_once = Outline::default();
        at_once.sync(&document);
        followed.sync(&document);
        prop_assert_eq!(followed.rows(), at_once.rows());
        prop_assert!(!followed.sync(&document));
    }
}

#[test]
fn an_outline_has_the_steps_that_matter() {
    let (mut document, mut outline) = (LogDocument::default(), Outline::default());
    for told in [
        ("user.message", json!({"content": "\nFix it\nplease"})),
        ("assistant.reasoning", json!({"reasoningId": "r", "content": "hm"})),
        ("assistant.message_delta", json!({"messageId": "m", "deltaContent": "I "})),
    ] {
        apply(&mut document, &told);
    }
    assert!(outline.sync(&document));
    for told in [
        ("assistant.message_delta", json!({"messageId": "m", "deltaContent": "see"})),
        ("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "make\nmake install"})),
        ("tool.execution_start", json!({"toolCallId": "u", "toolName": "view", "title": "Read a.rs"})),
        ("tool.execution_complete", json!({"toolCallId": "t", "success": false})),
        (
            "permission.requested",
            json!({"requestId": "p", "permissionRequest": {"kind": "shell", "command": "rm x"}, "options": []}),
        ),
        ("session.error", json!({"errorType": "agent", "message": "it broke"})),
        ("session.shutdown", json!({"shutdownType": "error", "errorReason": "no money"})),
    ] {
        apply(&mut document, &told);
    }
    assert!(outline.sync(&document));
    let titles: Vec<String> = outline.rows().iter().map(|row| document.title_of(row.step)).collect();
    let rows: Vec<_> = outline
        .rows()
        .iter()
        .zip(&titles)
        .map(|(row, title)| (row.step, row.kind, row.state, title.as_str()))
        .collect();
    use OutlineKind::{End, Error, Message, Permission, Prompt, Tool};
    use StepState::{Cancelled, Failed, Succeeded};
    assert_eq!(
        rows,
        [
            (1, Prompt, Succeeded, "Fix it"),
            (3, Message, Cancelled, "I see"),
            (4, Tool, Failed, "make"),
            (5, Tool, Cancelled, "Read a.rs"),
            (6, Permission, Cancelled, "rm x"),
            (7, Error, Failed, "it broke"),
            (8, End, Failed, "no money"),
        ]
    );
    assert_eq!((outline.row_at(0), outline.row_at(2), outline.row_at(4)), (None, Some(0), Some(2)));
    assert!(!outline.sync(&document));
}

#[test]
fn a_document_that_takes_the_place_of_another_is_laid_out_anew() {
    let prompts = |texts: &[&str]| {
        let mut document = LogDocument::default();
        for text in texts {
            apply(&mut document, &("session.error", json!({"errorType": "agent", "message": text})));
        }
        document
    };
    let (short, long) = (prompts(&["one"]), prompts(&["one\ntwo\nthree", "four", "five"]));
    assert!(long.revision() > short.revision(), "nothing else tells them apart");
    let fresh = || {
        let (mut layout, mut outline) = (Layout::default(), Outline::default());
        layout.sync(&long);
        outline.sync(&long);
        (layout.height(), format!("{:?}", outline.rows()))
    };
    let (mut layout, mut outline) = (Layout::default(), Outline::default());
    layout.sync(&short);
    outline.sync(&short);
    assert!(layout.sync(&long) && outline.sync(&long));
    assert_eq!((layout.height(), format!("{:?}", outline.rows())), fresh());
    let (copy, before) = (long.clone(), layout.height());
    assert!(!layout.sync(&copy), "a copy is the same");
    assert!(layout.height() == before);
}
