//! However the bytes come, the events are the same; and what was downloaded opens as what it was.

use super::common::{document, fixture, open, open_in, said, transcripts};
use log_files::{FileKind, LINE_BYTES_MAX};
use proptest::prelude::*;
use session_log::{PlainFormat, PlainWriter};

fn files() -> Vec<Vec<u8>> {
    let mut files: Vec<_> = ["claude.jsonl", "codex.jsonl", "copilot.jsonl", "log.txt"].map(fixture).into();
    files.extend(transcripts().into_iter().filter(|(name, _)| name.contains("unicode")).map(|(_, bytes)| bytes));
    files
}

#[test]
fn what_was_downloaded_opens_as_what_it_was() {
    for file in files() {
        let (_, events) = open("a", &file);
        let lines: String = events.iter().map(|event| serde_json::to_string(event).unwrap() + "\n").collect();
        let (importer, again) = open("b", lines.as_bytes());
        assert_eq!(importer.told().kind, Some(FileKind::Events));
        let (before, after) = (document(&events), document(&again));
        assert_eq!(said(&before), said(&after));
        let text = |document| {
            let mut out = String::new();
            PlainWriter::new(PlainFormat::Ansi, 0..usize::MAX).write(document, &mut out, usize::MAX);
            out
        };
        assert_eq!(text(&before), text(&after));
    }
}

#[test]
fn one_long_line_is_looked_through_once() {
    let text = "a".repeat(8_000_000);
    let line = [r#"{"type":"user","message":{"content":""#, &text, "\"}}"].concat();
    // From its start with each piece, this would take many minutes.
    let (importer, events) = open_in("f", line.as_bytes(), &[16]);
    assert_eq!(importer.told().kind, Some(FileKind::Claude));
    let document = document(&events);
    assert_eq!(document.text(&document.step(1).unwrap().text), text);
}

#[test]
fn a_line_that_is_too_long_to_understand_is_shown_as_it_is() {
    let line = |text: &str| [r#"{"type":"user","message":{"content":""#, text, "\"}}"].concat();
    let (short, long) = (line("a"), line(&"a".repeat(LINE_BYTES_MAX)));
    let (importer, events) = open_in("f", [&*short, &long, &short].join("\n").as_bytes(), &[1 << 20]);
    assert_eq!((importer.told().kind, importer.told().not_understood), (Some(FileKind::Claude), 2));
    let document = document(&events);
    assert_eq!(said(&document)[1..], ["Prompt a", "Info not understood", "Prompt a"]);
    let shown = document.text(&document.step(2).unwrap().text);
    assert_eq!(shown.replace('\n', ""), long, "in two parts");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn chunks_of_any_size_tell_the_same(which in 0..6_usize, sizes in prop::collection::vec(1..700_usize, 1..60)) {
        let files = files();
        let file = &files[which % files.len()];
        let (whole, at_once) = open("f", file);
        let (pieces, in_pieces) = open_in("f", file, &sizes);
        prop_assert_eq!(at_once, in_pieces);
        prop_assert_eq!(whole.told(), pieces.told());
    }

    #[test]
    fn bytes_of_any_kind_tell_the_same(
        lines in prop::collection::vec(prop_oneof![
            prop::collection::vec(any::<u8>(), 0..40),
            "[a-z\u{e9}\u{1f600}]{0,9}\n".prop_map(String::into_bytes),
            Just(b"{\"jsonrpc\":\"2.0\",\"method\":\"session/update\",\"params\":{\"sessionId\":\"s\",\"update\":{\"sessionUpdate\":\"agent_message_chunk\",\"content\":{\"type\":\"text\",\"text\":\"a\"}}}}\n".to_vec()),
            Just(b"{\"type\":\"user\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"a\"},7]}}\n".to_vec()),
            Just(b"{\"type\":\"response_item\",\"payload\":{\"type\":\"local_shell_call\",\"action\":7}}\n".to_vec()),
        ], 0..90),
        sizes in prop::collection::vec(1..90_usize, 1..40),
    ) {
        let file = lines.concat();
        let (whole, at_once) = open("f", &file);
        let (pieces, in_pieces) = open_in("f", &file, &sizes);
        prop_assert_eq!(whole.refusal(), pieces.refusal());
        prop_assert_eq!(&at_once, &in_pieces);
        prop_assert_eq!(whole.told(), pieces.told());
        document(&at_once);
    }

    #[test]
    fn long_text_is_cut_between_characters(text in "[a\u{e9}\u{1f600}\u{20ac}]{20000,24000}", size in 1..70_000_usize) {
        let (importer, events) = open_in("f", text.as_bytes(), &[size]);
        prop_assert_eq!(importer.told().replaced, 0);
        let document = document(&events);
        prop_assert_eq!(document.text(&document.step(1).unwrap().text), text);
    }
}
