//! Long lines are cut; what lies over a cut is found.

use proptest::prelude::*;
use session_log::{HITS_KEPT_MAX, LogDocument};

use crate::naive::naive;
use crate::told::options;
use crate::{ANY, apply, finder, fold, found, output};

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
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
}
