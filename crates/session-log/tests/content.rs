//! What rows show, and that what is folded away in them is found all the same.
#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use agent_tasks::Event;
use serde_json::{Value, json};
use session_log::highlight::{Language, State};
use session_log::{Body, Content, Finder, Fold, Layout, LogDocument, Query, Row, RowPart};

fn fold(events: &[(&str, Value)]) -> LogDocument {
    let mut document = LogDocument::default();
    for (index, (kind, payload)) in events.iter().enumerate() {
        let event: Event = serde_json::from_value(json!({
            "seq": index + 1, "session_id": "s1", "id": index.to_string(), "timestamp": "2026-01-01T00:00:00Z",
            "type": kind, "data": payload,
        }))
        .unwrap();
        document.apply(&event);
    }
    document
}

/// A session's step, then a tool call that was given `arguments` and gave `result`.
fn called(start: Value, result: Value) -> LogDocument {
    let mut start = start;
    start["toolCallId"] = json!("t");
    fold(&[
        ("tool.execution_start", start),
        ("tool.execution_complete", json!({"toolCallId": "t", "success": true, "result": result})),
    ])
}

/// What the rows of the step after the session's say, when it is open.
fn rows(document: &LogDocument, body: &Body) -> Vec<String> {
    let step = document.step(1).unwrap();
    (0..body.rows()).map(|row| body.content(step, row).unwrap().words().into_owned()).collect()
}

/// The row that the only hit of `words` is shown in, in a layout with everything as it is at first.
fn found(document: &LogDocument, words: &str) -> (Row, String) {
    let mut layout = Layout::default();
    layout.sync(document);
    let mut finder = Finder::new(Query::new(words, Default::default()).unwrap());
    while !finder.advance(document, 1_000_000).is_done {}
    assert_eq!(finder.total(), 1, "{words}");
    let row = layout.row_of_hit(document, &finder.hits()[0]).unwrap();
    let RowPart::Body(at) = row.part else { panic!("{row:?}") };
    let step = document.step(row.step).unwrap();
    (row, layout.body(row.step).unwrap().content(step, at).unwrap().words().into_owned())
}

#[test]
fn what_is_folded_away_is_found_and_revealed() {
    let ids: Vec<u32> = (100..140).collect();
    let input = called(json!({"toolName": "q", "arguments": {"ids": ids, "z": "last"}}), json!({"content": "out"}));
    let step = input.step(1).unwrap();
    let body = Body::new(&input, step, Fold::Open);
    assert_eq!(rows(&input, &body), ["{", "  \"ids\": [", "  \"z\": \"last\"", "}", "out"]);
    assert_eq!(Body::whole(&input, step).rows(), 46);
    assert_eq!(found(&input, "117").1, "    117,");
    assert_eq!(found(&input, "\"last\"").1, "  \"z\": \"last\"", "a fold before it does not move it");
    assert_eq!(found(&input, "out").1, "out");

    let old: String = (1..=40).map(|line| format!("line {line};\n")).collect();
    let new = old.replace("line 20;", "changed");
    let change = called(
        json!({"kind": "edit"}),
        json!({"contents": [{"type": "diff", "path": "a.c", "oldText": old, "newText": new}]}),
    );
    assert_eq!(found(&change, "line 5;").1, "line 5;");
    assert_eq!(found(&change, "changed").1, "changed");
}

