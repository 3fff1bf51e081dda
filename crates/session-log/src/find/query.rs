//! What is searched for, and where it is in one text.

use std::fmt;
use std::ops::Range;

use memchr::memmem;

#[cfg(feature = "regex")]
use super::expression::Expression;

/// The longest search text, in bytes.
pub const QUERY_BYTES_MAX: usize = 1_024;

/// How a search text is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FindOptions {
    /// Capital and small letters differ. Otherwise letters are alike whose two cases take the same number of
    /// bytes, which are all but a handful.
    pub is_case_sensitive: bool,
    /// A hit is no part of a longer word.
    pub is_whole_word: bool,
    /// The text is a regular expression. It is matched against each row alone, in linear time.
    pub is_regex: bool,
}

/// What is searched for.
#[derive(Debug, Clone)]
pub struct Query {
    text: String,
    options: FindOptions,
    how: How,
}

/// How hits are found.
#[derive(Debug, Clone)]
enum How {
    /// Where the needle is, its letters folded unless case matters.
    Plain(Box<Needle>),
    #[cfg(feature = "regex")]
    Expression(Box<Expression>),
}

/// Bytes to be found.
#[derive(Debug, Clone)]
pub(super) struct Needle {
    pub bytes: Vec<u8>,
    pub finder: memmem::Finder<'static>,
    pub folds: bool,
}

/// Why nothing can be searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadQuery {
    /// There is no text.
    Empty,
    /// The text has more than [`QUERY_BYTES_MAX`] bytes.
    TooLong,
    /// The regular expression is none; carries the reason.
    BadExpression(String),
    /// This build knows no regular expressions.
    NoExpressions,
}

impl fmt::Display for BadQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Type what to search for."),
            Self::TooLong => write!(f, "Shorten the search text: it can have {QUERY_BYTES_MAX} bytes."),
            Self::BadExpression(reason) => write!(f, "Correct the regular expression: {reason}."),
            Self::NoExpressions => f.write_str("Search for plain text: regular expressions are not known here."),
        }
    }
}

impl std::error::Error for BadQuery {}

impl Needle {
    pub fn new(text: &str, folds: bool) -> Self {
        let bytes = if folds { text.chars().map(fold).collect::<String>() } else { text.to_owned() }.into_bytes();
        let finder = memmem::Finder::new(&bytes).into_owned();
        Self { bytes, finder, folds }
    }

    /// Writes `text` with its letters folded, as far as the needle needs it: all bytes stay where they are.
    pub fn fold(&self, text: &str, folded: &mut Vec<u8>) {
        folded.clear();
        if self.bytes.is_ascii() || text.is_ascii() {
            folded.extend_from_slice(text.as_bytes());
            folded.make_ascii_lowercase();
        } else {
            let mut buffer = [0; 4];
            text.chars().for_each(|char| folded.extend_from_slice(fold(char).encode_utf8(&mut buffer).as_bytes()));
        }
    }
}

impl Query {
    /// What `text` means.
    pub fn new(text: &str, options: FindOptions) -> Result<Self, BadQuery> {
        if text.is_empty() {
            return Err(BadQuery::Empty);
        }
        if text.len() > QUERY_BYTES_MAX {
            return Err(BadQuery::TooLong);
        }
        let how = if options.is_regex {
            expression(text, options)?
        } else {
            How::Plain(Box::new(Needle::new(text, !options.is_case_sensitive)))
        };
        Ok(Self { text: text.to_owned(), options, how })
    }

    /// The text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How it is meant.
    pub fn options(&self) -> FindOptions {
        self.options
    }

    /// Where the hits in the words of one row are, in bytes. A hit never goes over a line feed.
    pub fn find_in(&self, text: &str) -> Vec<Range<usize>> {
        let mut hits = Vec::new();
        let mut from = 0;
        for line in text.split('\n') {
            self.find_in_line(line, 0, &mut Vec::new(), |hit| {
                hits.push(from + hit.start..from + hit.end);
                true
            });
            from += line.len() + 1;
        }
        hits
    }

    /// What is in every hit, if that is known.
    pub(super) fn needle(&self) -> Option<&Needle> {
        match &self.how {
            How::Plain(needle) => Some(needle),
            #[cfg(feature = "regex")]
            How::Expression(expression) => expression.needle.as_ref(),
        }
    }

    /// How far past the start of a hit its end can be, with the character after it, in bytes; 0 where a row
    /// is searched alone.
    pub(super) fn reach(&self) -> usize {
        match &self.how {
            How::Plain(needle) => needle.bytes.len() + char::MAX.len_utf8(),
            #[cfg(feature = "regex")]
            How::Expression(_) => 0,
        }
    }

