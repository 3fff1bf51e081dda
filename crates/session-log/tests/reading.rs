//! What is grouped, folded under a sub-agent, or left out: nothing is ever lost by it, and a layout that followed the
//! log is the one that is made at its end.
#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use agent_tasks::Event;
use proptest::prelude::*;
use serde_json::{Value, json};
use session_log::{
    Applied, Fold, Hit, HitPart, Layout, Level, LogDocument, Row, RowPart, Showing, StepClass, StepKind, StepState,
};

type Told = (String, Value);

fn apply(document: &mut LogDocument, (kind, payload): &Told) {
    let seq = document.last_seq() + 1;
    let event: Event = serde_json::from_value(json!({
        "seq": seq, "session_id": "s1", "id": seq.to_string(), "timestamp": "2026-01-01T00:00:00Z", "type": kind, "data": payload,
    }))
    .unwrap();
    assert_eq!(document.apply(&event), Applied::Taken);
}

fn start(id: &str, kind: &str, parent: Option<&str>) -> Told {
    let call = json!({"toolCallId": id, "toolName": kind, "kind": kind, "title": format!("{kind} {id}"), "parentToolCallId": parent});
    ("tool.execution_start".into(), call)
}

fn end(id: &str, success: bool) -> Told {
    ("tool.execution_complete".into(), json!({"toolCallId": id, "success": success, "result": {"content": "one\ntwo"}}))
}

fn calls(kind: &str, ids: &[&str]) -> Vec<Told> {
    ids.iter().flat_map(|id| [start(id, kind, None), end(id, true)]).collect()
}

fn message(text: &str) -> Told {
    ("assistant.message".into(), json!({"messageId": text, "content": text}))
}

fn folded(events: &[Told]) -> LogDocument {
    let mut document = LogDocument::default();
    events.iter().for_each(|told| apply(&mut document, told));
    document
}

fn laid_out(document: &LogDocument, showing: &Showing) -> Layout {
    let mut layout = Layout::default();
    layout.set_showing(document, showing);
    layout.sync(document);
    layout
}

fn shown(document: &LogDocument, layout: &Layout) -> Vec<usize> {
    (0..document.steps()).filter(|&step| !layout.is_hidden(step)).collect()
}

/// Some tool calls, also in parallel and of sub-agents, messages, thoughts and errors.
fn told() -> impl Strategy<Value = Told> {
    let id = || prop_oneof![Just("a"), Just("b"), Just("c"), Just("d"), Just("e"), Just("f")];
    let kind = || prop_oneof![4 => Just("read"), 1 => Just("search"), 1 => Just("execute"), 1 => Just("other")];
    prop_oneof![
        6 => (id(), kind()).prop_map(|(id, kind)| start(id, kind, parent_of(id))),
        6 => (id(), prop::bool::weighted(0.8)).prop_map(|(id, success)| end(id, success)),
        1 => "[ab]".prop_map(|text| message(&text)),
        1 => "[ab]".prop_map(|id| ("assistant.reasoning".into(), json!({"reasoningId": id, "content": "hm"}))),
        1 => Just(("session.error".into(), json!({"errorType": "agent", "message": "no"}))),
        1 => "[ab]".prop_map(|id| ("permission.requested".into(), json!({"requestId": id, "permissionRequest": {"kind": "shell"}, "options": []}))),
        1 => "[ab]".prop_map(|id| ("permission.completed".into(), json!({"requestId": id, "result": {"kind": "approved"}}))),
    ]
}

/// Two of the calls are a sub-agent's, and one of these has a sub-agent of its own.
fn parent_of(id: &str) -> Option<&'static str> {
    match id {
        "d" | "e" => Some("a"),
        "f" => Some("e"),
        _ => None,
    }
}

fn showing() -> impl Strategy<Value = Showing> {
    let level = prop_oneof![
        3 => Just(Level::Steps), 1 => Just(Level::All), 1 => Just(Level::Lines), 2 => Just(Level::Messages), 1 => Just(Level::Sessions)
    ];
    let class = || {
        prop_oneof![
            Just(StepClass::Read),
            Just(StepClass::Reasoning),
            Just(StepClass::Message),
            Just(StepClass::Run),
            Just(StepClass::Agent)
        ]
    };
    (
        level,
        prop::collection::vec(class(), 0..2),
        prop::collection::vec(class(), 0..2),
        any::<bool>(),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(level, hidden, opened, hides_output, is_errors_only)| Showing {
            level,
            hidden,
            opened,
            hides_output,
            is_errors_only,
            closed: Vec::new(),
        })
}

