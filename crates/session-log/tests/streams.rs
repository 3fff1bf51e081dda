//! Whatever a stream does to its events (repeats, other orders, cuts), a reader that asks again where something is
//! missing ends with the document of the whole log.
#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use agent_tasks::Event;
use promises::{cases, tell};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use session_log::{Applied, Fold, Layout, LogDocument};

/// The most events of a log.
const EVENTS_MAX: usize = 1_000;
/// Most logs are short, so that there are many.
const EVENTS_USUAL: usize = 60;

fn body() -> impl Strategy<Value = (&'static str, Value)> {
    let id = || prop::sample::select(vec!["a", "b", "c"]);
    let text = "[a-z\n\u{1b}\\[0-9;m ]{0,12}";
    prop_oneof![
        4 => (id(), text).prop_map(|(id, text)| {
            ("assistant.message_delta", json!({"messageId": id, "deltaContent": text}))
        }),
        2 => (id(), text).prop_map(|(id, text)| ("assistant.message", json!({"messageId": id, "content": text}))),
        2 => (id(), text).prop_map(|(id, text)| {
            ("assistant.reasoning_delta", json!({"reasoningId": id, "deltaContent": text}))
        }),
        2 => id().prop_map(|id| ("tool.execution_start", json!({"toolCallId": id, "kind": "execute", "command": id}))),
        5 => (id(), text, prop::bool::weighted(0.1)).prop_map(|(id, text, replace)| {
            ("tool.execution_partial_result", json!({"toolCallId": id, "partialOutput": text, "replace": replace}))
        }),
        2 => (id(), any::<bool>()).prop_map(|(id, success)| {
            ("tool.execution_complete", json!({"toolCallId": id, "success": success}))
        }),
        1 => text.prop_map(|text| ("user.message", json!({"content": text}))),
        1 => text.prop_map(|text| ("weather.report", json!({"rain": text}))),
        1 => Just(("session.shutdown", json!({"shutdownType": "routine"}))),
    ]
}

fn log() -> impl Strategy<Value = Vec<Event>> {
    let bodies = prop_oneof![
        30 => prop::collection::vec(body(), 1..EVENTS_USUAL),
        1 => prop::collection::vec(body(), EVENTS_MAX / 2..EVENTS_MAX),
    ];
    bodies.prop_map(|bodies| {
        let event = |(index, (kind, payload)): (usize, (&str, Value))| {
            let seq = index + 1;
            let event = json!({
                "seq": seq, "session_id": "s", "id": seq.to_string(), "timestamp": "2026-01-01T00:00:00Z",
                "type": kind, "data": payload,
            });
            serde_json::from_value(event).unwrap()
        };
        bodies.into_iter().enumerate().map(event).collect()
    })
}

/// What a bad stream does next.
#[derive(Debug, Clone)]
enum Act {
    /// Tells some event, whichever.
    Tell(prop::sample::Index),
    /// Tells so many in order from some place on.
    Run(prop::sample::Index, usize),
    /// Breaks off; the reader comes back with its cursor and hears so many.
    Cut(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        any::<prop::sample::Index>().prop_map(Act::Tell),
        (any::<prop::sample::Index>(), 1..8usize).prop_map(|(from, count)| Act::Run(from, count)),
        (0..6usize).prop_map(Act::Cut),
    ]
}

/// A reader as the page is one: after a gap it asks for what comes after its cursor.
struct Reader<'a> {
    log: &'a [Event],
    document: LogDocument,
}

impl Reader<'_> {
    fn hear(&mut self, event: &Event) {
        let before = self.document.last_seq();
        match self.document.apply(event) {
            Applied::Taken => assert_eq!(self.document.last_seq(), before + 1, "none is left out"),
            Applied::Repeated => assert_eq!(self.document.last_seq(), before),
            Applied::Gap(_) => {
                assert_eq!(self.document.last_seq(), before, "nothing is taken over a gap");
                assert!(event.seq > before + 1, "a gap that is none");
            }
        }
    }

    fn come_back(&mut self, count: usize) {
        let log = self.log;
        let rest = &log[usize::try_from(self.document.last_seq()).unwrap()..];
        rest.iter().take(count).for_each(|event| self.hear(event));
    }
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
    rows
}

#[test]
fn a_bad_stream_ends_in_the_document_of_the_whole_log() {
    let count = cases(300, 10_000);
    let config = Config { cases: u32::try_from(count).unwrap(), failure_persistence: None, ..Config::default() };
    let acts = prop::collection::vec(act(), 0..40);
    TestRunner::new(config)
        .run(&(log(), acts), |(log, acts)| {
            let mut whole = Reader { log: &log, document: LogDocument::default() };
            whole.come_back(usize::MAX);
            let mut reader = Reader { log: &log, document: LogDocument::default() };
            for act in acts {
                match act {
                    Act::Tell(which) => reader.hear(&log[which.index(log.len())]),
                    Act::Run(from, count) => {
                        log[from.index(log.len())..].iter().take(count).for_each(|event| reader.hear(event));
                    }
                    Act::Cut(count) => reader.come_back(count),
                }
            }
            reader.come_back(usize::MAX);
            prop_assert_eq!(dump(&reader.document), dump(&whole.document));
            Ok(())
        })
        .unwrap();
    tell("C3", count, true, "0 documents differ; a gap is asked for, nothing is taken over it");
}
