//! Reading: where the reader is, whatever becomes of the log.

use agent_tasks::Event;
use serde_json::{Value, json};

use super::*;
use crate::store::{LogSpot, LogTarget};

fn say(document: &mut LogDocument, kind: &str, payload: Value) {
    let seq = document.last_seq() + 1;
    let event: Event = serde_json::from_value(json!({
        "seq": seq, "session_id": "s", "id": "e", "timestamp": "2026-01-01T00:00:00Z", "type": kind, "data": payload,
    }))
    .unwrap();
    document.apply(&event);
}

fn grow(document: &mut LogDocument, reader: &mut Reader, messages: u64) -> Frame {
    for _ in 0..messages {
        say(document, "user.message", json!({"content": "text"}));
    }
    settle(document, reader)
}

fn output(document: &mut LogDocument, lines: usize) {
    let text: String = (0..lines).map(|line| format!("line {line}\n")).collect();
    say(document, "tool.execution_start", json!({"toolCallId": "t", "command": "x"}));
    say(document, "tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": text}));
}

fn settle(document: &LogDocument, reader: &mut Reader) -> Frame {
    reader.sync(document);
    let frame = reader.frame(document);
    reader.on_placed(frame.scroll_top);
    frame
}

fn reader() -> (LogDocument, Reader) {
    let mut reader = Reader::default();
    reader.set_screen(500.0);
    (LogDocument::default(), reader)
}

#[test]
fn the_tail_is_followed_until_the_reader_scrolls_up() {
    let (mut document, mut reader) = reader();
    let frame = grow(&mut document, &mut reader, 100);
    assert_eq!(frame.scroll_top, frame.height - 500.0);
    assert!(frame.is_following && frame.rows.len() < 40);

    assert!(!reader.on_scroll(frame.scroll_top), "our own move");
    assert!(reader.on_scroll(frame.scroll_top - 300.0));
    let held = grow(&mut document, &mut reader, 100);
    assert_eq!((held.is_following, held.scroll_top), (false, frame.scroll_top - 300.0));
    assert!(held.has_below);

    assert!(reader.on_scroll(held.height - 500.0));
    let again = grow(&mut document, &mut reader, 1);
    assert!(again.is_following && !again.has_below);
}

#[test]
fn what_came_since_the_tail_was_let_go_is_counted() {
    let (mut document, mut reader) = reader();
    output(&mut document, 30);
    assert_eq!(grow(&mut document, &mut reader, 100).new_lines, 0);
    reader.let_go();
    assert_eq!(settle(&document, &mut reader).new_lines, 0, "nothing came yet");
    say(&mut document, "tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": "a\nb\nc\n"}));
    assert_eq!(settle(&document, &mut reader).new_lines, 3);
    assert_eq!(grow(&mut document, &mut reader, 2).new_lines, 7, "a line and its header, twice");
    reader.follow();
    assert_eq!(grow(&mut document, &mut reader, 2).new_lines, 0);
}

#[test]
fn a_selection_holds_the_page_and_keeps_its_ends_in_it() {
    let (mut document, mut reader) = reader();
    let frame = grow(&mut document, &mut reader, 1_000);
    let ends = (Row { step: 3, part: RowPart::Body(0) }, frame.rows[5].row);
    reader.select(Some(ends));
    let held = grow(&mut document, &mut reader, 100);
    assert_eq!((held.is_following, held.scroll_top), (false, frame.scroll_top));
    assert_eq!(held.aside.iter().map(|placed| placed.row).collect::<Vec<_>>(), [ends.0]);
    reader.on_scroll(held.scroll_top + 400.0);
    reader.on_scroll(held.height - 500.0);
    let far = grow(&mut document, &mut reader, 100);
    assert!(!far.is_following, "the end does not take a selection away");
    assert_eq!(far.aside.iter().map(|placed| placed.row).collect::<Vec<_>>(), [ends.0, ends.1]);
    reader.hold(|layout| layout.set_fold(&document, 3, Fold::Closed));
    assert_eq!(settle(&document, &mut reader).aside.len(), 1, "what is folded away has no row");
    reader.select(None);
    assert!(settle(&document, &mut reader).aside.is_empty());
}

#[test]
fn what_is_read_stays_while_heights_above_change() {
    let (mut document, mut reader) = reader();
    let frame = grow(&mut document, &mut reader, 100);
    reader.on_scroll(frame.height / 2.0);
    let before = reader.frame(&document);
    let seen = before.rows[before.rows.len() / 2].row;
    let on_screen = |reader: &Reader, frame: &Frame| reader.layout.top(seen) - frame.scroll_top;
    let place = on_screen(&reader, &before);
    reader.hold(|layout| layout.measure(Row { step: 1, part: RowPart::Body(0) }, 900.0));
    let after = reader.frame(&document);
    assert!((on_screen(&reader, &after) - place).abs() <= 1.0);
}

