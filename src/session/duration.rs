//! Durations as people read them.

use agent_tasks::Timestamp;

/// `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`.
pub fn duration(ms: u64) -> String {
    let seconds = ms / 1_000;
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    match seconds {
        0..10 => format!("{seconds}.{} s", ms % 1_000 / 100),
        10..60 => format!("{seconds} s"),
        60..3_600 => format!("{minutes} min {:02} s", seconds % 60),
        _ => format!("{hours} h {:02} min", minutes % 60),
    }
}

/// The time from `start` to `end`, or to `now` while there is no end. What goes on is told in whole seconds.
pub fn elapsed(start: Timestamp, end: Option<Timestamp>, now: Timestamp) -> String {
    match end {
        Some(end) => duration(end.since(start)),
        None => match now.since(start) / 1_000 {
            seconds @ 0..10 => format!("{seconds} s"),
            seconds => duration(seconds * 1_000),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short_and_never_negative() {
        for (ms, text) in [(0, "0.0 s"), (450, "0.4 s"), (12_900, "12 s"), (185_000, "3 min 05 s"), (7_620_000, "2 h 07 min")] {
            assert_eq!(duration(ms), text);
        }
        let later = Timestamp::from_ms(5_000);
        assert_eq!(elapsed(later, None, Timestamp::from_ms(0)), "0 s");
        assert_eq!(elapsed(later, None, Timestamp::from_ms(7_999)), "2 s");
    }
}
