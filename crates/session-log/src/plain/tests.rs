//! What leaves the page, step by step, and that slices make no difference.

use agent_tasks::Event;
use serde_json::{Value, json};

use super::*;

fn document(events: &[(&str, Value)]) -> LogDocument {
    let mut document = LogDocument::default();
    for (index, (kind, data)) in events.iter().enumerate() {
        let event: Event = serde_json::from_value(json!({
            "seq": index + 1, "session_id": "s", "id": "e", "timestamp": "2026-01-01T00:00:00Z", "type": kind, "data": data,
        }))
        .unwrap();
        document.apply(&event);
    }
    document
}

fn whole() -> LogDocument {
    document(&[
        ("session.start", json!({"producer": "rehearsal 1", "selectedModel": "none"})),
        ("user.message", json!({"content": "Fix **it**"})),
        (
            "tool.execution_start",
            json!({"toolCallId": "t", "toolName": "bash", "kind": "execute", "command": "make -j2", "title": "Build"}),
        ),
        (
            "tool.execution_partial_result",
            json!({"toolCallId": "t", "partialOutput": "10%\r\u{1b}[31mred\u{1b}[0m\u{1b}]0;x\u{7}\n"}),
        ),
        (
            "tool.execution_complete",
            json!({"toolCallId": "t", "success": false, "result": {"contents": [{"type": "terminal", "exitCode": 2}]}}),
        ),
        ("tool.execution_start", json!({"toolCallId": "e", "kind": "edit", "locations": [{"path": "a.rs"}]})),
        (
            "tool.execution_complete",
            json!({"toolCallId": "e", "success": true, "result": {"content": "Edited.", "contents": [
                {"type": "diff", "path": "a.rs", "oldText": "a\nb\n", "newText": "a\nc\n"}]}}),
        ),
        ("tool.execution_start", json!({"toolCallId": "o", "toolName": "lookup", "arguments": {"q": "```"}})),
        ("tool.execution_complete", json!({"toolCallId": "o", "success": true, "result": {"content": "one ```` two"}})),
        ("assistant.plan", json!({"entries": [{"content": "look", "status": "completed"}, {"content": "act"}]})),
        ("assistant.message", json!({"messageId": "m", "content": "Done: `a.rs`."})),
    ])
}

fn written(document: &LogDocument, format: PlainFormat, slice: usize) -> String {
    let mut out = String::new();
    let mut writer = PlainWriter::new(format, 0..document.steps());
    while writer.write(document, &mut out, slice) != Written::All {}
    out
}

#[test]
fn a_log_reads_as_text() {
    let moment = "2026-01-01T00:00:00.000Z";
    let expected = [
        "── Session 1: rehearsal 1, none · @\n",
        "── Prompt · @\nFix **it**\n\n",
        "── Run: Build (exit 2) · @\n$ make -j2\nred\n\n",
        "── Edit: a.rs · @\ndiff --git a/a.rs b/a.rs\n--- a/a.rs\n+++ b/a.rs\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n\n",
        "── Tool: lookup · @\n{\n  \"q\": \"```\"\n}\none ```` two\n\n",
        "── Plan · @\n- [x] look\n- [ ] act\n\n",
        "── Message · @\nDone: `a.rs`.\n\n",
    ];
    assert_eq!(
        written(&whole(), PlainFormat::Text, usize::MAX),
        expected.concat().replace("· @", &["· ", moment].concat())
    );
}

#[test]
fn only_colours_are_left_of_what_commands_a_terminal() {
    let text = plain_step(&whole(), 2, PlainFormat::Ansi).unwrap();
    assert_eq!(text, "\u{1b}[1m$ make -j2\u{1b}[0m\n\u{1b}[31mred\u{1b}[0m\n");
    let hostile = document(&[("user.message", json!({"content": "a\u{1b}[2Jb\u{7}"}))]);
    assert_eq!(plain_step(&hostile, 1, PlainFormat::Ansi).unwrap(), "ab\n");
}

#[test]
fn no_output_gets_out_of_its_fence() {
    assert_eq!(plain_step(&whole(), 1, PlainFormat::Markdown).unwrap(), "Fix **it**\n");
    assert_eq!(plain_step(&whole(), 2, PlainFormat::Markdown).unwrap(), "```sh\nmake -j2\n```\n```\nred\n```\n");
    let tool = plain_step(&whole(), 4, PlainFormat::Markdown).unwrap();
    assert_eq!(tool, "## Tool: lookup\n\n````json\n{\n  \"q\": \"```\"\n}\n````\n`````\none ```` two\n`````\n");
    let edit = plain_step(&whole(), 3, PlainFormat::Markdown).unwrap();
    assert_eq!(
        edit,
        "## Edit: a.rs\n\n```diff\ndiff --git a/a.rs b/a.rs\n--- a/a.rs\n+++ b/a.rs\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n```\n"
    );
}

#[test]
fn slices_of_any_size_write_the_same() {
    let long = "x".repeat(10_000) + "\nshort\n";
    let mut events: Vec<(&str, Value)> = vec![("user.message", json!({"content": long}))];
    for index in 0..700 {
        events
            .push(("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": format!("{index}\n")})));
    }
    let long = document(&events);
    for (document, format) in
        [(whole(), PlainFormat::Ansi), (whole(), PlainFormat::Markdown), (long, PlainFormat::Text)]
    {
        let at_once = written(&document, format, usize::MAX);
        for slice in [0, 1, 100, 4_000] {
            assert_eq!(written(&document, format, slice), at_once);
        }
    }
}

#[test]
fn a_line_that_was_cut_for_the_screen_is_whole() {
    let line = "x".repeat(10_000);
    let prompt = document(&[("user.message", json!({"content": line}))]);
    assert!(prompt.step(1).unwrap().text.lines() > 1);
    assert_eq!(plain_step(&prompt, 1, PlainFormat::Text).unwrap(), line + "\n");
}
