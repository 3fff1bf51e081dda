//! Sizes in words. Pure.

/// Steps of a thousand.
const UNITS: [&str; 4] = [" bytes", " KB", " MB", " GB"];

/// So many bytes: `999 bytes`, `1.2 KB`, `200 MB`.
pub fn bytes_words(bytes: u64) -> String {
    let (mut tenths, mut unit) = (bytes.saturating_mul(10), 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        (tenths, unit) = (tenths / 1_000, unit + 1);
    }
    let whole = (tenths / 10).to_string();
    match (unit, tenths) {
        (1.., ..100) => [&whole, ".", &(tenths % 10).to_string(), UNITS[unit]].concat(),
        _ => whole + UNITS[unit],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_have_a_decimal() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1.0 KB"),
            (12_345, "12 KB"),
            (9_990_000, "9.9 MB"),
            (u64::MAX, "1844674407 GB"),
        ] {
            assert_eq!(bytes_words(bytes), words);
        }
    }
}
