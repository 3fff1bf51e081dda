//! A sparse document against the whole one: whatever is asked for, answered, refused and given back in whatever order,
//! what is there is what the whole document has.

mod single;

use agent_tasks::{Event, OutlineWindow, PlacedStep};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Told, Want, WantedEvents};
use crate::{Applied, Body, Fold, LogDocument, Step, StepKind};

/// What one event says, before it has a number.
#[derive(Debug, Clone)]
enum Said {
    Prompt(String),
    Info(u8, String),
    Error(String),
    Delta(u8, String),
    Message(u8, String),
    Thought(u8, String),
    Start(u8, Option<u8>),
    Output(u8, String, bool),
    Progress(u8),
    Done(u8, u8, String),
    Ask(u8),
    Answer(u8),
    Plan(u8),
    Usage(u32),
    Other,
    NewSession,
    End(bool),
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-z \n]{0,40}",
        1 => (1usize..60, "[a-z]{1,40}").prop_map(|(count, word)| format!("\u{1b}[31m{word}\n\u{1b}[0mplain\r\n").repeat(count)),
        1 => (1usize..60, "[a-z]{1,30}").prop_map(|(count, word)| format!("\u{1b}[1;38;5;208m{word}\n").repeat(count)),
        1 => (1usize..6_000).prop_map(|len| "é".repeat(len)),
        1 => (1usize..300).prop_map(|count| (0..count).map(|at| format!("\r{at}%")).collect()),
    ]
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![
        1 => text().prop_map(Said::Prompt),
        2 => (0u8..2, text()).prop_map(|(word, text)| Said::Info(word, text)),
        1 => text().prop_map(Said::Error),
        2 => (0u8..2, text()).prop_map(|(id, text)| Said::Delta(id, text)),
        1 => (0u8..2, text()).prop_map(|(id, text)| Said::Message(id, text)),
        1 => (0u8..2, text()).prop_map(|(id, text)| Said::Thought(id, text)),
        2 => (0u8..3, prop::option::of(0u8..3)).prop_map(|(id, parent)| Said::Start(id, parent)),
        6 => (0u8..3, text(), prop::bool::weighted(0.1)).prop_map(|(id, text, replace)| Said::Output(id, text, replace)),
        1 => (0u8..3).prop_map(Said::Progress),
        2 => (0u8..3, 0u8..5, text()).prop_map(|(id, how, text)| Said::Done(id, how, text)),
        1 => (0u8..2).prop_map(Said::Ask),
        1 => (0u8..2).prop_map(Said::Answer),
        1 => (0u8..4).prop_map(Said::Plan),
        1 => (1u32..500).prop_map(Said::Usage),
        1 => Just(Said::Other),
        1 => Just(Said::NewSession),
        1 => any::<bool>().prop_map(Said::End),
    ]
}

