//! The pace, with a clock that the tests set.

use super::*;

const NOW_MS: i64 = 1_793_607_330_000;

fn spent(reset_ms: i64) -> Head {
    Head { limit: Some(5_000), remaining: Some(0), reset_ms: Some(reset_ms), ..Head::default() }
}

fn retry_after(text: &str) -> Head {
    Head { retry_after: Some(text.into()), ..Head::default() }
}

#[test]
fn a_refusal_for_haste_is_told_from_one_for_lack_of_permission() {
    let check = |status: u16, head: Head, body: &str, expected: Option<u64>| {
        let mut pace = Pace::default();
        assert_eq!(pace.take(Resource::Core, status, &head, body, NOW_MS), expected, "{status} {head:?} {body}");
        assert_eq!(pace.wait_seconds(Resource::Core, NOW_MS), expected, "{status} {head:?} {body}");
    };
    check(200, Head::default(), "rate limit", None);
    check(403, Head::default(), "Resource not accessible by personal access token", None);
    check(403, Head { remaining: Some(7), ..Head::default() }, "", None);
    check(403, Head::default(), "You have exceeded a secondary rate limit.", Some(60));
    check(403, retry_after("30"), "", Some(30));
    check(429, retry_after("Mon, 02 Nov 2026 08:16:00 GMT"), "", Some(30));
    check(429, Head::default(), "", Some(60));
    check(429, retry_after("nonsense"), "", Some(60));
    check(403, spent(NOW_MS + 1_500_000), "", Some(1_500));
    check(429, spent(NOW_MS + 90_000), "", Some(90));
    // The reset has passed by our clock: one of the clocks is wrong.
    check(403, spent(NOW_MS - 5_000), "", Some(60));
    check(429, Head { retry_after: Some("5".into()), ..spent(NOW_MS + 90_000) }, "", Some(90));
    check(500, retry_after("30"), "", None);
}

#[test]
fn the_servers_clock_counts_where_it_is_told() {
    let mut pace = Pace::default();
    let head = Head { server_ms: Some(NOW_MS - 100_000), ..spent(NOW_MS) };
    assert_eq!(pace.take(Resource::Core, 403, &head, "", NOW_MS), Some(100));
}

#[test]
fn the_last_request_of_a_window_closes_its_own_resource() {
    let mut pace = Pace::default();
    let head = Head { resource: Some("graphql".into()), ..spent(NOW_MS + 60_000) };
    assert_eq!(pace.take(Resource::Graphql, 200, &head, "", NOW_MS), None);
    assert_eq!(pace.wait_seconds(Resource::Graphql, NOW_MS), Some(60));
    assert_eq!(pace.wait_seconds(Resource::Core, NOW_MS), None);
    assert_eq!(pace.budget, None, "the budget is that of REST");

    // A budget of another kind says nothing about the next call.
    let head = Head { resource: Some("code_search".into()), ..spent(NOW_MS + 60_000) };
    assert_eq!(pace.take(Resource::Core, 200, &head, "", NOW_MS), None);
    assert_eq!(pace.wait_seconds(Resource::Core, NOW_MS), None);
}

#[test]
fn a_limit_on_haste_holds_for_all_and_waits_longer_each_time() {
    let mut pace = Pace::default();
    for seconds in [60, 120, 240, 480, 960, 960] {
        let mut fresh = Pace { refusal_count: pace.refusal_count, ..Pace::default() };
        assert_eq!(fresh.take(Resource::Graphql, 403, &Head::default(), "rate limit", NOW_MS), Some(seconds));
        assert_eq!(fresh.wait_seconds(Resource::Core, NOW_MS), Some(seconds));
        pace = fresh;
    }
    pace.take(Resource::Core, 304, &Head::default(), "", NOW_MS);
    assert_eq!(pace.refusal_count, 0);
}

/// A cheap row of numbers that only looks like chance.
fn next(seed: &mut u64, below: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % below
}

