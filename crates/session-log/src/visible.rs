//! Makes what cannot be seen visible: control, bidirectional and invisible characters. For commands,
//! paths, diffs and permission requests, where what is hidden may deceive.

/// A run of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visible {
    /// As it is.
    Text(String),
    /// In place of a character that cannot be seen: `␀`, `U+202E`.
    Marker(String),
}

/// `text` with a marker in place of every character that cannot be seen. Tab and line feed stay.
pub fn visible(text: &str) -> Vec<Visible> {
    runs(text, &['\t', '\n'])
}

/// The same for a text that should be one line: a line feed gets a marker too.
pub fn visible_line(text: &str) -> Vec<Visible> {
    runs(text, &['\t'])
}

/// Whether `char` cannot be seen.
pub fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0e}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn runs(text: &str, kept: &[char]) -> Vec<Visible> {
    let mut runs = Vec::new();
    let mut plain = String::new();
    for char in text.chars() {
        if kept.contains(&char) || !is_hidden(char) {
            plain.push(char);
            continue;
        }
        if !plain.is_empty() {
            runs.push(Visible::Text(std::mem::take(&mut plain)));
        }
        runs.push(Visible::Marker(marker(char)));
    }
    if !plain.is_empty() {
        runs.push(Visible::Text(plain));
    }
    runs
}

fn marker(char: char) -> String {
    match u32::from(char) {
        code @ 0..=0x1f => char::from_u32(0x2400 + code).unwrap_or('␦').into(),
        0x7f => "␡".into(),
        code => format!("U+{code:04X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_shown() {
        let flat = |text: &str| -> String {
            visible(text)
                .into_iter()
                .map(|run| match run {
                    Visible::Text(text) => text,
                    Visible::Marker(marker) => format!("<{marker}>"),
                })
                .collect()
        };
        for (text, shown) in [
            ("rm -rf /\u{202e}txt.exe", "rm -rf /<U+202E>txt.exe"),
            ("a\0b\u{1b}[31m", "a<␀>b<␛>[31m"),
            ("two\nlines\there", "two\nlines\there"),
            ("zero\u{200b}width\u{feff}", "zero<U+200B>width<U+FEFF>"),
            ("tag\u{e0041}", "tag<U+E0041>"),
            ("\u{9b}x\u{7f}", "<U+009B>x<␡>"),
            ("ä 漢字 🚀", "ä 漢字 🚀"),
        ] {
            assert_eq!(flat(text), shown);
        }
        assert_eq!(visible_line("a\n")[1], Visible::Marker("␊".into()));
    }
}