/// Numbers the events. A name that is over is not used again.
fn events(said: &[Said]) -> Vec<Event> {
    let (mut session, mut used, mut generations) = (0, 0, [0u32; 256]);
    let mut events = Vec::new();
    for (index, said) in said.iter().enumerate() {
        let mut name = |kind: u8, id: u8, is_over: bool| {
            let generation = &mut generations[usize::from(kind * 8 + id)];
            *generation += u32::from(is_over);
            format!("{kind}-{id}-{}", *generation - u32::from(is_over))
        };
        let (kind, payload): (&str, Value) = match said {
            Said::Prompt(text) => ("user.message", json!({"content": text})),
            Said::Info(word, text) => ("session.info", json!({"infoType": word.to_string(), "message": text})),
            Said::Error(text) => ("session.error", json!({"errorType": "agent", "message": text, "stack": "at"})),
            Said::Delta(id, text) => {
                ("assistant.message_delta", json!({"messageId": name(0, *id, false), "deltaContent": text}))
            }
            Said::Message(id, text) => ("assistant.message", json!({"messageId": name(0, *id, true), "content": text})),
            Said::Thought(id, text) => {
                ("assistant.reasoning_delta", json!({"reasoningId": name(1, *id, false), "deltaContent": text}))
            }
            Said::Start(id, parent) => (
                "tool.execution_start",
                json!({"toolCallId": name(2, *id, false), "toolName": "bash", "title": format!("call {id}"),
                    "kind": (["execute", "edit", "other"][usize::from(*id)]), "arguments": {"a": [1, 2]},
                    "parentToolCallId": parent.map(|id| name(2, id, false))}),
            ),
            Said::Output(id, text, replace) => (
                "tool.execution_partial_result",
                json!({"toolCallId": name(2, *id, false), "partialOutput": text, "replace": replace}),
            ),
            Said::Progress(id) => {
                ("tool.execution_progress", json!({"toolCallId": name(2, *id, false), "progressMessage": "half"}))
            }
            Said::Done(id, how, text) => (
                "tool.execution_complete",
                json!({"toolCallId": name(2, *id, true), "success": *how != 1, "error": (*how == 1).then(|| json!({"message": "bad"})),
                "result": match how {
                    0 => json!({"content": text}),
                    2 => json!({"contents": [{"type": "diff", "path": "p", "oldText": "a\n", "newText": text}]}),
                    3 => json!({"contents": [{"type": "text", "text": text}, {"type": "resource_link", "uri": "u"}]}),
                    _ => json!({"contents": [{"type": "terminal", "exitCode": 3}]}),
                }}),
            ),
            Said::Ask(id) => (
                "permission.requested",
                json!({"requestId": name(3, *id, false), "permissionRequest": {"kind": "shell", "command": "rm",
                    "contents": [{"type": "text", "text": "why\nnot"}, {"type": "diff", "path": "p", "newText": "x"}]},
                    "options": [{"optionId": "y", "name": "Yes", "kind": "allow_once"}, {"optionId": "n", "name": "No", "kind": "reject_once"}]}),
            ),
            Said::Answer(id) => (
                "permission.completed",
                json!({"requestId": name(3, *id, true), "result": {"kind": "approved", "optionId": "y"}}),
            ),
            Said::Plan(count) => {
                let entries: Vec<Value> =
                    (0..*count).map(|at| json!({"content": at.to_string(), "status": "completed"})).collect();
                ("assistant.plan", json!({"entries": entries}))
            }
            Said::Usage(more) => {
                used += more;
                ("assistant.usage", json!({"outputTokens": used}))
            }
            Said::Other => ("weather.report", json!({"rain": [1, 2, 3]})),
            Said::NewSession => {
                session += 1;
                ("session.start", json!({"sessionId": "a", "producer": "p"}))
            }
            Said::End(is_bad) => (
                "session.shutdown",
                json!({"shutdownType": "routine", "errorReason": is_bad.then_some("it broke"), "report": {"remaining": 0}}),
            ),
        };
        let agent = matches!(said, Said::Thought(1, _)).then(|| format!("2-0-{}", generations[16]));
        events.push(
            serde_json::from_value(json!({
                "seq": index + 1, "session_id": format!("s{session}"), "id": index.to_string(), "agentId": agent,
                "timestamp": format!("2026-01-01T00:00:{:02}Z", index % 60), "type": kind, "data": payload,
            }))
            .unwrap(),
        );
        // Nothing of a session goes on after its end.
        if matches!(said, Said::End(_)) {
            session += 1;
            generations.iter_mut().for_each(|generation| *generation += 1);
        }
    }
    events
}

fn fold_into(mut document: LogDocument, events: &[Event]) -> LogDocument {
    for event in events {
        assert_eq!(document.apply(event), Applied::Taken);
    }
    document
}