#[test]
fn the_height_of_the_rows_is_that_of_their_places() {
    let (mut document, mut reader) = reader();
    output(&mut document, 2_000);
    for _ in 0..2 {
        let frame = grow(&mut document, &mut reader, 3);
        let last = frame.rows.last().unwrap();
        let height = if frame.has_below {
            let next = reader.layout.window(&document, reader.bottom(last.row), f64::INFINITY)[0];
            assert_ne!(next.row, last.row);
            next.top - frame.rows[0].top
        } else {
            reader.layout.height() - frame.rows[0].top
        };
        assert!((reader.rows_height() - height).abs() < 0.001);
        reader.hold(|layout| layout.set_fold(&document, 1, Fold::Open));
        reader.on_scroll(3_000.0);
    }
}

#[test]
fn a_document_taller_than_an_element_goes_by_pixels_near_the_reader() {
    let (mut document, mut reader) = reader();
    output(&mut document, 2_000_000);
    reader.sync(&document);
    reader.hold(|layout| layout.set_fold(&document, 1, Fold::Open));
    reader.let_go();
    let top = settle(&document, &mut reader);
    assert!(top.height < reader.layout.height() / 2.0, "it is scaled");
    assert_eq!(top.scroll_top, 0.0);

    assert!(reader.on_scroll(top.height / 2.0), "the bar is dragged");
    let middle = settle(&document, &mut reader);
    assert!((reader.top - reader.layout.height() / 2.0).abs() < 1_000.0);
    let before = reader.top;
    for turn in 1..=50 {
        assert!(reader.on_scroll(middle.scroll_top + f64::from(turn) * 100.0), "the wheel turns");
        let frame = settle(&document, &mut reader);
        assert_eq!(reader.top, before + f64::from(turn) * 100.0);
        assert_eq!(frame.scroll_top, middle.scroll_top + f64::from(turn) * 100.0, "the bar is not taken away");
        assert_eq!(frame.rows_top - frame.scroll_top, frame.rows[0].top - reader.top);
    }
    let read = reader.top;
    reader.let_bar_go();
    settle(&document, &mut reader);
    assert_eq!(reader.top, read, "the bar moves, what is read does not");

    let end = reader.layout.height() - 500.0;
    reader.on_scroll(reader.scale().element() - 500.0);
    assert_eq!(reader.top, end);
    for turn in 1..=40 {
        let bar = reader.placed;
        reader.on_scroll(bar - 100.0);
        settle(&document, &mut reader);
        assert_eq!(reader.top, end - f64::from(turn) * 100.0);
    }
    for _ in 1..=39 {
        let bar = reader.placed;
        reader.on_scroll((bar + 100.0).min(reader.scale().element() - 500.0));
        settle(&document, &mut reader);
    }
    assert!((reader.top - (end - 100.0)).abs() < 1.0, "{} before the end", end - reader.top);
    let bar_end = reader.scale().element() - 500.0;
    assert!(reader.placed < bar_end, "there is a way on to the end");
}

#[test]
fn whoever_drags_the_bar_passes_by_until_it_stands() {
    let (mut document, mut reader) = reader();
    output(&mut document, 20_000);
    reader.sync(&document);
    reader.hold(|layout| layout.set_fold(&document, 1, Fold::Open));
    reader.let_go();
    let mut move_to = |place: f64| {
        let moved = reader.on_scroll(place);
        (moved, settle(&document, &mut reader).is_passing)
    };
    assert_eq!(move_to(90_000.0), (true, false), "one jump leads somewhere");
    assert_eq!(move_to(180_000.0), (true, true));
    assert_eq!(move_to(180_000.0), (false, true));
    assert_eq!(move_to(180_100.0), (true, false), "a wheel shows what comes next");
    assert_eq!(move_to(10_000.0), (true, false));
    assert_eq!(move_to(90_000.0), (true, true));
    assert!(reader.on_stand());
    assert!(!settle(&document, &mut reader).is_passing && !reader.on_stand());
    reader.on_scroll(200_000.0);
    reader.on_scroll(10_000.0);
    reader.reveal(&document, Row { step: 1, part: RowPart::Body(9_000) });
    assert!(!settle(&document, &mut reader).is_passing, "who is taken somewhere looks at it");
}

