//! Merging adjacent deltas: a log of merged deltas folds to the same state and is a tenth of the size.

use agent_tasks::EventBody;

use super::Entry;

/// The most bytes of text that one merged delta holds.
const MERGED_BYTES_MAX: usize = 64 * 1024;

/// Joins each run of deltas of the same message, thought or output into one.
pub fn merge(entries: impl IntoIterator<Item = Entry>) -> Vec<Entry> {
    let mut merged: Vec<Entry> = Vec::new();
    for entry in entries {
        let rest = match merged.last_mut() {
            Some(last) => absorb(last, entry),
            None => Some(entry),
        };
        merged.extend(rest);
    }
    merged
}

/// Whether more of the same may follow at once: worth a moment's wait before the commit.
pub fn is_delta(body: &EventBody) -> bool {
    matches!(
        body,
        EventBody::AssistantMessageDelta(_)
            | EventBody::AssistantReasoningDelta(_)
            | EventBody::ToolExecutionPartialResult(_)
    )
}

/// The bytes of text that a delta carries.
pub fn delta_bytes(body: &EventBody) -> usize {
    match body {
        EventBody::AssistantMessageDelta(delta) => delta.delta_content.len(),
        EventBody::AssistantReasoningDelta(delta) => delta.delta_content.len(),
        EventBody::ToolExecutionPartialResult(part) => part.partial_output.len(),
        _ => 0,
    }
}

/// Appends `next` to `last` when it goes on where `last` ends; gives it back when not.
fn absorb(last: &mut Entry, next: Entry) -> Option<Entry> {
    if delta_bytes(&last.body) + delta_bytes(&next.body) > MERGED_BYTES_MAX {
        return Some(next);
    }
    match (&mut last.body, &next.body) {
        (EventBody::AssistantMessageDelta(last), EventBody::AssistantMessageDelta(next))
            if last.message_id == next.message_id =>
        {
            last.delta_content.push_str(&next.delta_content);
        }
        (EventBody::AssistantReasoningDelta(last), EventBody::AssistantReasoningDelta(next))
            if last.reasoning_id == next.reasoning_id =>
        {
            last.delta_content.push_str(&next.delta_content);
        }
        (EventBody::ToolExecutionPartialResult(last), EventBody::ToolExecutionPartialResult(next))
            if last.tool_call_id == next.tool_call_id && !next.replace =>
        {
            last.partial_output.push_str(&next.partial_output);
        }
        _ => return Some(next),
    }
    join_raw(&mut last.raw, next.raw);
    None
}

/// Raw messages are lines of JSON; several stay several lines.
fn join_raw(last: &mut Option<String>, next: Option<String>) {
    match (last, next) {
        (Some(last), Some(next)) => {
            last.push('\n');
            last.push_str(&next);
        }
        (last @ None, next) => *last = next,
        (Some(_), None) => {}
    }
}

#[cfg(test)]
mod tests {
    use agent_tasks::event::{
        AssistantMessage, AssistantMessageDelta, AssistantReasoningDelta, ToolExecutionPartialResult,
    };
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    use super::*;

    fn any_body() -> impl Strategy<Value = EventBody> {
        let id = prop_oneof![Just("a".to_owned()), Just("b".to_owned())];
        (0..5u8, id, ".{0,6}").prop_map(|(kind, id, text)| match kind {
            0 => AssistantMessageDelta { message_id: id, delta_content: text }.into(),
            1 => AssistantReasoningDelta { reasoning_id: id, delta_content: text }.into(),
            2 => ToolExecutionPartialResult { tool_call_id: id, partial_output: text, replace: false }.into(),
            3 => ToolExecutionPartialResult { tool_call_id: id, partial_output: text, replace: true }.into(),
            _ => AssistantMessage { message_id: id, content: text, ..AssistantMessage::default() }.into(),
        })
    }

    /// What a reader shows in the end.
    fn shown(entries: &[Entry]) -> BTreeMap<String, String> {
        let mut shown: BTreeMap<String, String> = BTreeMap::new();
        for entry in entries {
            match &entry.body {
                EventBody::AssistantMessageDelta(delta) => {
                    shown.entry(format!("m{}", delta.message_id)).or_default().push_str(&delta.delta_content);
                }
                EventBody::AssistantReasoningDelta(delta) => {
                    shown.entry(format!("r{}", delta.reasoning_id)).or_default().push_str(&delta.delta_content);
                }
                EventBody::ToolExecutionPartialResult(part) => {
                    let output = shown.entry(format!("t{}", part.tool_call_id)).or_default();
                    if part.replace {
                        output.clear();
                    }
                    output.push_str(&part.partial_output);
                }
                EventBody::AssistantMessage(whole) => {
                    shown.insert(format!("m{}", whole.message_id), whole.content.clone());
                }
                other => panic!("not in the strategy: {other:?}"),
            }
        }
        shown
    }

    proptest! {
        #[test]
        fn merging_in_any_chunks_changes_nothing_that_is_shown(
            bodies in proptest::collection::vec(any_body(), 0..40), cut in 0..40usize,
        ) {
            let entries: Vec<Entry> = bodies.into_iter().map(Entry::from).collect();
            let cut = cut.min(entries.len());
            let whole = merge(entries.clone());
            prop_assert_eq!(shown(&whole), shown(&entries));
            prop_assert!(whole.len() <= entries.len());
            prop_assert_eq!(&merge(whole.clone()), &whole);
            let mut chunks = merge(entries[..cut].to_vec());
            chunks.extend(merge(entries[cut..].to_vec()));
            prop_assert_eq!(shown(&chunks), shown(&entries));
        }
    }

    #[test]
    fn a_merged_delta_has_a_limit_and_keeps_its_raw_messages() {
        let delta = |text: String, raw: &str| Entry {
            body: AssistantMessageDelta { message_id: "m".into(), delta_content: text }.into(),
            ephemeral: true,
            raw: Some(raw.into()),
        };
        let merged =
            merge([delta("a".into(), "{1}"), delta("b".into(), "{2}"), delta("x".repeat(MERGED_BYTES_MAX), "{3}")]);
        assert_eq!(merged.len(), 2);
        assert_eq!(merged[0], delta("ab".into(), "{1}\n{2}"));
    }
}