#[test]
fn in_a_thousand_refusals_none_is_followed_too_early() {
    let mut seed = 7;
    for case in 0..1_000 {
        let wait_s = 1 + next(&mut seed, 7_200) as i64;
        let now_ms = NOW_MS + next(&mut seed, 86_400_000) as i64;
        let skew_ms = next(&mut seed, 600_000) as i64 - 300_000;
        let (head, least_ms) = match next(&mut seed, 4) {
            0 => (retry_after(&wait_s.to_string()), wait_s * 1_000),
            1 => {
                let at = agent_tasks::Timestamp::from_ms(now_ms + skew_ms + wait_s * 1_000).to_string();
                let (months, month) = ("JanFebMarAprMayJunJulAugSepOctNovDec", at[5..7].parse::<usize>().unwrap());
                let name = &months[3 * month - 3..3 * month];
                let date = format!("Mon, {} {name} {} {} GMT", &at[8..10], &at[..4], &at[11..19]);
                // A date has no milliseconds.
                let lost_ms = (now_ms + skew_ms + wait_s * 1_000) % 1_000;
                let head = Head { server_ms: Some(now_ms + skew_ms), ..retry_after(&date) };
                (head, wait_s * 1_000 - lost_ms)
            }
            2 => {
                let reset_ms = (now_ms + skew_ms) / 1_000 * 1_000 + wait_s * 1_000;
                let least_ms = (reset_ms - now_ms - skew_ms).min(WINDOW_MS_MAX);
                (Head { server_ms: Some(now_ms + skew_ms), ..spent(reset_ms) }, least_ms)
            }
            _ => (Head::default(), 60_000),
        };
        let status = if head == Head::default() || next(&mut seed, 2) == 0 { 429 } else { 403 };
        let mut pace = Pace::default();
        let told = pace.take(Resource::Core, status, &head, "", now_ms).expect("a refusal for haste");
        // A wait of nothing cannot be told from a wrong clock: then the unnamed wait holds.
        let least_ms = if least_ms > 0 { least_ms } else { 60_000 };
        for early_ms in [0, least_ms / 2, least_ms - 1] {
            assert!(pace.wait_seconds(Resource::Core, now_ms + early_ms).is_some(), "case {case}: {head:?}");
        }
        assert_eq!(pace.wait_seconds(Resource::Core, now_ms + least_ms), None, "case {case}: {head:?}");
        assert!(told as i64 * 1_000 >= least_ms, "case {case}: {head:?}");
    }
}

#[test]
fn a_reset_after_more_than_a_window_is_a_wrong_clock() {
    for status in [200, 403, 429] {
        let mut pace = Pace::default();
        pace.take(Resource::Core, status, &spent(NOW_MS + 365 * 86_400_000), "", NOW_MS);
        assert_eq!(pace.wait_seconds(Resource::Core, NOW_MS), Some(3_600), "{status}");
    }
}

#[test]
fn no_poll_waits_longer_than_a_timer_can() {
    let pace = Pace { open_at_ms: [NOW_MS + 365 * 86_400_000, 0], ..Pace::default() };
    assert_eq!(pace.poll_delay_ms(true, NOW_MS, 0.0), i32::MAX as u32);
    let pace = Pace { poll_interval_ms: i64::from(u32::MAX) * 1_000, ..Pace::default() };
    assert_eq!(pace.poll_delay_ms(true, NOW_MS, 0.0), i32::MAX as u32);
}

#[test]
fn writes_are_serial_and_a_second_apart() {
    let mut pace = Pace::default();
    assert_eq!(pace.begin_write(NOW_MS), Ok(()));
    assert_eq!(pace.begin_write(NOW_MS + 9_000), Err(WRITE_TURN_MS), "the one before is not over");
    pace.end_write(NOW_MS + 9_000);
    assert_eq!(pace.begin_write(NOW_MS + 9_400), Err(600));
    assert_eq!(pace.begin_write(NOW_MS + 10_000), Ok(()));
    pace.end_write(NOW_MS + 10_000);
    assert_eq!(pace.begin_write(NOW_MS - 3_600_000), Ok(()), "a clock that was set back stops no write");
}

#[test]
fn polls_are_as_slow_as_they_have_to_be() {
    let check = |pace: &Pace, is_busy: bool, chance: f64, expected: u32| {
        assert_eq!(pace.poll_delay_ms(is_busy, NOW_MS, chance), expected, "{pace:?}");
    };
    let with_budget = |remaining, reset_ms| Pace {
        budget: Some(RateBudget { limit: 5_000, remaining, reset_ms }),
        ..Pace::default()
    };
    check(&Pace::default(), true, 0.9, 5_000);
    check(&Pace::default(), false, 0.9, 30_000);
    check(&Pace { poll_interval_ms: 60_000, ..Pace::default() }, true, 0.9, 60_000);
    check(&Pace { poll_interval_ms: 10_000, ..Pace::default() }, false, 0.9, 30_000);
    check(&with_budget(4_000, NOW_MS + 3_600_000), true, 0.9, 5_000);
    check(&with_budget(100, NOW_MS + 1_800_000), true, 0.9, 36_000);
    check(&with_budget(100, NOW_MS - 1), true, 0.9, 5_000);
    check(&with_budget(0, NOW_MS + 60_000), true, 0.9, 120_000);
    check(&Pace { open_at_ms: [NOW_MS + 90_000, 0], ..Pace::default() }, true, 0.9, 90_000);
    for (failure_count, ceiling_ms) in [(1, 2_000), (2, 4_000), (4, 16_000), (5, 30_000), (40, 30_000)] {
        let pace = Pace { failure_count, ..Pace::default() };
        check(&pace, true, 0.0, 5_000);
        check(&pace, true, 0.5, 5_000 + ceiling_ms / 2);
        check(&pace, true, 1.0, 5_000 + ceiling_ms);
    }
}

#[test]
fn an_answer_ends_the_row_of_failures() {
    let mut pace = Pace::default();
    pace.fail();
    pace.take(Resource::Core, 502, &Head::default(), "", NOW_MS);
    assert_eq!(pace.failure_count, 2);
    pace.take(Resource::Core, 304, &Head::default(), "", NOW_MS);
    assert_eq!(pace.failure_count, 0);
}