#[test]
fn an_address_leads_to_a_step_or_to_a_line_of_it() {
    let (mut document, mut reader) = reader();
    grow(&mut document, &mut reader, 50);
    output(&mut document, 1_000);
    grow(&mut document, &mut reader, 50);
    let spot = |seq, line| LogTarget::Spot(LogSpot { seq, line });
    let tool = document.step(51).unwrap().seq;
    assert_eq!(reader.go_to(&document, spot(tool, None)), Arrival::There(Row { step: 51, part: RowPart::Header }));
    assert_eq!(reader.top, reader.layout.top(Row { step: 51, part: RowPart::Header }));

    let row = Row { step: 51, part: RowPart::Body(499) };
    assert_eq!(reader.go_to(&document, spot(tool, Some(500))), Arrival::There(row));
    let frame = settle(&document, &mut reader);
    let on_screen = reader.layout.top(row) - reader.top;
    assert!(!frame.is_following && (0.0..500.0).contains(&on_screen));

    assert_eq!(reader.go_to(&document, spot(tool, Some(1_001))), Arrival::Nowhere);
    assert_eq!(reader.go_to(&document, spot(document.last_seq() + 1, None)), Arrival::Awaited);
}

#[test]
fn an_address_leads_into_what_is_folded_and_to_the_step_of_what_is_not_shown() {
    let (mut document, mut reader) = reader();
    let entries: Vec<_> = (0..60).map(|entry| json!({"name": "x".repeat(60), "at": entry})).collect();
    let content = json!({"entries": entries, "end": 1}).to_string();
    say(&mut document, "tool.execution_start", json!({"toolCallId": "t", "toolName": "q", "arguments": {}}));
    let done = json!({"toolCallId": "t", "success": true, "result": {"content": content}});
    say(&mut document, "tool.execution_complete", done);
    say(&mut document, "tool.execution_start", json!({"toolCallId": "e", "kind": "edit", "toolName": "edit"}));
    let diff = json!({"type": "diff", "path": "a", "oldText": "a\n", "newText": "b\n"});
    let result = json!({"content": "It was\nedited.", "contents": [diff]});
    say(&mut document, "tool.execution_complete", json!({"toolCallId": "e", "success": true, "result": result}));
    reader.sync(&document);
    let (called, edited) = (document.step(1).unwrap(), document.step(2).unwrap());
    let spot = |seq, line| LogTarget::Spot(LogSpot { seq, line: Some(line) });

    let within = called.text.lines() as u32 - 4;
    reader.layout.set_fold(&document, 1, Fold::Open);
    assert_eq!(
        reader.layout.body(1).unwrap().row_of_line(&document, called, within as usize - 1),
        None,
        "it is folded"
    );
    let Arrival::There(row) = reader.go_to(&document, spot(called.seq, within)) else { panic!("awaited for ever") };
    let body = reader.layout.body(1).unwrap();
    assert_eq!(Some(row.part), body.row_of_line(&document, called, within as usize - 1).map(RowPart::Body));

    let header = Row { step: 2, part: RowPart::Header };
    assert_eq!(reader.go_to(&document, spot(edited.seq, 2)), Arrival::Unshown(header));
    assert_eq!(reader.go_to(&document, spot(edited.seq, 3)), Arrival::Nowhere);
}

#[test]
fn a_log_that_is_begun_anew_is_read_where_it_was() {
    let (mut document, mut reader) = reader();
    grow(&mut document, &mut reader, 50);
    output(&mut document, 1_000);
    let kept = document.clone();
    grow(&mut document, &mut reader, 50);
    let tool = document.step(51).unwrap().seq;
    reader.go_to(&document, LogTarget::Spot(LogSpot { seq: tool, line: Some(700) }));
    reader.layout.set_fold(&document, 7, Fold::Closed);
    settle(&document, &mut reader);
    let (top, place) = (reader.top, reader.place(&document).unwrap());
    assert!(place.row.is_some());

    // All of it comes again, event by event, as far as it is still there.
    let anew = |document: &LogDocument| {
        let mut again = LogDocument::default();
        let events = (0..50).map(|_| ("user.message", json!({"content": "text"})));
        events.for_each(|(kind, payload)| say(&mut again, kind, payload));
        output(&mut again, 1_000);
        assert_eq!(again.steps(), document.steps());
        again
    };
    let empty = settle(&LogDocument::default(), &mut reader);
    assert!(empty.rows.is_empty() && !empty.is_following);
    let again = anew(&kept);
    settle(&again, &mut reader);
    assert_eq!((reader.top, reader.place(&again).unwrap()), (top, place));
    assert_eq!((reader.layout.fold(7), reader.layout.fold(51)), (Fold::Closed, Fold::Open));

    // Whoever has moved meanwhile is not taken back, and whoever follows the tail goes on with it.
    settle(&LogDocument::default(), &mut reader);
    reader.follow();
    assert!(settle(&anew(&kept), &mut reader).is_following);
}

