//! Lengths for the style sheet.

/// A length in pixels. The browser writes the number: Rust's way to write fractions weighs four kilobytes.
pub fn px(length: f64) -> String {
    let number = js_sys::Number::from(length).to_string_with_radix(10).map(String::from).unwrap_or_default();
    number + "px"
}