#[test]
fn folds_open_close_and_outlive_news() {
    let ids: Vec<u32> = (100..140).collect();
    let document = called(json!({"toolName": "q", "arguments": {"ids": ids}}), json!({"content": "out"}));
    let mut layout = Layout::default();
    layout.sync(&document);
    layout.set_fold(&document, 1, Fold::Open);
    let rows_of = |layout: &Layout| layout.body(1).unwrap().rows();
    let (rows, height) = (rows_of(&layout), layout.height());
    let head = Row { step: 1, part: RowPart::Body(1) };
    let version = |layout: &mut Layout| {
        layout.window(&document, 0.0, f64::MAX).iter().find(|row| row.row == head).unwrap().version
    };
    let before = version(&mut layout);
    layout.toggle_row(&document, 1, 1);
    assert_eq!(rows_of(&layout), rows + 41);
    assert!(layout.height() > height + 40.0 * 10.0);
    assert_eq!(version(&mut layout), before, "the row that was pressed stays as it is");
    assert!(layout.body(1).unwrap().is_open(1));
    layout.toggle_row(&document, 1, 1);
    assert_eq!((rows_of(&layout), layout.height()), (rows, height));
    layout.toggle_row(&document, 1, 0);
    assert_eq!(layout.body(1).unwrap().rows(), 2, "the whole value is folded");
    layout.toggle_row(&document, 1, 1);
    assert_eq!(layout.body(1).unwrap().rows(), 2, "a row without a fold does nothing");
}

#[test]
fn a_file_that_was_read_is_code_over_its_lines() {
    let text = "     1\t/* a\n     2\t b */ let c\n\u{1b}[31mred\u{1b}[0m\n";
    let start = json!({"kind": "read", "locations": [{"path": "src/a.rs"}]});
    let document = called(start, json!({"content": text}));
    let step = document.step(1).unwrap();
    let body = Body::new(&document, step, Fold::Open);
    let content = |row| body.content(step, row).unwrap();
    let Content::Code { language, state, .. } = content(1) else { panic!("{:?}", content(1)) };
    assert_eq!(Some(language), Language::named("rust"));
    assert_ne!(state, State::default(), "the comment goes on");
    assert!(matches!(content(2), Content::Output(_)), "a terminal's colours come first");
    let other = called(json!({"kind": "read", "locations": [{"path": "notes"}]}), json!({"content": text}));
    let plain = Body::new(&other, other.step(1).unwrap(), Fold::Open);
    assert!(matches!(plain.content(other.step(1).unwrap(), 0), Some(Content::Output(_))));
}

#[test]
fn a_message_of_much_code_is_many_rows() {
    let code = "/*\n".to_owned() + &"x = 1;\n".repeat(20_000);
    let document = fold(&[("assistant.message", json!({"messageId": "m", "content": format!("```c\n{code}```\n")}))]);
    let step = document.step(1).unwrap();
    let body = Body::new(&document, step, Fold::Open);
    assert!(body.rows() >= 400);
    for row in [1, 200] {
        let Some(Content::Markdown(blocks)) = body.content(step, row) else { panic!("row {row}") };
        let [session_log::markdown::Block::Code(code)] = &blocks[..] else { panic!("{blocks:?}") };
        assert!(code.text.lines().count() <= 50 && code.continues && code.is_continued);
        assert_eq!(code.state != State::default(), row == 1, "what began far above is not seen");
    }
}

#[test]
fn every_part_of_a_result_has_a_row() {
    let gif = "R0lGODlhAwAEAQ";
    let document = called(
        json!({"toolName": "browser"}),
        json!({"contents": [
            {"type": "image", "mimeType": "image/png", "data": gif},
            {"type": "image", "mimeType": "image/svg+xml", "data": "PHN2Zz4"},
            {"type": "resource_link", "uri": "https://a.test", "name": "n"},
            {"type": "content", "content": {"type": "audio", "mimeType": "audio/wav", "data": "AAAA"}},
            {"type": "text", "text": format!("{{\"a\":[1,2],\"b\":\"{}\"}}", "x".repeat(90))},
        ]}),
    );
    let step = document.step(1).unwrap();
    let body = Body::new(&document, step, Fold::Open);
    let shown = rows(&document, &body);
    assert_eq!(shown[..4], ["{", "  \"a\": [", "    1,", "    2"]);
    assert_eq!(
        shown[7..],
        [
            "",
            "Picture (image/svg+xml, 1 KB), of a kind that is not shown",
            "n https://a.test",
            "Sound (audio/wav, 1 KB)"
        ]
    );
    let Some(Content::Picture(picture)) = body.content(step, 7) else { panic!("no picture") };
    assert_eq!((picture.format, picture.width, picture.height), ("gif", 3, 260));
}