#[test]
fn a_log_that_is_begun_anew_by_its_outline_is_read_where_it_was() {
    let (mut document, mut reader) = reader();
    output(&mut document, 6_000);
    grow(&mut document, &mut reader, 50);
    let tool = document.step(1).unwrap().seq;
    reader.go_to(&document, LogTarget::Spot(LogSpot { seq: tool, line: Some(3_000) }));
    settle(&document, &mut reader);
    let (top, place) = (reader.top, reader.place(&document).unwrap());

    settle(&LogDocument::default(), &mut reader);
    let steps = (0..document.steps()).map(|step| document.summary(step).unwrap()).collect();
    let window = agent_tasks::OutlineWindow {
        last_seq: document.last_seq(),
        total: document.steps() as u32,
        steps,
        map: Some(document.map()),
        ..Default::default()
    };
    let outlined = LogDocument::of_outline(&window);
    settle(&outlined, &mut reader);
    assert_eq!(reader.place(&outlined), Some(place));
    assert!((reader.top - top).abs() < 1.0);
}

#[test]
fn who_reads_a_sessions_line_stays_there_when_the_log_is_begun_anew() {
    let (mut document, mut reader) = reader();
    grow(&mut document, &mut reader, 50);
    let first_told = reader.layout.top(Row { step: 1, part: RowPart::Header });
    assert!(first_told > 3.0, "the session has a line");
    assert_eq!(document.step(0).map(|step| step.seq), document.step(1).map(|step| step.seq));
    reader.on_scroll(3.0);
    settle(&document, &mut reader);
    settle(&LogDocument::default(), &mut reader);
    settle(&document, &mut reader);
    assert_eq!(reader.top, 3.0);
}

#[test]
fn a_line_that_is_read_is_read_on_when_its_step_comes_again_piece_by_piece() {
    let (mut document, mut reader) = reader();
    output(&mut document, 1_000);
    let tool = document.step(1).unwrap().seq;
    reader.go_to(&document, LogTarget::Spot(LogSpot { seq: tool, line: Some(700) }));
    settle(&document, &mut reader);
    let place = reader.place(&document).unwrap();
    let mut again = LogDocument::default();
    settle(&again, &mut reader);
    output(&mut again, 10);
    settle(&again, &mut reader);
    let more: String = (10..1_000).map(|line| format!("line {line}\n")).collect();
    say(&mut again, "tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": more}));
    settle(&again, &mut reader);
    assert_eq!(reader.place(&again), Some(place));
}

#[test]
fn where_a_step_is_gone_the_one_before_is_read() {
    let (mut document, mut reader) = reader();
    grow(&mut document, &mut reader, 100);
    reader.reveal(&document, Row { step: 90, part: RowPart::Header });
    reader.set_screen(100.0);
    settle(&document, &mut reader);
    let place = reader.place(&document);
    let mut shorter = LogDocument::default();
    for _ in 0..40 {
        say(&mut shorter, "user.message", json!({"content": "text"}));
    }
    let frame = settle(&shorter, &mut reader);
    assert!(frame.rows.iter().any(|row| row.row.step == 40), "the last that there is");
    grow(&mut shorter, &mut reader, 60);
    assert_eq!(reader.place(&shorter), place, "it has come again");
    grow(&mut shorter, &mut reader, 60);
    assert_eq!(reader.place(&shorter), place, "and that is that");
}

#[test]
fn a_reader_comes_back_to_the_same_pixel() {
    let (mut document, mut reader) = reader();
    grow(&mut document, &mut reader, 50);
    output(&mut document, 1_000);
    grow(&mut document, &mut reader, 50);
    assert_eq!(reader.place(&document), None, "the tail is no place");
    let tool = document.step(51).unwrap().seq;
    reader.go_to(&document, LogTarget::Spot(LogSpot { seq: tool, line: Some(700) }));
    reader.frame(&document);
    let place = reader.place(&document).unwrap();

    let mut again = Reader::default();
    again.set_screen(500.0);
    again.sync(&document);
    let there = again.go_to(&document, LogTarget::Place(place));
    assert!(matches!(there, Arrival::There(Row { step: 51, .. })));
    again.frame(&document);
    assert!((again.top - reader.top).abs() < 1.0);
}
