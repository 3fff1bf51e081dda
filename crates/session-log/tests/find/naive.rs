//! A search without any haste, to compare with.

use proptest::prelude::*;
use session_log::{FindOptions, Fold, Hit, HitPart, Layout, LogDocument, StepKind};

use crate::told::{options, told};
use crate::{ANY, fold, found};

/// A reader without any haste: the words of all rows, one after the other, character by character.
pub fn naive(document: &LogDocument, text: &str, options: FindOptions) -> Vec<Hit> {
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
        let words = |row: usize| body.content(step, row).unwrap().words().into_owned();
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn find_equals_a_naive_search(events in prop::collection::vec(told(), 0..16), text in "[abAB_é ]{1,4}", options in options()) {
        let document = fold(&events);
        prop_assert_eq!(found(&document, &text, options), naive(&document, &text, options));
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
