//! However the log arrives and however the work is sliced, the same is found.

use proptest::prelude::*;
use session_log::{FindOptions, LogDocument};

use crate::told::{options, told};
use crate::{ANY, apply, finder, fold, output};

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
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
}
