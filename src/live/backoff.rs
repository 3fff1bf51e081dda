//! How long to wait before a stream is opened again. Pure: the chance comes in as a parameter.

/// The longest first delay.
const FIRST_DELAY_MS: u32 = 1_000;
/// The longest delay of all.
const DELAY_MS_MAX: u32 = 30_000;

/// The delay before try `attempt` (from 0): anything up to a bound that doubles from 1 s to 30 s. `chance`
/// is from 0 to 1. Full jitter keeps many pages from coming back at the same moment.
pub fn delay_ms(attempt: u32, chance: f64) -> u32 {
    let bound = FIRST_DELAY_MS.checked_shl(attempt.min(16)).map_or(DELAY_MS_MAX, |bound| bound.min(DELAY_MS_MAX));
    (f64::from(bound) * chance.clamp(0.0, 1.0)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_up_to_its_end() {
        let bounds: Vec<u32> = (0..7).map(|attempt| delay_ms(attempt, 1.0)).collect();
        assert_eq!(bounds, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        assert_eq!((delay_ms(u32::MAX, 1.0), delay_ms(3, 0.0), delay_ms(3, 0.5)), (30_000, 0, 4_000));
    }
}
