//! All hits are counted, the first ones are kept, and any can be had by its rank.

use serde_json::json;
use session_log::{HITS_KEPT_MAX, Hit, HitPart, Layout, RowPart};

use crate::{ANY, Told, apply, finder, fold, found, output};

/// More hits than are kept, in a step.
fn crowd() -> Told {
    output("crowd", &"hit hit\nnone\n".repeat(HITS_KEPT_MAX / 2 + 100), false)
}

/// Steps with hits in each of their parts.
fn mixed() -> Vec<Told> {
    vec![
        ("user.message", json!({"content": "a hit, and\n\nanother hit"})),
        ("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "hit hit"})),
        output("t", &"a hit\nnone\nhit hit\n".repeat(300), false),
        ("tool.execution_complete", json!({"toolCallId": "t", "success": false, "error": {"message": "no hit"}})),
        (
            "tool.execution_start",
            json!({"toolCallId": "u", "kind": "edit", "title": "the hit", "arguments": {"a": "hit"}}),
        ),
        (
            "tool.execution_complete",
            json!({"toolCallId": "u", "success": true, "result": {"content": "hit", "contents": [
            {"type": "diff", "path": "hit.rs", "newText": "hay\nhit\n"}]}}),
        ),
        ("assistant.message", json!({"messageId": "m", "content": "no hit"})),
    ]
}

#[test]
fn all_hits_are_counted_and_the_first_ones_are_kept() {
    let prompt = || ("user.message", json!({"content": "a hit"}));
    let document = fold(&[prompt(), crowd(), prompt()]);
    let mut finder = finder("hit", ANY);
    finder.advance(&document, usize::MAX);
    assert_eq!((finder.total(), finder.hits().len()), (HITS_KEPT_MAX + 202, HITS_KEPT_MAX));
    assert_eq!(finder.steps().collect::<Vec<_>>(), [(1, 1), (2, HITS_KEPT_MAX + 200), (3, 1)]);
    assert!(finder.hits().is_sorted());
    assert_eq!([1, 2, 3].map(|step| finder.first_in(step).len()), [1, HITS_KEPT_MAX - 1, 0]);
}

#[test]
fn any_hit_is_told_by_its_rank() {
    let crowded = fold(&[vec![crowd()], mixed()].concat());
    let plain = fold(&mixed());
    let mut finder = finder("hit", ANY);
    finder.advance(&crowded, usize::MAX);
    // The same steps, whose hits are all kept: one place earlier.
    let kept: Vec<Hit> = found(&plain, "hit", ANY).iter().map(|hit| Hit { step: hit.step + 1, ..*hit }).collect();
    let before = HITS_KEPT_MAX + 200;
    assert_eq!(finder.total(), before + kept.len());
    for (skip, limit) in [(0, 1), (0, 2_000), (1, 5), (2, 600), (300, 700), (kept.len() - 1, 9), (kept.len(), 9)] {
        let told: Vec<Hit> = finder.hits_from(&crowded, before + skip, limit).collect();
        assert_eq!(told, kept[skip..kept.len().min(skip + limit)], "{limit} from {skip} on");
    }
    let over: Vec<Hit> = finder.hits_from(&crowded, HITS_KEPT_MAX - 2, 204).collect();
    assert_eq!(over[..2], finder.hits()[HITS_KEPT_MAX - 2..]);
    assert!(over.is_sorted() && over[201].step == 1, "the last of the crowd");
    assert_eq!(over[202..], kept[..2]);
}

#[test]
fn what_is_kept_of_a_step_has_no_gap() {
    let mut document = fold(&[output("t", "hit\n", false), crowd()]);
    let mut finder = finder("hit", ANY);
    finder.advance(&document, usize::MAX);
    // What is dropped leaves room, which no later hit of the crowd takes.
    apply(&mut document, &output("t", "none\n", true));
    apply(&mut document, &output("crowd", "hit\n", false));
    finder.advance(&document, usize::MAX);
    let first = finder.first_in(2);
    assert_eq!(first.len(), HITS_KEPT_MAX - 1);
    assert_eq!(first.last().map(|hit| hit.part), Some(HitPart::Text(HITS_KEPT_MAX as u32 - 2)));
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
    for (step, count) in all.steps() {
        let kept = all.first_in(step);
        let alone = all.hits_in(&document, step, 0..count);
        assert_eq!(alone.len(), count, "step {step}");
        assert_eq!(alone[..kept.len()], *kept, "step {step}");
        assert_eq!(all.hits_in(&document, step, count - 1..count), alone[count - 1..], "step {step}");
    }
    let mut layout = Layout::default();
    layout.sync(&document);
    let (header, line) = (all.hits()[1], all.hits()[5]);
    assert_eq!(layout.row_showing(&header).map(|row| row.part), Some(RowPart::Header));
    assert_eq!(layout.row_showing(&line), None, "folded away");
    assert_eq!(layout.row_of_hit(&document, &line), layout.row_showing(&line));
}
