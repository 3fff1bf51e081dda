//! Events that make trouble for a search, at random.

use proptest::prelude::*;
use serde_json::json;
use session_log::FindOptions;

use crate::{Told, output};

/// A piece of output: little that is not looked for, and what makes trouble.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[abAB _é]{1,8}",
        3 => Just("\n".to_owned()),
        1 => Just("\r\n".to_owned()),
        1 => Just("\r".to_owned()),
        1 => Just("\u{8}".to_owned()),
        2 => Just("\u{1b}[31m".to_owned()),
        2 => Just("\u{1b}[m\u{1b}[1;4m".to_owned()),
        1 => Just("\u{1b}[K".to_owned()),
        1 => Just("\u{1b}[1K".to_owned()),
        1 => Just("\u{1b}[3".to_owned()),
        1 => Just("\u{1b}]0;ab\u{7}".to_owned()),
        1 => Just("«\u{9b}Éß🚀\t\0".to_owned()),
    ]
}

pub fn told() -> impl Strategy<Value = Told> {
    let text = || prop::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat());
    let id = || prop_oneof![Just("t"), Just("u")];
    prop_oneof![
        6 => (id(), text(), prop::bool::weighted(0.15)).prop_map(|(id, text, replace)| output(id, &text, replace)),
        1 => (id(), 4_000usize..4_200, "[ab é]{1,12}").prop_map(|(id, at, text)| output(id, &("x".repeat(at) + &text), false)),
        1 => (id(), "[ab]{0,6}").prop_map(|(id, text)| ("tool.execution_complete", json!({"toolCallId": id, "success": false, "error": {"message": text}}))),
        1 => (id(), "[ab ]{0,6}").prop_map(|(id, text)| ("tool.execution_start", json!({"toolCallId": id, "kind": "execute", "command": text}))),
        3 => "(a|B|b| |\\*|`|\n|\n\n|- |```|# ){0,12}".prop_map(|text| ("assistant.message_delta", json!({"messageId": "m", "deltaContent": text}))),
        1 => "(a|b| |\\*|\n\n){0,12}".prop_map(|text| ("user.message", json!({"content": text}))),
        1 => "[ab\n]{0,12}".prop_map(|text| ("session.error", json!({"errorType": "agent", "message": text}))),
    ]
}

pub fn options() -> impl Strategy<Value = FindOptions> {
    (any::<bool>(), any::<bool>()).prop_map(|(is_case_sensitive, is_whole_word)| FindOptions {
        is_case_sensitive,
        is_whole_word,
        is_regex: false,
    })
}
