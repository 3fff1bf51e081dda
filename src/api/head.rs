//! What the headers of an answer say, read once. Pure: a header is text that somebody looks up.

use agent_tasks::Timestamp;
use agent_tasks::query::next_link;

/// The headers that matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Head {
    /// The name of this version of the answer.
    pub(super) etag: Option<String>,
    /// Whether a `Link` header leads to a next page.
    pub(super) has_next: bool,
    /// The server's clock in milliseconds since 1970, where it told it.
    pub(super) server_ms: Option<i64>,
    /// How long to wait, as it came: seconds or a date.
    pub(super) retry_after: Option<String>,
    /// Which budget the request was taken from: `core`, `graphql` …
    pub(super) resource: Option<String>,
    /// Requests in a window of that budget.
    pub(super) limit: Option<u32>,
    /// Requests left in it.
    pub(super) remaining: Option<u32>,
    /// When all are there again, in milliseconds since 1970 by the server's clock.
    pub(super) reset_ms: Option<i64>,
    /// The least time between two polls, in seconds.
    pub(super) poll_interval_seconds: Option<u32>,
}

impl Head {
    /// Reads the headers that `header` gives.
    pub(super) fn read(header: &dyn Fn(&str) -> Option<String>) -> Self {
        let number = |name| header(name).and_then(|text| text.trim().parse::<u32>().ok());
        Self {
            etag: header("ETag"),
            has_next: header("Link").is_some_and(|link| next_link(&link).is_some()),
            server_ms: header("Date").and_then(|date| http_date_ms(&date)),
            retry_after: header("Retry-After"),
            resource: header("X-RateLimit-Resource"),
            limit: number("X-RateLimit-Limit"),
            remaining: number("X-RateLimit-Remaining"),
            reset_ms: number("X-RateLimit-Reset").map(|seconds| i64::from(seconds) * 1_000),
            poll_interval_seconds: number("X-Poll-Interval"),
        }
    }

    /// What the server's clock is ahead of `now_ms`, in milliseconds; zero where it did not tell its time.
    pub(super) fn clock_ahead_ms(&self, now_ms: i64) -> i64 {
        self.server_ms.map_or(0, |server_ms| server_ms - now_ms)
    }

    /// `Retry-After` in both of its forms, in milliseconds from `now_ms`. A moment that has passed is none: one
    /// of the two clocks is wrong then.
    pub(super) fn retry_after_ms(&self, now_ms: i64) -> Option<i64> {
        let text = self.retry_after.as_deref()?.trim();
        if let Ok(seconds) = text.parse::<u32>() {
            return Some(i64::from(seconds.max(1)) * 1_000);
        }
        let ms = http_date_ms(text)? - now_ms - self.clock_ahead_ms(now_ms);
        (ms > 0).then_some(ms)
    }
}

/// A date of HTTP (`Sat, 21 Nov 2026 12:49:55 GMT`) in milliseconds since 1970.
fn http_date_ms(text: &str) -> Option<i64> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let mut words = text.split_ascii_whitespace().skip(1);
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.find(month).filter(|at| at % 3 == 0 && month.len() == 3)? / 3 + 1;
    Timestamp::parse(&format!("{year}-{month:02}-{day:0>2}T{time}Z")).map(Timestamp::as_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_http_is_a_moment() {
        for (text, ms) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Mon, 02 Nov 2026 08:15:30 GMT", Some(1_793_607_330_000)),
            ("Mon, 2 Nov 2026 08:15:30 GMT", Some(1_793_607_330_000)),
            ("Mon, 02 anF 2026 08:15:30 GMT", None),
            ("Mon, 02 Nov 2026", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(http_date_ms(text), ms, "{text}");
        }
    }

    #[test]
    fn the_wait_is_told_in_seconds_or_as_a_date() {
        const NOW_MS: i64 = 1_793_607_330_000;
        let check = |retry_after: &str, server_ms: Option<i64>, expected: Option<i64>| {
            let head = Head { retry_after: Some(retry_after.into()), server_ms, ..Head::default() };
            assert_eq!(head.retry_after_ms(NOW_MS), expected, "{retry_after}");
        };
        check("7", None, Some(7_000));
        check(" 0 ", None, Some(1_000));
        check("Mon, 02 Nov 2026 08:16:00 GMT", None, Some(30_000));
        // The server's clock is 10 s behind ours.
        check("Mon, 02 Nov 2026 08:16:00 GMT", Some(NOW_MS - 10_000), Some(40_000));
        check("Mon, 02 Nov 2026 08:15:00 GMT", None, None);
        check("-5", None, None);
        check("later", None, None);
    }

    #[test]
    fn the_headers_are_read_by_name() {
        let head = Head::read(&|name| match name {
            "ETag" => Some("W/\"a\"".into()),
            "X-RateLimit-Remaining" => Some("4999".into()),
            "X-RateLimit-Reset" => Some("1793607330".into()),
            "X-RateLimit-Limit" => Some("many".into()),
            "X-Poll-Interval" => Some("60".into()),
            _ => None,
        });
        assert_eq!((head.etag.as_deref(), head.remaining, head.limit), (Some("W/\"a\""), Some(4_999), None));
        assert_eq!((head.reset_ms, head.poll_interval_seconds), (Some(1_793_607_330_000), Some(60)));
    }
}
