//! Regular expressions, and the text that every match of one must have, so that most rows need not be tried.

use std::ops::Range;

use regex_lite::{Regex, RegexBuilder};

use super::query::{BadQuery, FindOptions, Needle};

/// The largest program that an expression may become, in bytes: `(a{99}){99}` is small only in writing.
const PROGRAM_BYTES_MAX: usize = 65_536;
/// What of one line is read, in bytes: a paragraph may be megabytes long, and to read all of it with every expression
/// would hold the page up. What comes after is not found by expressions.
pub(in crate::find) const LINE_BYTES_MAX: usize = 16_384;

/// A regular expression.
#[derive(Debug, Clone)]
pub(in crate::find) struct Expression {
    regex: Regex,
    /// What is in every match.
    pub needle: Option<Needle>,
}

impl Expression {
    pub fn new(text: &str, options: FindOptions) -> Result<Self, BadQuery> {
        let build = |pattern: &str| {
            RegexBuilder::new(pattern)
                .case_insensitive(!options.is_case_sensitive)
                .size_limit(PROGRAM_BYTES_MAX)
                .build()
                .map_err(|error| BadQuery::BadExpression(error.to_string()))
        };
        let mut regex = build(text)?;
        if options.is_whole_word {
            regex = build(&[r"\b(?:", text, r")\b"].concat())?;
        }
        let needle = literal(text).map(|literal| Needle::new(&literal, !options.is_case_sensitive));
        Ok(Self { regex, needle })
    }

    /// The matches that are not empty.
    pub fn find_in<'a>(&'a self, line: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let line = &line[..line.floor_char_boundary(LINE_BYTES_MAX)];
        self.regex.find_iter(line).map(|found| found.range()).filter(|range| !range.is_empty())
    }
}

/// The longest text that every match has, as far as it is easily seen: what comes after the first group, and
/// expressions with alternatives, are not looked at.
fn literal(pattern: &str) -> Option<String> {
    if pattern.contains('|') {
        return None;
    }
    let (mut runs, mut run) = (Vec::new(), String::new());
    let mut chars = pattern.chars();
    while let Some(char) = chars.next() {
        match char {
            '^' | '$' | '.' => runs.push(std::mem::take(&mut run)),
            '+' => runs.push(std::mem::take(&mut run)),
            '*' | '?' => {
                run.pop();
                runs.push(std::mem::take(&mut run));
            }
            '{' => {
                run.pop();
                break;
            }
            '\\' => match chars.next()? {
                'd' | 'D' | 'w' | 'W' | 's' | 'S' => runs.push(std::mem::take(&mut run)),
                '<' | '>' => break,
                char if char.is_ascii_punctuation() => run.push(char),
                _ => break,
            },
            '[' => {
                runs.push(std::mem::take(&mut run));
                let mut inside = chars.by_ref().take_while(|&char| char != ']');
                // Sets with escapes, sets in sets and a bracket in first place are left alone.
                if inside.next().is_none_or(|char| "^[\\".contains(char)) || inside.any(|char| "[\\".contains(char)) {
                    break;
                }
            }
            '(' | ')' => break,
            char => run.push(char),
        }
    }
    runs.push(run);
    runs.into_iter().max_by_key(String::len).filter(|longest| !longest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Query;
    use proptest::prelude::*;

    #[test]
    fn literals_are_in_every_match() {
        for (pattern, expected) in [
            ("error: .*foo", Some("error: ")),
            ("[0-9]+ errors?", Some(" error")),
            ("ab+c", Some("ab")),
            ("ab*", Some("a")),
            (r"a\.bc\d+xyz", Some("a.bc")),
            ("foo|bar", None),
            ("(?i)foo", None),
            (".*", None),
            ("x{0}", None),
            (r"\bword", None),
        ] {
            assert_eq!(literal(pattern).as_deref(), expected, "{pattern}");
        }
    }

    #[test]
    fn whole_words_and_case_hold_for_expressions() {
        let options = FindOptions { is_regex: true, is_whole_word: true, ..FindOptions::default() };
        let query = Query::new("err[a-z]*", options).unwrap();
        assert_eq!(query.find_in("Error terror err\nerrors"), [0..5, 13..16, 17..23]);
        assert!(Query::new("a)(b", options).is_err(), "the frame of a whole word makes nothing valid");
        assert!(Query::new("((a{99}){99}){99}", FindOptions { is_regex: true, ..FindOptions::default() }).is_err());
    }

    #[test]
    fn of_a_very_long_line_the_beginning_is_read() {
        let query = Query::new("n[e]edle", FindOptions { is_regex: true, ..FindOptions::default() }).unwrap();
        let line = ["needle ", &"\u{e9}".repeat(LINE_BYTES_MAX), " needle"].concat();
        assert_eq!(query.find_in(&line), [0..6]);
        assert_eq!(query.find_in(&[&line, "\nneedle"].concat()).len(), 2, "the next line is another one");
        assert!(Query::new("(a{99}){99}", FindOptions { is_regex: true, ..FindOptions::default() }).is_err());
    }

    proptest! {
        #[test]
        fn a_match_has_the_literal(pattern in r"([abc.\[\]*+?{}()^$\\d-]|\[ab\]|\\\.){1,8}", text in "[abc.-]{0,16}") {
            if let (Ok(regex), Some(literal)) = (Regex::new(&pattern), literal(&pattern)) {
                for found in regex.find_iter(&text) {
                    prop_assert!(found.as_str().contains(&literal), "{pattern:?} needs {literal:?}");
                }
            }
        }
    }
}