/// What a server says that has these events.
fn outline(events: &[Event], first: Option<usize>, count: usize, with_map: bool) -> OutlineWindow {
    let light = fold_into(LogDocument::without_texts(), events);
    let first = first.unwrap_or(light.steps().saturating_sub(count)).min(light.steps());
    let end = (first + count).min(light.steps());
    let open = light.open_steps().filter(|_| with_map);
    OutlineWindow {
        last_seq: events.len() as u64,
        total: light.steps() as u32,
        first: first as u32,
        steps: (first..end).map(|step| light.summary(step).unwrap()).collect(),
        open: open.map(|step| PlacedStep { step: step as u32, summary: light.summary(step).unwrap() }).collect(),
        map: with_map.then(|| light.map()),
        usage: light.usage().cloned(),
        intent: None,
    }
}

/// All that a step shows when it is open.
fn shown(document: &LogDocument, index: usize) -> Vec<String> {
    let step = document.step(index).unwrap();
    let body = Body::new(document, step, Fold::Open);
    (0..body.rows()).map(|row| format!("{:?}", body.content(step, row))).collect()
}

/// What stands in a step's line, without what summaries have no room for.
fn line(document: &LogDocument, index: usize) -> String {
    let summary = document.summary(index).unwrap();
    format!(
        "{:?}",
        agent_tasks::StepSummary { marks: Vec::new(), lines: 0, bytes: 0, title: None, last_seq: 0, ..summary }
    )
}

/// What is there is what the whole document has.
fn compare(sparse: &LogDocument, whole: &LogDocument) {
    assert_eq!(sparse.steps(), whole.steps());
    for index in 0..whole.steps() {
        let (ours, theirs) = (sparse.step(index).unwrap(), whole.step(index).unwrap());
        assert_eq!(ours.code(), theirs.code(), "step {index}");
        if !ours.is_told() {
            continue;
        }
        assert_eq!(line(sparse, index), line(whole, index), "step {index}");
        for row in 0..ours.text.lines() {
            if ours.text.has_line(row) {
                assert_eq!(sparse.line(&ours.text, row), whole.line(&theirs.text, row), "step {index} row {row}");
            }
        }
        if ours.has_facts() && ours.text.is_whole() {
            assert_eq!(shown(sparse, index), shown(whole, index), "step {index}");
            assert_eq!(sparse.summary(index), whole.summary(index), "step {index}");
        }
    }
}

/// What a reader and a server do.
#[derive(Debug, Clone)]
enum Act {
    Live(usize),
    Look(usize, usize),
    /// The server may know of fewer or of more events than have come, but never of fewer than before.
    Answer {
        pending: usize,
        most: usize,
        ahead: isize,
    },
    Refuse(usize),
    Release(usize, usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (1usize..8).prop_map(Act::Live),
        6 => (0usize..60, 0usize..200).prop_map(|(step, line)| Act::Look(step, line)),
        5 => (0usize..4, 1usize..40, -3isize..6).prop_map(|(pending, most, ahead)| Act::Answer { pending, most, ahead }),
        1 => (0usize..4).prop_map(Act::Refuse),
        2 => (0usize..60, 0usize..3_000).prop_map(|(near, bytes)| Act::Release(near, bytes)),
    ]
}

/// What the server answers to a want: at most so many events.
fn answer(document: &mut LogDocument, want: &Want, events: &[Event], most: usize) {
    let Some(wanted) = document.wanted_events(want) else {
        let Want::Steps { first, count } = *want else { panic!("{want:?} is of no step") };
        assert_eq!(document.tell(&outline(events, Some(first), count, false)), Told::Taken);
        return document.fill(want, None);
    };
    let window: Vec<Event> = events.iter().filter(|event| is_wanted(event, &wanted)).take(most).cloned().collect();
    let upto = if window.len() == most { window[most - 1].seq } else { wanted.to };
    document.fill(want, Some((&window, upto)));
}

/// Whether a server answers with this event.
fn is_wanted(event: &Event, wanted: &WantedEvents) -> bool {
    use agent_tasks::event::EventBody::{AssistantMessageDelta, AssistantReasoningDelta, ToolExecutionPartialResult};
    let is_text =
        matches!(event.body, AssistantMessageDelta(_) | AssistantReasoningDelta(_) | ToolExecutionPartialResult(_));
    let is_named = wanted.of.as_ref().is_none_or(|(session, id)| {
        let body = serde_json::to_value(&event.body).unwrap();
        let names = ["toolCallId", "messageId", "reasoningId", "requestId"].map(|name| body["data"][name].clone());
        event.session_id == *session && names.contains(&Value::from(id.as_str()))
    });
    (wanted.from..=wanted.to).contains(&event.seq) && is_named && !(wanted.facts && is_text)
}

