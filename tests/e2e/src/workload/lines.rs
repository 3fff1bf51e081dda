//! The lines of a workload: each carries its number, some carry a word to be found.

use super::dice::Dice;

/// A word that three lines have.
pub const RARE: &str = "quicksilver";
/// How many lines have it.
pub const RARE_LINES: usize = 3;
/// A word that one line of a hundred has.
pub const FREQUENT: &str = "deprecated";
/// Of so many lines one has it.
pub const FREQUENT_EVERY: usize = 100;
/// The bytes of the one long line.
const LONG_LINE_BYTES: usize = 1_000_000;

const WORDS: [&str; 24] = [
    "compiling",
    "module",
    "orchard",
    "with",
    "branch",
    "of",
    "the",
    "harvest",
    "index",
    "checked",
    "file",
    "cache",
    "request",
    "took",
    "server",
    "row",
    "and",
    "test",
    "passed",
    "linking",
    "size",
    "ladder",
    "basket",
    "warming",
];
/// How the start and the end of a line are coloured.
const COLOURS: [(&str, &str); 6] = [
    ("", ""),
    ("", ""),
    ("\u{1b}[32m", "\u{1b}[0m"),
    ("\u{1b}[1;33m", "\u{1b}[0m"),
    ("\u{1b}[38;5;39m", "\u{1b}[39m"),
    ("\u{1b}[38;2;200;90;60m", "\u{1b}[0m"),
];

/// Gives out lines until all were given.
#[derive(Debug)]
pub struct Lines {
    dice: Dice,
    next: usize,
    total: usize,
}

impl Lines {
    /// `total` lines.
    pub fn new(total: usize, dice: Dice) -> Self {
        Self { dice, next: 0, total }
    }

    /// The number of the next one, from 0.
    pub fn next(&self) -> usize {
        self.next
    }

    /// How many are left.
    pub fn left(&self) -> usize {
        self.total - self.next
    }

    /// The next `count` lines, fewer when fewer are left, each with `prefix` and a line feed.
    pub fn plain(&mut self, count: usize, prefix: &str) -> String {
        self.many(count, |lines, text| {
            text.push_str(prefix);
            lines.line(text);
        })
    }

    /// The same, coloured as programs do.
    pub fn coloured(&mut self, count: usize) -> String {
        self.many(count, |lines, text| {
            let (on, off) = lines.dice.pick(&COLOURS);
            text.push_str(on);
            lines.line(text);
            text.push_str(off);
        })
    }

    /// The next line, a megabyte long.
    pub fn long(&mut self) -> String {
        self.many(1, |lines, text| {
            lines.line(text);
            while text.len() < LONG_LINE_BYTES {
                text.push(' ');
                text.push_str(lines.dice.pick(&WORDS));
            }
        })
    }

    fn many(&mut self, count: usize, mut one: impl FnMut(&mut Self, &mut String)) -> String {
        let mut text = String::new();
        for _ in 0..count.min(self.left()) {
            one(self, &mut text);
            text.push('\n');
            self.next += 1;
        }
        text
    }

    fn line(&mut self, text: &mut String) {
        text.push_str(&numbered(self.next));
        for _ in 0..self.dice.between(4, 11) {
            text.push(' ');
            text.push_str(self.dice.pick(&WORDS));
        }
        if let Some(word) = mark(self.next, self.total) {
            text.push(' ');
            text.push_str(word);
        }
    }
}

/// What the line with this number starts with.
pub fn numbered(number: usize) -> String {
    format!("{number:07}")
}

/// The word to be found in the line with this number.
fn mark(number: usize, total: usize) -> Option<&'static str> {
    // At one, three and five sevenths: never where a frequent one is.
    let is_rare = [1, 3, 5].iter().any(|sevenths| number == total * sevenths / 7);
    match number % FREQUENT_EVERY {
        _ if is_rare => Some(RARE),
        50 => Some(FREQUENT),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_given_once_and_words_are_as_frequent_as_told() {
        for total in [10_000, 100_000, 1_000_000] {
            let mut lines = Lines::new(total, Dice::new(1));
            let mut text = lines.plain(total / 2, "> ");
            text += &lines.coloured(total);
            assert_eq!((text.lines().count(), lines.left()), (total, 0));
            assert_eq!(text.matches(RARE).count(), RARE_LINES);
            assert_eq!(text.matches(FREQUENT).count(), total / FREQUENT_EVERY);
            assert!(text.contains(&numbered(total - 1)));
        }
    }
}
