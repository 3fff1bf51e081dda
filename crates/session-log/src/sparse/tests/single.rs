//! Asks and answers one by one.

use agent_tasks::{Event, OutlineWindow};

use super::super::{Told, Want};
use super::{Said, events, fold_into, is_wanted, outline, shown};
use crate::LogDocument;

/// A call whose output is told in `parts` parts, with `between` events of another one before each.
fn call_among_others(parts: usize, between: usize) -> Vec<Event> {
    let mut said = vec![Said::Start(0, None), Said::Start(1, None)];
    for part in 0..parts {
        said.extend((0..between).map(|_| Said::Output(1, "other\n".into(), false)));
        said.push(Said::Output(0, format!("line {part}\n"), false));
    }
    said.extend([Said::Done(0, 3, String::new()), Said::Done(1, 3, String::new())]);
    events(&said)
}

fn answers_of(document: &mut LogDocument, step: usize, events: &[Event]) -> usize {
    let mut sent = 0;
    while let Some(want) = document.wants(step, true, 0..usize::MAX) {
        assert!(document.ask(&want), "{want:?}");
        let wanted = document.wanted_events(&want).unwrap();
        let window: Vec<Event> = events.iter().filter(|event| is_wanted(event, &wanted)).cloned().collect();
        sent += window.len();
        document.fill(&want, Some((&window, wanted.to)));
    }
    sent
}

#[test]
fn only_the_events_of_a_step_are_asked_for() {
    let events = call_among_others(10, 50);
    let mut sparse = LogDocument::of_outline(&outline(&events, None, 10, true));
    let whole = fold_into(LogDocument::default(), &events);
    let step = sparse.find_seq(1).unwrap();
    assert_eq!(answers_of(&mut sparse, step, &events), 12, "its start, its output, its end");
    assert_eq!(shown(&sparse, step), shown(&whole, step));
}

#[test]
fn an_answer_to_another_want_than_the_next_is_left_out() {
    let events = call_among_others(100, 0);
    let mut sparse = LogDocument::of_outline(&outline(&events, None, 10, true));
    let whole = fold_into(LogDocument::default(), &events);
    let step = sparse.find_seq(1).unwrap();
    let first = sparse.wants(step, true, 0..1).unwrap();
    assert!(sparse.ask(&first));
    let Want::Text { from, to, .. } = first else { panic!("{first:?}") };
    let other = Want::Text { step, from: from + 5, to };
    assert!(!sparse.ask(&other), "the text is asked for already");
    assert!(!sparse.ask(&first), "and so is this");
    sparse.fill(&other, Some((&events[from as usize + 4..to as usize], to)));
    assert!(!sparse.step(step).unwrap().has_facts());
    sparse.fill(&first, Some((&events[from as usize - 1..to as usize], to)));
    assert_eq!(shown(&sparse, step), shown(&whole, step));
    assert!(!sparse.ask(&Want::Facts { step, from: from + 1, to }), "facts begin with the first event");
}

#[test]
fn an_outline_that_is_older_than_the_document_is_not_taken() {
    let events = call_among_others(4, 0);
    let mut sparse = LogDocument::of_outline(&outline(&events, None, 0, true));
    let older = outline(&events[..events.len() - 2], Some(0), 3, false);
    assert_eq!(older.total as usize, sparse.steps());
    assert_eq!(sparse.tell(&older), Told::Older);
    assert_eq!(sparse.tell(&outline(&events, Some(0), 3, false)), Told::Taken);
    assert_eq!(sparse.tell(&OutlineWindow { total: 9, ..outline(&events, Some(0), 3, false) }), Told::Other);
}

#[test]
fn one_answer_is_enough_where_the_rest_of_the_range_has_nothing() {
    let mut said = vec![Said::Start(1, None), Said::Done(1, 2, "x".repeat(9_000))];
    said.extend((0..9).map(|_| Said::Usage(1)));
    let events = events(&said);
    let mut sparse = LogDocument::of_outline(&outline(&events, None, 10, true));
    let step = sparse.find_seq(1).unwrap();
    let want = Want::Facts { step, from: 1, to: 11 };
    assert!(sparse.ask(&want));
    sparse.fill(&want, Some((&events[..2], 11)));
    assert!(sparse.step(step).unwrap().has_facts());
}

#[test]
fn few_events_wait_for_an_answer_that_does_not_come() {
    let events = call_among_others(100, 0);
    let mut sparse = LogDocument::of_outline(&outline(&events[..50], None, 10, true));
    let step = sparse.find_seq(1).unwrap();
    let want = sparse.wants(step, true, 0..1).unwrap();
    assert!(sparse.ask(&want));
    for event in &events[50..] {
        sparse.apply(event);
    }
    sparse.fill(&want, Some((&events[..50], 50)));
    assert!(!sparse.step(step).unwrap().text.is_whole(), "it is asked for anew");
    let whole = fold_into(LogDocument::default(), &events);
    answers_of(&mut sparse, step, &events);
    assert_eq!(shown(&sparse, step), shown(&whole, step));
}

#[test]
fn a_line_that_follows_goes_on_in_the_newest_step_though_only_the_first_ones_are_told() {
    let lines: Vec<Said> = (0..4).map(|line| Said::Info(0, format!("line {line}"))).collect();
    let events = events(&lines);
    let sparse = LogDocument::of_outline(&outline(&events[..3], Some(0), 1, true));
    let (sparse, whole) = (fold_into(sparse, &events[3..]), fold_into(LogDocument::default(), &events));
    assert_eq!((sparse.steps(), whole.steps()), (2, 2));
    assert_eq!(sparse.summary(1).unwrap().lines, whole.summary(1).unwrap().lines);
}

#[test]
fn changes_count_as_held() {
    let events = events(&[Said::Start(1, None), Said::Done(1, 2, "x".repeat(9_000))]);
    let mut sparse = LogDocument::of_outline(&outline(&events, None, 10, true));
    let step = sparse.find_seq(1).unwrap();
    answers_of(&mut sparse, step, &events);
    assert!(sparse.bytes() > 9_000, "{}", sparse.bytes());
    sparse.release(90..91, 0);
    assert!(sparse.bytes() < 9_000);
}
