//! Colours as a terminal reads them.

use crate::{Color, Style};

/// What ends every colour.
const RESET: &str = "\u{1b}[0m";

/// Writes `text` in `style`, and plain again after it.
pub(super) fn paint(text: &str, style: Style, out: &mut String) {
    if style == Style::default() {
        out.push_str(text);
        return;
    }
    let mut codes: Vec<String> = Vec::new();
    for (is_on, code) in [
        (style.bold, "1"),
        (style.dim, "2"),
        (style.italic, "3"),
        (style.underline, "4"),
        (style.inverse, "7"),
        (style.strike, "9"),
    ] {
        if is_on {
            codes.push(code.to_owned());
        }
    }
    codes.extend(code_of(style.foreground, 30));
    codes.extend(code_of(style.background, 40));
    out.push_str("\u{1b}[");
    out.push_str(&codes.join(";"));
    out.push('m');
    out.push_str(text);
    out.push_str(RESET);
}

/// The code of a colour; `base` is 30 for characters and 40 for what is behind them.
fn code_of(color: Color, base: u8) -> Option<String> {
    let number = |number: u8| number.to_string();
    match color {
        Color::Default => None,
        Color::Indexed(index @ 0..=7) => Some(number(base + index)),
        Color::Indexed(index @ 8..=15) => Some(number(base + 52 + index)),
        Color::Indexed(index) => Some([number(base + 8), number(5), number(index)].join(";")),
        Color::Rgb(red, green, blue) => {
            Some([number(base + 8), number(2), number(red), number(green), number(blue)].join(";"))
        }
    }
}
