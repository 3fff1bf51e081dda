//! Numbers of things in words. Pure.

/// So many of a thing: `1 line`, `20,000 lines`.
pub fn counted(count: usize, thing: &str) -> String {
    [grouped(count).as_str(), " ", thing, if count == 1 { "" } else { "s" }].concat()
}

/// A number with its thousands set apart.
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart_and_one_is_one() {
        for (count, words) in [(0, "0 lines"), (1, "1 line"), (999, "999 lines"), (1_234_567, "1,234,567 lines")] {
            assert_eq!(counted(count, "line"), words);
        }
    }
}
