//! The table of a stop, with a clock that the tests set.

use serde_json::json;

use super::super::runs::runs_of;
use super::*;

fn run(id: u64, is_live: bool) -> Vec<Run> {
    let status = if is_live { "in_progress" } else { "completed" };
    runs_of(&json!({"workflow_runs": [{"id": id, "path": "dynamic/copilot-swe-agent/copilot", "status": status}]}))
}

/// When, what the task is, which runs there are, and what is done then.
type Look = (i64, State, Vec<Run>, Step);

/// Plays a story on a known branch.
fn check(story: &[Look]) {
    let mut stop = Stop::Looking(0);
    for (now_ms, state, runs, expected) in story {
        assert_eq!(stop.next(*now_ms, state, Some("b"), runs), *expected, "at {now_ms}: {stop:?}");
    }
}

fn failed(step: &Step) -> bool {
    matches!(step, Step::Fail(_))
}

#[test]
fn a_run_is_cancelled_and_the_task_follows() {
    check(&[
        (0, State::InProgress, run(7, true), Step::Cancel(vec![7])),
        (1_000, State::InProgress, run(7, true), Step::Wait(RUN_PAUSE_MS)),
        (3_000, State::InProgress, run(7, false), Step::Wait(RUN_PAUSE_MS)),
        (5_000, State::InProgress, run(7, false), Step::Wait(TASK_PAUSE_MS)),
        (8_000, State::Cancelled, run(7, false), Step::Done),
    ]);
}

#[test]
fn a_run_that_ignores_the_request_is_ended_by_force() {
    let forced_ms = CANCEL_GRACE_MS;
    check(&[
        (0, State::InProgress, run(7, true), Step::Cancel(vec![7])),
        (forced_ms - 1, State::InProgress, run(7, true), Step::Wait(RUN_PAUSE_MS)),
        (forced_ms, State::InProgress, run(7, true), Step::ForceCancel(vec![7])),
        (forced_ms + FORCE_GRACE_MS - 1, State::InProgress, run(7, true), Step::Wait(RUN_PAUSE_MS)),
        (forced_ms + FORCE_GRACE_MS - 1, State::InProgress, run(7, false), Step::Wait(RUN_PAUSE_MS)),
        (forced_ms + FORCE_GRACE_MS, State::Failed, run(7, false), Step::Done),
    ]);
}

#[test]
fn what_does_not_end_is_said() {
    let mut stop = Stop::Forced { at_ms: 0 };
    assert!(failed(&stop.next(FORCE_GRACE_MS, &State::InProgress, Some("b"), &run(7, true))));
    let mut stop = Stop::Ended { at_ms: 0 };
    assert_eq!(stop.next(TASK_GRACE_MS - 1, &State::InProgress, Some("b"), &[]), Step::Wait(TASK_PAUSE_MS));
    assert!(failed(&stop.next(TASK_GRACE_MS, &State::InProgress, Some("b"), &[])));
}

#[test]
fn a_lost_answer_is_waited_for_only_after_a_run_was_asked_to_end() {
    let asked = Stop::Asked { at_ms: 0 };
    for failure in [Failure::Server(502), Failure::Unreachable, Failure::RateLimited(1)] {
        assert_eq!(Stop::Looking(0).missed(0, failure.clone()), Err(failure.clone()));
        for stop in [asked, Stop::Forced { at_ms: 0 }] {
            assert_eq!(stop.missed(1_000, failure.clone()), Ok(RUN_PAUSE_MS), "{stop:?} {failure:?}");
        }
        assert_eq!(Stop::Ended { at_ms: 0 }.missed(0, failure), Ok(TASK_PAUSE_MS));
    }
    assert_eq!(asked.missed(0, Failure::RateLimited(5)), Ok(5_000));
    for failure in [Failure::Unauthorized, Failure::Closed, Failure::NotFound("Gone.".into())] {
        assert_eq!(asked.missed(0, failure.clone()), Err(failure));
    }
}

#[test]
fn lost_answers_end_with_what_is_true() {
    let pause_ms = i64::from(RUN_PAUSE_MS);
    for (stop, last_ms, failure) in [
        (Stop::Asked { at_ms: 0 }, CANCEL_GRACE_MS - pause_ms, Failure::Unreachable),
        (Stop::Forced { at_ms: 0 }, FORCE_GRACE_MS - pause_ms, Failure::Server(502)),
        (Stop::Ended { at_ms: 0 }, TASK_GRACE_MS - 30_000, Failure::RateLimited(30)),
    ] {
        assert!(stop.missed(last_ms, failure.clone()).is_ok(), "{stop:?}");
        let sentence = stop.missed(last_ms + 1, failure.clone()).unwrap_err().to_string();
        assert!(sentence.starts_with("GitHub was asked to end the run, but"), "{sentence}");
        assert!(sentence.ends_with(&failure.to_string()), "{sentence}");
    }
}

#[test]
fn a_run_may_come_late_but_not_for_ever() {
    for branch in [None, Some("b")] {
        let mut stop = Stop::Looking(0);
        for _ in 1..LOOKS_MAX {
            assert_eq!(stop.next(0, &State::Queued, branch, &[]), Step::Wait(LOOK_PAUSE_MS));
        }
        assert!(failed(&stop.next(0, &State::Queued, branch, &[])));
    }
    let mut stop = Stop::Looking(LOOKS_MAX - 1);
    assert_eq!(stop.next(0, &State::Queued, Some("b"), &run(7, true)), Step::Cancel(vec![7]));
    let mut stop = Stop::Looking(0);
    assert!(failed(&stop.next(0, &State::Idle, Some("b"), &run(7, false))), "nothing is on its way");
}

#[test]
fn what_is_over_is_left_alone() {
    for state in State::KNOWN.into_iter().filter(State::is_finished) {
        assert_eq!(Stop::Looking(0).next(0, &state, Some("b"), &run(7, true)), Step::Done);
    }
}

#[test]
fn a_whole_story_takes_at_most_25_seconds() {
    let looking_ms = i64::from(LOOK_PAUSE_MS) * i64::from(LOOKS_MAX - 1);
    let ending_ms = CANCEL_GRACE_MS + FORCE_GRACE_MS + 2 * i64::from(RUN_PAUSE_MS);
    assert!(looking_ms.max(ending_ms) <= 25_000);
}
