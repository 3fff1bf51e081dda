//! How long to wait before a stream is opened again. Pure: the chance comes in as a parameter.

/// The longest first delay.
const FIRST_DELAY_MS: u32 = 1_000;
/// The longest delay of a page that nobody looks at.
const DELAY_MS_MAX: u32 = 30_000;
/// The longest delay while somebody looks: the page is right again within 3 s of the server's return.
const WATCHED_DELAY_MS_MAX: u32 = 2_500;

/// The delay before try `attempt` (from 0): anything up to a bound that doubles from 1 s to its longest.
/// `chance` is from 0 to 1. Full jitter keeps many pages from coming back at the same moment.
pub fn delay_ms(attempt: u32, chance: f64, is_watched: bool) -> u32 {
    let longest = if is_watched { WATCHED_DELAY_MS_MAX } else { DELAY_MS_MAX };
    let bound = FIRST_DELAY_MS.checked_shl(attempt.min(16)).map_or(longest, |bound| bound.min(longest));
    (f64::from(bound) * chance.clamp(0.0, 1.0)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_up_to_its_end() {
        let bounds: Vec<u32> = (0..7).map(|attempt| delay_ms(attempt, 1.0, false)).collect();
        assert_eq!(bounds, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        let delays = (delay_ms(u32::MAX, 1.0, false), delay_ms(3, 0.0, false), delay_ms(3, 0.5, false));
        assert_eq!(delays, (30_000, 0, 4_000));
    }

    #[test]
    fn somebody_who_looks_does_not_wait_long() {
        assert!((0..40).all(|attempt| delay_ms(attempt, 1.0, true) <= 2_500));
    }
}