    /// Calls `found` with the hits of a text without line feeds that start at `from` or later, until it
    /// returns `false`.
    pub(super) fn find_in_line(
        &self,
        line: &str,
        from: usize,
        folded: &mut Vec<u8>,
        mut found: impl FnMut(Range<usize>) -> bool,
    ) {
        match &self.how {
            How::Plain(needle) => {
                let bytes = if needle.folds {
                    needle.fold(line, folded);
                    folded.as_slice()
                } else {
                    line.as_bytes()
                };
                let mut at = from;
                while let Some(place) = bytes.get(at..).and_then(|rest| needle.finder.find(rest)) {
                    let hit = at + place..at + place + needle.bytes.len();
                    at = if self.options.is_whole_word && !is_whole(line, &hit) {
                        hit.start + line[hit.start..].chars().next().map_or(1, char::len_utf8)
                    } else if found(hit.clone()) {
                        hit.end
                    } else {
                        return;
                    };
                }
            }
            #[cfg(feature = "regex")]
            How::Expression(expression) => {
                for hit in expression.find_in(&line[from..]) {
                    if !found(from + hit.start..from + hit.end) {
                        return;
                    }
                }
            }
        }
    }
}

#[cfg(feature = "regex")]
fn expression(text: &str, options: FindOptions) -> Result<How, BadQuery> {
    Ok(How::Expression(Box::new(Expression::new(text, options)?)))
}

#[cfg(not(feature = "regex"))]
fn expression(_: &str, _: FindOptions) -> Result<How, BadQuery> {
    Err(BadQuery::NoExpressions)
}

/// Whether no word goes on over the edges of a hit.
fn is_whole(line: &str, hit: &Range<usize>) -> bool {
    let is_word = |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || char == '_');
    let inside = &line[hit.clone()];
    let goes_on = |one: Option<char>, other: Option<char>| is_word(one) && is_word(other);
    !goes_on(line[..hit.start].chars().next_back(), inside.chars().next())
        && !goes_on(inside.chars().next_back(), line[hit.end..].chars().next())
}

/// The small letter of a letter, if it takes as many bytes.
fn fold(char: char) -> char {
    if char.is_ascii() {
        return char.to_ascii_lowercase();
    }
    let mut lower = char.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(small), None) if small.len_utf8() == char.len_utf8() => small,
        _ => char,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, options: FindOptions, line: &str, expected: &[&str]) {
        let hits = Query::new(text, options).unwrap().find_in(line);
        let shown: Vec<String> = hits.iter().map(|hit| format!("{}{}", hit.start, &line[hit.clone()])).collect();
        assert_eq!(shown, expected, "{text:?} in {line:?}");
    }

    #[test]
    fn case_and_words_matter_as_asked() {
        let (any, case) = (FindOptions::default(), FindOptions { is_case_sensitive: true, ..FindOptions::default() });
        let word = FindOptions { is_whole_word: true, ..FindOptions::default() };
        check("error", any, "Error: ERROR terror", &["0Error", "7ERROR", "14error"]);
        check("Error", case, "Error: ERROR", &["0Error"]);
        check("error", word, "error terror errors error_ error", &["0error", "27error"]);
        check("ÄRGER", any, "Ärger ärger", &["0Ärger", "7ärger"]);
        check("ΣΟΦΟΣ", any, "σοφοσ", &["0σοφοσ"]);
        check("k", any, "\u{212a}K", &["3K"]);
        check("->", word, "a->b", &["1->"]);
        check("aa", any, "aaaaa", &["0aa", "2aa"]);
        check("aa", word, "aaa aa", &["4aa"]);
        check("b", any, "a\nb\nab", &["2b", "5b"]);
        check("a\nb", any, "a\nb", &[]);
    }

    #[test]
    fn a_bad_query_says_what_to_do() {
        let any = FindOptions::default();
        assert_eq!(Query::new("", any).unwrap_err().to_string(), "Type what to search for.");
        assert!(Query::new(&"a".repeat(QUERY_BYTES_MAX + 1), any).unwrap_err().to_string().starts_with("Shorten"));
        assert!(Query::new(&"a".repeat(QUERY_BYTES_MAX), any).is_ok());
        let bad = Query::new("a(", FindOptions { is_regex: true, ..any }).unwrap_err();
        assert_eq!(matches!(bad, BadQuery::BadExpression(_)), cfg!(feature = "regex"), "{bad}");
    }
}
