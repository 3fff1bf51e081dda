//! Find, as its readers see it: what is shown is found, whatever is open, however the log arrives and however
//! the work is sliced.
#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use agent_tasks::Event;
use proptest::prelude::*;
use serde_json::{Value, json};
use session_log::{
    Applied, FindOptions, Finder, Fold, HITS_KEPT_MAX, Hit, HitPart, Layout, LogDocument, Query, RowPart, StepKind,
};

type Told = (&'static str, Value);

fn apply(document: &mut LogDocument, (kind, payload): &Told) {
    let seq = document.last_seq() + 1;
    let event: Event = serde_json::from_value(json!({
        "seq": seq, "session_id": "s1", "id": seq.to_string(), "timestamp": "2026-01-01T00:00:00Z", "type": kind, "data": payload,
    }))
    .unwrap();
    assert_eq!(document.apply(&event), Applied::Taken);
}

fn fold(events: &[Told]) -> LogDocument {
    let mut document = LogDocument::default();
    events.iter().for_each(|told| apply(&mut document, told));
    document
}

fn output(id: &str, text: &str, replace: bool) -> Told {
    ("tool.execution_partial_result", json!({"toolCallId": id, "partialOutput": text, "replace": replace}))
}

fn finder(text: &str, options: FindOptions) -> Finder {
    Finder::new(Query::new(text, options).unwrap())
}

fn found(document: &LogDocument, text: &str, options: FindOptions) -> Vec<Hit> {
    let mut finder = finder(text, options);
    assert!(finder.advance(document, usize::MAX).is_done);
    finder.hits().to_vec()
}

fn parts(hits: &[Hit]) -> Vec<(usize, HitPart, u32)> {
    hits.iter().map(|hit| (hit.step, hit.part, hit.from)).collect()
}

const ANY: FindOptions = FindOptions { is_case_sensitive: false, is_whole_word: false, is_regex: false };

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
            let words = layout.body(row.step).unwrap().content(&document, step, body_row).unwrap().words().into_owned();
            assert_eq!(&words[hit.from as usize..hit.to as usize], text);
            assert_eq!(hit.words(&document).unwrap(), words);
        }
    }
    assert_eq!(layout.fold(1), Fold::Open);
    let excerpt = found(&document, "LINE 5", ANY).last().unwrap().excerpt(&document, 4).unwrap();
    assert_eq!((excerpt.before.as_str(), excerpt.hit.as_str(), excerpt.after.as_str()), ("e 5 ", "line 5", ""));
}

#[test]
fn hits_are_gone_through_in_both_directions_and_all_are_counted() {
    let lines = "hit hit\nnone\n".repeat(HITS_KEPT_MAX / 2 + 100);
    let document = fold(&[
        ("user.message", json!({"content": "a hit"})),
        output("t", &lines, false),
        ("user.message", json!({"content": "a hit"})),
    ]);
    let mut finder = finder("hit", ANY);
    finder.advance(&document, usize::MAX);
    assert_eq!((finder.total(), finder.hits().len()), (HITS_KEPT_MAX + 202, HITS_KEPT_MAX));
    assert_eq!(finder.steps().collect::<Vec<_>>(), [(1, 1), (2, HITS_KEPT_MAX + 200), (3, 1)]);
    assert_eq!((finder.count_in(2), finder.count_in(0)), (HITS_KEPT_MAX + 200, 0));
    let all = finder.hits().to_vec();
    assert!(all.is_sorted());
    let mut at = None;
    for (rank, hit) in all.iter().enumerate() {
        at = finder.after(at.as_ref()).copied();
        assert_eq!((at, finder.rank(hit)), (Some(*hit), rank));
    }
    assert_eq!(finder.after(at.as_ref()), None);
    for hit in all.iter().rev().skip(1) {
        at = finder.before(at.as_ref()).copied();
        assert_eq!(at, Some(*hit));
    }
    assert_eq!((finder.before(at.as_ref()), finder.before(None)), (None, all.last()));
}

#[test]
fn a_search_goes_on_where_it_stood() {
    let lines = |word: &str| format!("{word}\n").repeat(100_000);
    let mut document = fold(&[output("t", &lines("hay"), false)]);
    let mut finder = finder("needle", ANY);
    finder.advance(&document, usize::MAX);
    apply(&mut document, &output("t", "nee", false));
    assert!(!finder.advance(&document, 2_000).has_news);
    apply(&mut document, &output("t", "dle", false));
    // The lines before cost nothing now.
    let progress = finder.advance(&document, 2_000);
    assert_eq!((progress.is_done, progress.total, progress.has_news), (true, 1, true));
    apply(&mut document, &output("t", &lines("other"), true));
    let progress = finder.advance(&document, usize::MAX);
    assert_eq!((progress.is_done, progress.total, progress.has_news), (true, 0, true));
    assert!(!finder.advance(&document, usize::MAX).has_news);
}