fn play(said: &[Said], cut: usize, told: usize, acts: &[Act]) {
    let events = events(said);
    let mut at = cut * events.len() / 100;
    let mut sparse = LogDocument::of_outline(&outline(&events[..at], None, told, true));
    let mut whole = fold_into(LogDocument::default(), &events[..at]);
    compare(&sparse, &whole);
    let mut pending: Vec<Want> = Vec::new();
    // What the server told may be ahead of what has come.
    let (told_first, mut told_upto) = (at, at);
    for act in acts {
        match *act {
            Act::Live(count) => {
                for event in events.iter().skip(at).take(count) {
                    assert_eq!(sparse.apply(event), Applied::Taken);
                    whole.apply(event);
                    at += 1;
                }
            }
            Act::Look(step, line) => {
                if let Some(want) = sparse.wants(step % sparse.steps().max(1), true, line..line + 40) {
                    sparse.ask(&want);
                    pending.push(want);
                }
            }
            Act::Answer { pending: index, most, ahead } if index < pending.len() => {
                let want = pending.remove(index);
                let known = at.saturating_add_signed(ahead).clamp(told_first, events.len());
                told_upto = told_upto.max(known);
                // No outline is ahead of the events.
                let known = if matches!(want, Want::Steps { .. }) { known } else { known.max(told_upto).max(at) };
                answer(&mut sparse, &want, &events[..known], most);
            }
            Act::Refuse(index) if index < pending.len() => sparse.fill(&pending.remove(index), None),
            Act::Answer { .. } | Act::Refuse(_) => {}
            Act::Release(near, bytes) => sparse.release(near..near + 3, bytes),
        }
        if told_upto <= at {
            compare(&sparse, &whole);
        }
    }
    // What it told before, the server still knows.
    for want in pending {
        answer(&mut sparse, &want, &events[..at.max(told_upto)], usize::MAX);
    }
    for event in &events[at..] {
        sparse.apply(event);
        whole.apply(event);
    }
    // Whoever looks at everything gets everything.
    for index in 0..sparse.steps() {
        let mut tries = 0;
        let lines = whole.step(index).unwrap().text.lines();
        while let Some(want) = sparse.wants(index, true, 0..usize::MAX) {
            tries += 1;
            assert!(tries < 10 + lines, "step {index} is never there: {want:?}");
            sparse.ask(&want);
            answer(&mut sparse, &want, &events, usize::MAX);
        }
    }
    compare(&sparse, &whole);
    let is_there = |step: &Step| step.has_facts() && (step.text.is_whole() || hides_text(step));
    assert!((0..sparse.steps()).all(|index| is_there(sparse.step(index).unwrap())));
}

/// Whether no row shows its text.
fn hides_text(step: &Step) -> bool {
    matches!(&step.kind, StepKind::Tool(tool) if tool.has_changes())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_there_is_what_the_whole_has(
        said in prop::collection::vec(said(), 1..60),
        cut in 0usize..=100,
        told in 0usize..20,
        acts in prop::collection::vec(act(), 0..60),
    ) {
        play(&said, cut, told, &acts);
    }

    #[test]
    fn a_document_without_texts_tells_the_same(said in prop::collection::vec(said(), 0..80)) {
        let events = events(&said);
        let whole = fold_into(LogDocument::default(), &events);
        let light = fold_into(LogDocument::without_texts(), &events);
        prop_assert_eq!(whole.map(), light.map());
        for step in 0..whole.steps() {
            prop_assert_eq!(whole.summary(step), light.summary(step));
        }
        prop_assert!(light.bytes() <= light.steps() * 70_000);
    }
}
