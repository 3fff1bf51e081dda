//! Lengths of time in words. Pure.

const SECOND_MS: u64 = 1_000;
const MINUTE_MS: u64 = 60 * SECOND_MS;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// How long something takes or took: `0.3 s`, `12s`, `3m 04s`, `1h 02m`, `2d 03h`.
pub fn elapsed(ms: u64) -> String {
    match ms {
        1..SECOND_MS => format!("0.{} s", (ms / 100).max(1)),
        0 | SECOND_MS..MINUTE_MS => format!("{}s", ms / SECOND_MS),
        MINUTE_MS..HOUR_MS => format!("{}m {:02}s", ms / MINUTE_MS, ms % MINUTE_MS / SECOND_MS),
        HOUR_MS..DAY_MS => format!("{}h {:02}m", ms / HOUR_MS, ms % HOUR_MS / MINUTE_MS),
        DAY_MS.. => format!("{}d {:02}h", ms / DAY_MS, ms % DAY_MS / HOUR_MS),
    }
}

/// How long ago something was: `now`, `3 min ago`, `5 h ago`, `2 d ago`.
pub fn ago(ms: u64) -> String {
    match ms {
        0..MINUTE_MS => "just now".to_owned(),
        MINUTE_MS..HOUR_MS => format!("{} min ago", ms / MINUTE_MS),
        HOUR_MS..DAY_MS => format!("{} h ago", ms / HOUR_MS),
        DAY_MS.. => format!("{} d ago", ms / DAY_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units_say_a_length_and_one_an_age() {
        for (ms, length, age) in [
            (0, "0s", "just now"),
            (340, "0.3 s", "just now"),
            (59_999, "59s", "just now"),
            (184_000, "3m 04s", "3 min ago"),
            (HOUR_MS + 2 * MINUTE_MS, "1h 02m", "1 h ago"),
            (2 * DAY_MS + 3 * HOUR_MS, "2d 03h", "2 d ago"),
        ] {
            assert_eq!((elapsed(ms).as_str(), ago(ms).as_str()), (length, age));
        }
    }
}