#[test]
fn what_lies_over_a_cut_is_found_once_all_of_it_is_there() {
    for needle in ["needle".to_owned(), "needle ".repeat(80)] {
        for at in (4_096 - needle.len()..4_100).step_by(needle.len().div_ceil(8)) {
            let line = ["x".repeat(at), needle.clone(), "x".repeat(700)].concat();
            let (now, later) = line.split_at(4_165);
            let mut document = fold(&[output("t", now, false)]);
            let mut finder = finder(&needle, ANY);
            finder.advance(&document, usize::MAX);
            apply(&mut document, &output("t", later, false));
            assert_eq!(finder.advance(&document, usize::MAX).total, 1, "{} bytes at {at}", needle.len());
            assert_eq!(found(&document, &needle, ANY), finder.hits());
        }
    }
}

#[test]
fn what_lies_between_two_batches_is_found() {
    for at in 65_525..65_540 {
        let line = ["x".repeat(at), "needle".to_owned(), "x".repeat(5_000)].concat();
        let document = fold(&[output("t", &line, false)]);
        assert_eq!(found(&document, "needle", ANY).len(), 1, "{at}");
    }
}

/// A reader without any haste: the words of all rows, one after the other, character by character.
fn naive(document: &LogDocument, text: &str, options: FindOptions) -> Vec<Hit> {
    let mut layout = Layout::default();
    layout.sync(document);
    let mut hits = Vec::new();
    for index in 0..document.steps() {
        let step = document.step(index).unwrap();
        layout.set_fold(document, index, Fold::Open);
        let mut push = |part: HitPart, words: &str| {
            hits.extend(naive_in(words, text, options).into_iter().map(|(from, to)| Hit {
                step: index,
                part,
                from: from as u32,
                to: to as u32,
            }));
        };
        push(HitPart::Header, &step.headline());
        let is_prose = matches!(step.kind, StepKind::Prompt | StepKind::Message);
        let body = layout.body(index).unwrap();
        let words = |row: usize| body.content(document, step, row).unwrap().words().into_owned();
        let is_tool = matches!(step.kind, StepKind::Tool(_));
        let lines = step.text.lines();
        let shown_lines = if is_prose || body.rows() >= lines { lines } else { 0 };
        if is_prose {
            (0..body.rows()).for_each(|row| push(HitPart::Text(row as u32), &words(row)));
            continue;
        }
        assert!(is_tool || body.rows() == lines, "no other kind of step is told here");
        let raw = document.text(&step.text).into_owned();
        let mut at = 0;
        let mut line = 0;
        while line < shown_lines {
            // The parts of a line that was cut, side by side.
            let (mut whole, mut starts) = (String::new(), Vec::new());
            loop {
                starts.push(whole.len());
                whole += &words(line);
                at += step.text.line_len(line);
                line += 1;
                if line == lines || raw.as_bytes()[at - 1] == b'\n' {
                    break;
                }
            }
            for (from, to) in naive_in(&whole, text, options) {
                let part = starts.iter().rposition(|&start| start <= from).unwrap();
                let row = (line - starts.len() + part) as u32;
                let (from, to) = ((from - starts[part]) as u32, (to - starts[part]) as u32);
                hits.push(Hit { step: index, part: HitPart::Text(row), from, to });
            }
        }
        for row in shown_lines..body.rows() {
            hits.extend(naive_in(&words(row), text, options).into_iter().map(|(from, to)| Hit {
                step: index,
                part: HitPart::Below((row - shown_lines) as u32),
                from: from as u32,
                to: to as u32,
            }));
        }
    }
    hits
}

fn naive_in(words: &str, text: &str, options: FindOptions) -> Vec<(usize, usize)> {
    let lower = |char: char| char.to_lowercase().next().filter(|_| !options.is_case_sensitive).unwrap_or(char);
    let is_word = |char: Option<&(usize, char)>| char.is_some_and(|(_, char)| char.is_alphanumeric() || *char == '_');
    let chars: Vec<_> = words.char_indices().map(|(at, char)| (at, lower(char))).collect();
    let needle: Vec<_> = text.chars().map(lower).collect();
    let (mut hits, mut at) = (Vec::new(), 0);
    while at + needle.len() <= chars.len() {
        let end = at + needle.len();
        let is_hit = chars[at..end].iter().map(|(_, char)| char).eq(&needle);
        let before = at.checked_sub(1).map(|before| &chars[before]);
        let is_in_word = (is_word(before) && is_word(Some(&chars[at])))
            || (is_word(Some(&chars[end - 1])) && is_word(chars.get(end)));
        if is_hit && !(options.is_whole_word && is_in_word) {
            hits.push((chars[at].0, chars.get(end).map_or(words.len(), |(at, _)| *at)));
            at = end;
        } else {
            at += 1;
        }
    }
    hits
}

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