fn is_asking(document: &LogDocument, step: usize) -> bool {
    let step = document.step(step).unwrap();
    matches!(step.kind, StepKind::Permission(_)) && step.state == StepState::Waiting
}

/// What a layout says of a step: whether it takes no room, its fold, its top, its group, its depth.
type StepFacts = (bool, Fold, f64, Option<(usize, bool)>, usize);

/// Everything that a layout says of the steps.
fn facts(document: &LogDocument, layout: &mut Layout) -> Vec<StepFacts> {
    layout.window(document, 0.0, f64::MAX);
    let fact = |step| {
        let group = layout.group(step).map(|group| (group.steps, group.is_open));
        (
            layout.is_hidden(step),
            layout.fold(step),
            layout.top(Row { step, part: RowPart::Header }),
            group,
            layout.depth(step),
        )
    };
    (0..document.steps()).map(fact).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn a_layout_that_follows_is_one_made_at_the_end(
        events in prop::collection::vec((told(), any::<bool>()), 1..60), showing in showing(), before in showing(),
    ) {
        let (mut document, mut followed) = (LogDocument::default(), Layout::default());
        followed.set_showing(&document, &showing);
        for (told, is_synced) in &events {
            apply(&mut document, told);
            if *is_synced {
                followed.sync(&document);
            }
        }
        followed.sync(&document);
        let mut at_once = laid_out(&document, &showing);
        let mut changed = laid_out(&document, &before);
        changed.set_showing(&document, &showing);
        let all = facts(&document, &mut at_once);
        prop_assert_eq!(&facts(&document, &mut followed), &all);
        prop_assert_eq!(&facts(&document, &mut changed), &all);
        prop_assert_eq!((followed.left_out(), followed.height()), (at_once.left_out(), at_once.height()));
        prop_assert_eq!((changed.left_out(), changed.height()), (at_once.left_out(), at_once.height()));
    }

    #[test]
    fn no_step_is_lost(events in prop::collection::vec(told(), 1..60), showing in showing()) {
        let document = folded(&events);
        let mut layout = laid_out(&document, &showing);
        let seen = layout.window(&document, 0.0, f64::MAX);
        let headers: Vec<usize> = seen.iter().filter(|row| row.row.part == RowPart::Header).map(|row| row.row.step).collect();
        prop_assert_eq!(&headers, &shown(&document, &layout));
        let height: f64 = headers.iter().map(|&step| 36.0 + layout.body(step).map_or(0, session_log::Body::rows) as f64
            * if matches!(document.step(step).unwrap().kind, StepKind::Message | StepKind::Reasoning | StepKind::Permission(_)) { 48.0 } else { 20.0 }).sum();
        prop_assert_eq!(layout.height(), height);
        for step in 0..document.steps() {
            prop_assert!(!is_asking(&document, step) || !layout.is_hidden(step), "a question is always there");
            // Whatever hides a step, a link to it shows it.
            let was_hidden = layout.is_hidden(step) || layout.group(step).is_some_and(|group| !group.is_open);
            prop_assert_eq!(layout.uncover(&document, step), was_hidden);
            prop_assert!(!layout.is_hidden(step));
            let hit = Hit { step, part: HitPart::Header, from: 0, to: 1 };
            prop_assert_eq!(layout.row_of_hit(&document, &hit), Some(Row { step, part: RowPart::Header }));
        }
        prop_assert_eq!(shown(&document, &layout).len(), document.steps());
    }

    #[test]
    fn groups_and_trees_come_back_to_the_same_heights(
        events in prop::collection::vec(told(), 1..40), toggled in prop::collection::vec((0usize..40, 0usize..2), 0..12),
    ) {
        let document = folded(&events);
        let mut layout = laid_out(&document, &Showing::default());
        let before = facts(&document, &mut layout);
        for (step, what) in toggled {
            let step = step % document.steps();
            match what {
                0 => layout.set_group(&document, step, true),
                _ => layout.set_tree(&document, step, Fold::Open),
            }
        }
        layout.show_again(&document, &Showing::default());
        prop_assert_eq!(facts(&document, &mut layout), before);
    }
}

