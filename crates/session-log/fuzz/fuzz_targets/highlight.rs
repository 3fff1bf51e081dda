//! Code of any kind in any language: the pieces are the lines, and marks cut them without loss.
#![no_main]

use libfuzzer_sys::fuzz_target;
use session_log::highlight::{Language, State, numbered, overlay, pieces};

fuzz_target!(|input: (&str, &str, u8, u8)| {
    let (name, text, from, len) = input;
    let fallback = ["rs", "tsx", "py", "go", "sh", "json", "yaml", "html", "css", "md", "php", "sql", "lua", "cs"];
    let language = Language::named(name).or_else(|| Language::named(fallback[from as usize % fallback.len()]));
    let Some(language) = language else { return };
    let mut state = State::default();
    for line in text.lines() {
        let (number, code) = numbered(line);
        assert_eq!(number.len() + code.len(), line.len());
        let (shades, after) = pieces(language, code, state);
        assert_eq!(shades.iter().map(|piece| piece.text).collect::<String>(), code);
        let marks = [usize::from(from)..usize::from(from) + usize::from(len)];
        assert_eq!(overlay(&shades, &marks).iter().map(|(_, text, _)| *text).collect::<String>(), code);
        state = after;
    }
});