fn told() -> impl Strategy<Value = Told> {
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

fn options() -> impl Strategy<Value = FindOptions> {
    (any::<bool>(), any::<bool>()).prop_map(|(is_case_sensitive, is_whole_word)| FindOptions {
        is_case_sensitive,
        is_whole_word,
        is_regex: false,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn find_equals_a_naive_search(events in prop::collection::vec(told(), 0..16), text in "[abAB_é ]{1,4}", options in options()) {
        let document = fold(&events);
        prop_assert_eq!(found(&document, &text, options), naive(&document, &text, options));
    }

    #[test]
    fn hits_go_over_the_cuts_of_a_long_line(
        word in "[ab]{1,3}(| |é|_)",
        looked_for in (0usize..4, 1usize..7),
        bytes in 4_000usize..90_000,
        chunks in prop::collection::vec(0usize..10_000, 0..4),
        options in options(),
    ) {
        let text: String = word.repeat(8).chars().skip(looked_for.0).take(looked_for.1).collect();
        let line = word.repeat(bytes / word.len());
        let (mut document, mut grown) = (LogDocument::default(), finder(&text, options));
        let mut rest = line.as_str();
        for bytes in chunks {
            let (now, later) = rest.split_at(rest.floor_char_boundary(bytes));
            rest = later;
            apply(&mut document, &output("t", now, false));
            grown.advance(&document, 1 << 20);
        }
        apply(&mut document, &output("t", rest, false));
        grown.advance(&document, usize::MAX);
        let all = naive(&document, &text, options);
        prop_assert_eq!(grown.total(), all.len());
        prop_assert_eq!(grown.hits(), &all[..all.len().min(HITS_KEPT_MAX)]);
        prop_assert_eq!(found(&document, &text, options), grown.hits());
    }

    #[test]
    fn slices_and_growth_do_not_matter(
        events in prop::collection::vec((told(), 0usize..2_000), 0..16),
        text in "[abé ]{1,3}",
        options in options(),
        is_regex: bool,
    ) {
        let options = FindOptions { is_regex, ..options };
        let mut document = LogDocument::default();
        let mut sliced = finder(&text, options);
        for (told, budget) in &events {
            apply(&mut document, told);
            if *budget > 200 {
                sliced.advance(&document, *budget);
            }
        }
        let mut slices = 0;
        while !sliced.advance(&document, 700).is_done {
            slices += 1;
            prop_assert!(slices < 10_000, "every slice gets on");
        }
        let mut at_once = finder(&text, options);
        at_once.advance(&document, usize::MAX);
        prop_assert_eq!(sliced.hits(), at_once.hits());
        prop_assert_eq!(sliced.total(), at_once.hits().len());
        prop_assert_eq!(sliced.steps().collect::<Vec<_>>(), at_once.steps().collect::<Vec<_>>());
    }

    #[test]
    fn an_expression_finds_what_its_text_does(events in prop::collection::vec(told(), 0..12), text in "[ab]{1,3}") {
        let document = fold(&events);
        // A row is searched by itself: hits that go over a cut are left out.
        let plain: Vec<Hit> = found(&document, &text, ANY).into_iter().filter(|hit| hit.words(&document).unwrap().len() >= hit.to as usize).collect();
        let regex = found(&document, &text, FindOptions { is_regex: true, ..ANY });
        let bare = found(&document, &format!("(?:{text})"), FindOptions { is_regex: true, ..ANY });
        prop_assert_eq!(&regex, &bare, "the sieve keeps nothing back");
        if plain.len() == found(&document, &text, ANY).len() {
            prop_assert_eq!(regex, plain);
        }
    }
}

#[test]
fn the_hits_of_one_step_are_those_that_a_whole_search_has_there() {
    let document = fold(&[
        ("user.message", json!({"content": "needle"})),
        ("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "needle"})),
        output("t", &"a needle\n".repeat(50_000), false),
        ("user.message", json!({"content": "no needle"})),
    ]);
    let mut all = finder("needle", ANY);
    assert!(all.advance(&document, usize::MAX).is_done);
    for step in 0..document.steps() {
        let kept: Vec<Hit> = all.hits().iter().copied().filter(|hit| hit.step == step).collect();
        let alone = all.hits_in(&document, step);
        assert_eq!(alone.len(), all.count_in(step).min(HITS_KEPT_MAX), "step {step}");
        assert_eq!(alone[..kept.len()], kept, "step {step}");
    }
    let mut layout = Layout::default();
    layout.sync(&document);
    let (header, line) = (all.hits()[1], all.hits()[5]);
    assert_eq!(layout.row_showing(&header).map(|row| row.part), Some(RowPart::Header));
    assert_eq!(layout.row_showing(&line), None, "folded away");
    assert_eq!(layout.row_of_hit(&document, &line), layout.row_showing(&line));
}
