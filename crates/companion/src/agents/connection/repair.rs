//! JSON from programs that cut text between the halves of a surrogate pair: each half alone is no
//! character, and a strict parser refuses the whole message for it.

use serde_json::Value;

/// The value of `line`, with halves of surrogate pairs read as U+FFFD.
pub fn parse(line: &str) -> Option<Value> {
    serde_json::from_str(line).ok().or_else(|| serde_json::from_str(&without_halves(line)?).ok())
}

/// `line` with lone `\uD800` to `\uDFFF` replaced; `None` when there are none.
fn without_halves(line: &str) -> Option<String> {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    let mut has_changed = false;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match (half(rest), half(rest.get(6..).unwrap_or_default())) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(_), _) => {
                text.push('\u{fffd}');
                rest = &rest[6..];
                has_changed = true;
                continue;
            }
            (None, _) => rest.chars().take(2).map(char::len_utf8).sum(),
        };
        text.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    text.push_str(rest);
    has_changed.then_some(text)
}

/// The surrogate that `text` begins with, as an escape.
fn half(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok().filter(|code| (0xD800..=0xDFFF).contains(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn half_a_character_does_not_cost_the_message() {
        for (line, expected) in [
            (r#"["a\ud83d"]"#, json!(["a\u{fffd}"])),
            (r#"["\ude80b","\ud83d\ude80"]"#, json!(["\u{fffd}b", "🚀"])),
            (r#"["\\ud83d","\ud83d\ud83d\ude80"]"#, json!(["\\ud83d", "\u{fffd}🚀"])),
        ] {
            assert_eq!(parse(line), Some(expected), "{line}");
        }
        for line in ["{", "\\", r#"["\ud83"#, "é\\", ""] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