#[test]
fn a_call_that_ends_between_others_joins_them_to_a_group_whose_first_step_is_one_line() {
    let mut events = calls("read", &["a"]);
    events.push(start("b", "read", None));
    events.extend(calls("read", &["c", "d", "e"]));
    let mut document = folded(&events);
    let showing = Showing { level: Level::Messages, opened: vec![StepClass::Read], ..Showing::default() };
    let mut layout = laid_out(&document, &showing);
    assert_eq!((layout.group(1), layout.fold(1)), (None, Fold::Open));
    apply(&mut document, &end("b", true));
    layout.sync(&document);
    assert_eq!(layout.group(1).map(|group| (group.steps, group.is_open)), Some((5, false)));
    let mut at_once = laid_out(&document, &showing);
    assert_eq!(facts(&document, &mut layout), facts(&document, &mut at_once));
}

#[test]
fn three_finished_calls_of_a_kind_are_a_group_and_a_failure_breaks_it() {
    let mut events = calls("read", &["a", "b"]);
    let document = folded(&events);
    assert_eq!(shown(&document, &laid_out(&document, &Showing::default())), [0, 1, 2]);

    events.extend(calls("read", &["c", "d"]));
    events.extend([start("e", "read", None), end("e", false)]);
    events.extend(calls("read", &["f", "g", "h"]));
    events.extend(calls("execute", &["i", "j", "k"]));
    let document = folded(&events);
    let mut layout = laid_out(&document, &Showing::default());
    let group = layout.group(1).unwrap();
    assert_eq!((group.steps, group.class, group.is_open), (4, Some(StepClass::Read), false));
    assert_eq!(layout.members(group).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(shown(&document, &layout), [0, 1, 5, 6, 9, 10, 11]);

    layout.set_group(&document, 1, true);
    assert_eq!(shown(&document, &layout), [0, 1, 2, 3, 4, 5, 6, 9, 10, 11]);
    // Of the first step, too, nothing but the group's line is left.
    layout.set_fold(&document, 1, Fold::Open);
    assert_eq!(layout.body(1).map(session_log::Body::rows), Some(2));
    layout.set_group(&document, 3, false);
    assert_eq!(shown(&document, &layout), [0, 1, 5, 6, 9, 10, 11]);
    assert_eq!(layout.body(1).map(session_log::Body::rows), Some(0));
    assert_eq!(layout.top(Row { step: 5, part: RowPart::Header }), 2.0 * 36.0);
    assert!(layout.uncover(&document, 1), "a link to the first step opens the group");
    assert_eq!(layout.body(1).map(session_log::Body::rows), Some(2));
}

#[test]
fn what_a_reader_has_opened_does_not_vanish_into_a_group() {
    let mut document = folded(&calls("read", &["a", "b"]));
    apply(&mut document, &start("c", "read", None));
    let mut layout = laid_out(&document, &Showing::default());
    layout.set_fold(&document, 3, Fold::Open);
    apply(&mut document, &end("c", true));
    layout.sync(&document);
    assert!(layout.group(1).unwrap().is_open);
    assert_eq!((shown(&document, &layout).len(), layout.fold(3)), (4, Fold::Open));
    // A choice for one step outlives what comes after it.
    calls("read", &["d", "e"]).iter().for_each(|told| apply(&mut document, told));
    layout.sync(&document);
    assert_eq!((shown(&document, &layout).len(), layout.fold(3), layout.fold(4)), (6, Fold::Open, Fold::Closed));
}

#[test]
fn steps_of_a_sub_agent_fold_away_with_its_line() {
    let mut document = folded(&[
        start("agent", "think", None),
        start("a", "read", Some("agent")),
        start("inner", "other", Some("agent")),
        start("b", "read", Some("inner")),
        message("meanwhile"),
    ]);
    let mut layout = laid_out(&document, &Showing::default());
    assert_eq!(shown(&document, &layout), [0, 1, 5]);
    let nested = layout.nested(1).unwrap();
    assert_eq!((nested.steps, nested.newest, nested.is_at_work(&document)), (3, 4, true));
    assert_eq!((1..5).map(|step| layout.depth(step)).collect::<Vec<_>>(), [0, 1, 1, 2]);

    layout.set_fold(&document, 1, Fold::Open);
    assert_eq!(shown(&document, &layout), [0, 1, 2, 3, 5]);
    layout.set_tree(&document, 1, Fold::Open);
    assert_eq!(shown(&document, &layout), [0, 1, 2, 3, 4, 5]);
    layout.set_fold(&document, 1, Fold::Closed);
    apply(&mut document, &start("c", "search", Some("agent")));
    layout.sync(&document);
    assert_eq!(shown(&document, &layout), [0, 1, 5]);
    assert_eq!(layout.nested(1).unwrap().newest, 6);
    assert!(layout.uncover(&document, 4));
    assert_eq!(shown(&document, &layout), [0, 1, 2, 3, 4, 5, 6]);
}

#[test]
fn levels_and_kinds_hold_for_what_comes_later() {
    let mut events = vec![("user.message".into(), json!({"content": "do it"})), message("first")];
    events.extend(calls("read", &["a"]));
    events.extend(calls("execute", &["b"]));
    events.push(message("second"));
    let mut document = folded(&events);
    let mut showing = Showing::default();
    showing.set_level(Level::Messages);
    let mut layout = laid_out(&document, &showing);
    assert_eq!(shown(&document, &layout), [0, 1, 2, 3, 5]);
    assert_eq!(layout.group(3).map(|group| (group.steps, group.class)), Some((2, None)));

    showing.set_level(Level::Sessions);
    layout.set_showing(&document, &showing);
    apply(&mut document, &message("third"));
    layout.sync(&document);
    assert_eq!(shown(&document, &layout), [0]);
    layout.set_fold(&document, 0, Fold::Open);
    assert_eq!(shown(&document, &layout).len(), 7);

    showing.set_level(Level::Steps);
    showing.fold_class(StepClass::Read, true);
    layout.set_showing(&document, &showing);
    calls("read", &["c"]).iter().for_each(|told| apply(&mut document, told));
    layout.sync(&document);
    assert_eq!((layout.fold(3), layout.fold(4), layout.fold(7)), (Fold::Open, Fold::Closed, Fold::Open));
    layout.set_fold(&document, 4, Fold::Open);
    showing.fold_class(StepClass::Read, false);
    layout.set_showing(&document, &showing);
    assert_eq!((layout.fold(3), layout.fold(4), layout.fold(7)), (Fold::Closed, Fold::Open, Fold::Closed));
}

#[test]
fn a_filter_keeps_the_place_of_the_reader_and_counts_what_it_leaves_out() {
    let mut events = vec![message("first")];
    events.extend(calls("read", &["a"]));
    events.push(message("second"));
    events.extend(calls("execute", &["b"]));
    events.push((
        "permission.requested".into(),
        json!({"requestId": "p", "permissionRequest": {"kind": "shell"}, "options": []}),
    ));
    let document = folded(&events);
    let mut layout = laid_out(&document, &Showing::default());
    let reading = layout.anchor(layout.top(Row { step: 2, part: RowPart::Header }) + 3.0).unwrap();
    let mut showing = Showing::default();
    showing.hide(StepClass::Read, true);
    layout.set_showing(&document, &showing);
    assert_eq!((shown(&document, &layout), layout.left_out()), (vec![0, 1, 3, 4, 5], 1));
    // Where it was read stands the next step now.
    assert_eq!(layout.offset(reading), layout.top(Row { step: 3, part: RowPart::Header }));

    showing.is_errors_only = true;
    showing.hide(StepClass::Permission, true);
    layout.set_showing(&document, &showing);
    assert_eq!((shown(&document, &layout), layout.left_out()), (vec![0, 5], 4));
    assert!(layout.uncover(&document, 2) && layout.is_summoned(2));
    assert_eq!((shown(&document, &layout), layout.left_out()), (vec![0, 2, 5], 3));
    layout.set_showing(&document, &Showing::default());
    assert_eq!((layout.left_out(), layout.is_summoned(2)), (0, false));
}
