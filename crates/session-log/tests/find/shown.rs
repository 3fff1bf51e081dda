//! What is shown is found, and a hit leads to it.

use serde_json::json;
use session_log::{FindOptions, Fold, HitPart, Layout, RowPart};

use crate::{ANY, fold, found, output, parts};

#[test]
fn what_is_shown_is_found_and_nothing_else() {
    let document = fold(&[
        ("user.message", json!({"content": "Make the **nee**dle\n\n- a needle in [a needle](https://needle.test)"})),
        (
            "tool.execution_start",
            json!({"toolCallId": "t", "kind": "execute", "command": "find needle", "title": "the needle"}),
        ),
        output("t", "one\n\u{1b}[31mnee\u{1b}[0;1mdle\u{1b}[m\nneedle\rthread\nneedXX\u{8}\u{8}le\n", false),
        output("t", "\u{1b}]0;needle\u{7}none\nneed\u{1b}[31mno\u{1b}[1D\nNEEDLE\u{1b}[K needle\n", false),
        ("tool.execution_start", json!({"toolCallId": "u", "kind": "read", "arguments": {"path": "needle"}})),
        ("tool.execution_start", json!({"toolCallId": "v", "kind": "edit", "title": "Edit"})),
        (
            "tool.execution_complete",
            json!({"toolCallId": "v", "success": true, "result": {"content": "wrote needle", "contents": [
                {"type": "diff", "path": "needle.rs", "newText": "hay\nneedle\n"}]}}),
        ),
        ("assistant.plan", json!({"entries": [{"content": "look"}, {"content": "needle"}]})),
        ("session.error", json!({"errorType": "agent", "message": "no needle", "stack": "at needle"})),
    ]);
    use HitPart::{Above, Header, Text};
    assert_eq!(
        parts(&found(&document, "needle", ANY)),
        [
            (1, Text(0), 9),
            (1, Text(1), 2),
            (1, Text(1), 14),
            (2, Header, 5),
            (2, Header, 16),
            (2, Text(1), 0),
            (2, Text(3), 0),
            (2, Text(6), 0),
            (2, Text(6), 7),
            (3, Above(1), 11),
            (4, Above(0), 0),
            (4, Above(2), 0),
            (5, Above(1), 0),
            (6, Text(0), 3),
            (6, Text(1), 3),
        ]
    );
    let case = FindOptions { is_case_sensitive: true, ..ANY };
    assert_eq!(parts(&found(&document, "NEEDLE", case)), [(2, Text(6), 0)]);
    let regex = FindOptions { is_regex: true, ..ANY };
    assert_eq!(parts(&found(&document, "^needle$", regex))[..2], [(2, Text(1), 0), (2, Text(3), 0)]);
}

#[test]
fn a_hit_leads_to_its_row_and_opens_its_step() {
    let lines: String = (0..1_000).map(|line| format!("line {line}\n")).collect();
    let document = fold(&[
        ("tool.execution_start", json!({"toolCallId": "t", "kind": "read", "arguments": {"a": 1}})),
        output("t", &lines, false),
        ("tool.execution_complete", json!({"toolCallId": "t", "success": false, "error": {"message": "line 1000"}})),
        ("assistant.message", json!({"messageId": "m", "content": "one\n\ntwo line 5 `line 5`"})),
    ]);
    let mut layout = Layout::default();
    layout.sync(&document);
    assert_eq!(layout.fold(1), Fold::Preview);
    let hits = found(&document, "line 99", ANY);
    assert_eq!(hits.len(), 11);
    let last = layout.row_of_hit(&document, &hits[10]).unwrap();
    assert_eq!((last.part, layout.fold(1)), (RowPart::Body(5), Fold::Preview), "it is in the preview");
    for text in ["line 99", "line 1000", "\"a\"", "line 5"] {
        for hit in found(&document, text, ANY) {
            let row = layout.row_of_hit(&document, &hit).unwrap();
            let RowPart::Body(body_row) = row.part else { panic!("{row:?}") };
            let step = document.step(row.step).unwrap();
            let words = layout.body(row.step).unwrap().content(step, body_row).unwrap().words().into_owned();
            assert_eq!(&words[hit.from as usize..hit.to as usize], text);
            assert_eq!(hit.words(&document).unwrap(), words);
        }
    }
    assert_eq!(layout.fold(1), Fold::Open);
    let excerpt = found(&document, "LINE 5", ANY).last().unwrap().excerpt(&document, 4).unwrap();
    assert_eq!((excerpt.before.as_str(), excerpt.hit.as_str(), excerpt.after.as_str()), ("e 5 ", "line 5", ""));
}
