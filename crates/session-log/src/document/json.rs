//! JSON that came as one line, laid out with a line for each entry. Its texts and numbers stay as they came.

/// The longest text that is laid out, in bytes.
pub(super) const LAID_OUT_BYTES_MAX: usize = 262_144;
/// How deep values may be nested: each level is written before each of its lines.
const DEPTH_MAX: usize = 64;
/// A shorter text stays one line, in bytes.
const LINE_BYTES: usize = 80;

/// `text` with its entries on lines of their own, if it is one line of JSON.
pub(super) fn laid_out(text: &str) -> Option<String> {
    let text = text.trim();
    let is_value = text.starts_with('{') && text.ends_with('}') || text.starts_with('[') && text.ends_with(']');
    if !is_value || !(LINE_BYTES..=LAID_OUT_BYTES_MAX).contains(&text.len()) || text.contains('\n') {
        return None;
    }
    let mut out = String::with_capacity(2 * text.len());
    // What is open, by the mark that closes it.
    let mut open: Vec<char> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => {
                let mut is_escaped = false;
                let end = chars.find(|&(_, char)| {
                    let ends = char == '"' && !is_escaped;
                    is_escaped = char == '\\' && !is_escaped;
                    ends
                });
                out.push_str(&text[at..=end?.0]);
            }
            '{' | '[' => {
                let closing = if char == '{' { '}' } else { ']' };
                out.push(char);
                while chars.next_if(|(_, char)| char.is_whitespace()).is_some() {}
                if chars.next_if(|&(_, char)| char == closing).is_some() {
                    out.push(closing);
                    continue;
                }
                open.push(closing);
                if open.len() > DEPTH_MAX {
                    return None;
                }
                break_line(&mut out, open.len());
            }
            '}' | ']' => {
                if open.pop() != Some(char) {
                    return None;
                }
                break_line(&mut out, open.len());
                out.push(char);
            }
            ',' => {
                out.push(',');
                break_line(&mut out, open.len());
            }
            ':' => out.push_str(": "),
            _ if char.is_whitespace() => {}
            _ if char.is_ascii_alphanumeric() || "+-.".contains(char) => out.push(char),
            _ => return None,
        }
        // Only one value: what follows it makes it something else.
        if open.is_empty() && chars.peek().is_some() {
            return None;
        }
    }
    open.is_empty().then_some(out)
}

fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn one_line_of_json_gets_a_line_for_each_entry() {
        let text = format!(r#" {{"a":[1,2.50,[]],"b":{{}},"c":"x,]\"","d":"{}"}} "#, "y".repeat(80));
        let expected = format!(
            "{{\n  \"a\": [\n    1,\n    2.50,\n    []\n  ],\n  \"b\": {{}},\n  \"c\": \"x,]\\\"\",\n  \"d\": \"{}\"\n}}",
            "y".repeat(80)
        );
        assert_eq!(laid_out(&text).as_deref(), Some(expected.as_str()));
    }

    #[test]
    fn what_is_no_json_stays_as_it_is() {
        let long = "x".repeat(90);
        for text in [
            "{\"a\": 1}".to_owned(),
            format!("[{long}] and [{long}]"),
            format!("{{\"{long}}}"),
            format!("[\"{long}\"}}]"),
            format!("[{long}=1]"),
            format!("[\"{long}\",\n1]"),
            "[".repeat(100) + &"]".repeat(100),
            format!("[log] {long}]"),
        ] {
            assert_eq!(laid_out(&text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_value_stays_the_same(words in prop::collection::vec(r#"[a-z"\\,:{}\[\] é]{0,9}"#, 1..9)) {
            let value = json!({"words": words, "number": -1.5e3, "long": "z".repeat(90), "none": [null, true, {}]});
            let shown = laid_out(&value.to_string()).unwrap();
            prop_assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), value);
        }
    }
}
