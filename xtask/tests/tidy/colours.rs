//! Raw colours exist in the tokens only: themes swap tokens.

use crate::{
    planted, see_none,
    source::{Source, sources},
};

const TOKENS: &str = "style/tokens.css";
const FUNCTIONS: [&str; 9] = ["rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch("];
/// Digits of a colour in hexadecimal.
const HEX_LENGTHS: [usize; 4] = [3, 4, 6, 8];

fn complaints(sources: &[Source]) -> Vec<String> {
    let held = sources.iter().filter(|source| source.is_below(&["src/", "style/"]) && source.path != TOKENS);
    held.flat_map(|source| {
        let coloured = source.code().filter(|(_, line)| holds_colour(line));
        coloured.map(|(number, _)| format!("{}:{number}: a raw colour; make it a token in {TOKENS}", source.path))
    })
    .collect()
}

fn holds_colour(line: &str) -> bool {
    let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-');
    let calls = |name: &str| line.match_indices(name).any(|(at, _)| !line[..at].ends_with(is_part));
    let is_hex = |rest: &str| {
        let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
        HEX_LENGTHS.contains(&digits) && !rest[digits..].starts_with(is_part)
    };
    FUNCTIONS.iter().any(|name| calls(name)) || line.split('#').skip(1).any(is_hex)
}

#[test]
fn colours_are_tokens() {
    see_none(complaints(&sources()));
}

#[test]
fn a_raw_colour_is_seen() {
    for text in [
        "color: #fff;",
        "color: #1f2328;",
        "color:oklch(60% 0.1 20)",
        "background: rgb(0 0 0 / 50%)",
        "set(\"#a1b2c3d4\")",
    ] {
        assert_eq!(complaints(&planted("style/tasks.css", text)).len(), 1, "{text}");
    }
    for text in ["color: var(--text);", "#[component]", "#[derive(Debug)]", "color-mix(in oklab, var(--a), var(--b))"] {
        assert!(complaints(&planted("src/ui/x.rs", text)).is_empty(), "{text}");
    }
    assert!(complaints(&planted(TOKENS, "--text: #fff;")).is_empty());
}
