//! A rule of the form "these files never name these words".

use crate::source::Source;

/// What must not be named, and where.
pub struct Rule {
    /// The sentence that a complaint ends with.
    pub why: &'static str,
    /// Paths that it holds below.
    pub within: &'static [&'static str],
    /// Paths below those that it does not hold for.
    pub except: &'static [&'static str],
    /// The words. A word that starts or ends with a letter is matched whole.
    pub never: &'static [&'static str],
}

impl Rule {
    /// One complaint per line that breaks the rule.
    pub fn complaints(&self, sources: &[Source]) -> Vec<String> {
        let held = sources.iter().filter(|source| source.is_below(self.within) && !source.is_below(self.except));
        held.flat_map(|source| {
            source.code().filter_map(|(number, line)| {
                let word = self.never.iter().find(|word| names(line, word))?;
                Some(format!("{}:{number}: names '{word}': {}", source.path, self.why))
            })
        })
        .collect()
    }
}

/// Whether `line` holds `word`, not as a part of a longer one.
fn names(line: &str, word: &str) -> bool {
    let is_part = |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || char == '_');
    let (starts, ends) = (is_part(word.chars().next()), is_part(word.chars().last()));
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        !(starts && is_part(before.chars().last()) || ends && is_part(after.chars().next()))
    })
}

#[test]
fn words_are_matched_whole() {
    assert!(names("use web_sys::Window;", "web_sys"));
    assert!(!names("retrieval(x)", "eval("));
    assert!(!names("my_web_sys", "web_sys"));
    assert!(names("get(\"/agents/x\")", "\"/agents/"));
}
