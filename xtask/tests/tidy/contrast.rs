//! Code can be read on every ground that it stands on, in every theme: the colours of the tokens, computed.

use std::collections::BTreeMap;

use crate::{
    planted, see_none,
    source::{Source, sources},
};

const TOKENS: &str = "style/tokens.css";
/// What code stands on.
const GROUNDS: [&str; 7] = [
    "--color-surface",
    "--color-canvas",
    "--color-code-bg",
    "--color-added-bg",
    "--color-removed-bg",
    "--color-added-mark",
    "--color-removed-mark",
];
/// What the guidelines ask of text of a common size.
const CONTRAST_MIN: f64 = 4.5;
/// What they ask for those who want more of it.
const HIGH_CONTRAST_MIN: f64 = 7.0;

/// A colour in the light and in the dark theme.
type Pair = [String; 2];

fn complaints(sources: &[Source]) -> Vec<String> {
    let tokens = sources.iter().find(|source| source.path == TOKENS).expect("there are tokens");
    let (common, more) = tokens.text.split_once("prefers-contrast: more").unwrap_or((&tokens.text, ""));
    let plain = pairs(common);
    let mut high = plain.clone();
    high.extend(pairs(more));
    let mut complaints = Vec::new();
    for (colours, least, setting) in [(&plain, CONTRAST_MIN, ""), (&high, HIGH_CONTRAST_MIN, "high contrast, ")] {
        for (name, colour) in colours.iter().filter(|(name, _)| name.starts_with("--code-") || *name == "--color-text")
        {
            for ground in GROUNDS {
                let Some(ground_colour) = colours.get(ground) else {
                    complaints.push(format!("{TOKENS}: has no {ground}"));
                    continue;
                };
                for (theme, word) in ["light", "dark"].iter().enumerate() {
                    let contrast = contrast(&colour[theme], &ground_colour[theme]);
                    if contrast < least {
                        complaints.push(format!("{name} on {ground}, {setting}{word}: {contrast:.2} of {least}"));
                    }
                }
            }
        }
    }
    complaints
}

/// The tokens that have a colour for each theme.
fn pairs(text: &str) -> BTreeMap<&str, Pair> {
    let pair = |line: &'_ str| -> Option<Pair> {
        let (light, dark) = line.trim().strip_prefix("light-dark(")?.strip_suffix(");")?.split_once(", ")?;
        (light.len() == 7 && dark.len() == 7).then(|| [light.to_owned(), dark.to_owned()])
    };
    text.lines()
        .filter_map(|line| line.trim().split_once(':'))
        .filter_map(|(name, rest)| Some((name, pair(rest)?)))
        .collect()
}

/// The contrast of two colours, by WCAG.
fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: &str) -> f64 {
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

#[test]
fn code_can_be_read_on_every_ground() {
    see_none(complaints(&sources()));
}

#[test]
fn a_pale_colour_is_seen() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.001);
    let grounds: String = GROUNDS.iter().map(|ground| format!("{ground}: light-dark(#ffffff, #000000);\n")).collect();
    let pale = format!("{grounds}--code-string: light-dark(#999999, #ffffff);\n");
    assert_eq!(complaints(&planted(TOKENS, &pale)).len(), 2 * GROUNDS.len(), "in both settings, in one theme");
    let fit = format!("{grounds}--code-string: light-dark(#000000, #ffffff);\n");
    assert!(complaints(&planted(TOKENS, &fit)).is_empty());
}
