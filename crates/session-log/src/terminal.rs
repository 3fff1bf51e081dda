//! What a terminal would show of a line: colours, carriage return, backspace and clear-line are kept, all
//! other control sequences are dropped. One pass, whatever the bytes.

mod machine;
mod style;

pub use style::{Color, Style};

use machine::{Act, Machine, Mode};

/// What one line hands to the next: the style, and whether it stopped inside a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Pen {
    style: Style,
    mode: Mode,
}

impl Pen {
    /// The pen after a line feed.
    pub fn on_new_line(self) -> Self {
        Self { style: self.style, mode: Mode::Ground }
    }

    /// The style, as the parameters of a sequence; empty for none.
    pub fn parameters(self) -> String {
        self.style.parameters()
    }

    /// The pen of a line's start with a style that [`Self::parameters`] wrote.
    pub fn of_parameters(parameters: &str) -> Self {
        Self { style: Style::of_parameters(parameters), mode: Mode::Ground }
    }

    /// Whether the next character is not part of a sequence.
    pub fn is_between_sequences(self) -> bool {
        self.mode == Mode::Ground
    }
}

/// A run of characters in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The characters, without control characters other than the tab.
    pub text: String,
    /// How they look.
    pub style: Style,
}

/// The pen after `line`.
pub(crate) fn pen_after(line: &[u8], pen: Pen) -> Pen {
    let mut machine = Machine::new(pen);
    for char in String::from_utf8_lossy(line).chars() {
        machine.step(char);
    }
    machine.pen()
}

/// The first place from `from` on that is not inside of a sequence whose parameters would be lost.
pub(crate) fn place_between_sequences(line: &[u8], pen: Pen, from: usize) -> Option<usize> {
    let mut machine = Machine::new(pen);
    for (at, char) in String::from_utf8_lossy(line).char_indices() {
        if at >= from && at < line.len() && machine.may_be_left() {
            return Some(at);
        }
        machine.step(char);
    }
    None
}

/// What `line` shows.
pub(crate) fn spans(line: &str, pen: Pen) -> Vec<Span> {
    if pen.is_between_sequences() && !line.chars().any(|char| char.is_control() && char != '\t') {
        return if line.is_empty() { Vec::new() } else { vec![Span { text: line.to_owned(), style: pen.style }] };
    }
    let mut machine = Machine::new(pen);
    let mut cells: Vec<(char, Style)> = Vec::with_capacity(line.len());
    let mut column = 0;
    for char in line.chars() {
        match machine.step(char) {
            Act::Nothing => {}
            Act::Print(char) => {
                let cell = (char, machine.pen().style);
                match cells.get_mut(column) {
                    Some(there) => *there = cell,
                    None => cells.push(cell),
                }
                column += 1;
            }
            Act::Return => column = 0,
            Act::Back => column = column.saturating_sub(1),
            Act::ClearAfter => cells.truncate(column),
            Act::ClearBefore => cells.iter_mut().take(column + 1).for_each(|cell| *cell = (' ', Style::default())),
            Act::ClearAll => {
                cells.clear();
                cells.resize(column, (' ', Style::default()));
            }
        }
    }
    let mut spans: Vec<Span> = Vec::new();
    for (char, style) in cells {
        match spans.last_mut() {
            Some(span) if span.style == style => span.text.push(char),
            _ => spans.push(Span { text: char.into(), style }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, shown: &str) {
        let text: String = spans(line, Pen::default()).into_iter().map(|span| span.text).collect();
        assert_eq!(text, shown, "{line:?}");
    }

    #[test]
    fn a_line_shows_what_a_terminal_would() {
        check("10%\r 20%\r100%", "100%");
        check("downloading\rdone\u{1b}[K", "done");
        check("abc\u{8}\u{8}X", "aXc");
        check("abc\u{1b}[2Kd", "   d");
        check("abc\u{1b}[1Kd", "   d");
        check("\u{1b}]0;title\u{7}a\u{1b}]52;c;Zm9v\u{1b}\\b", "ab");
        check("a\u{1b}[2J\u{1b}[10;10H\u{1b}Pq\u{1b}\\b\u{1b}(Bc", "abc");
        check("a\u{9b}31mb\u{0}\u{7f}c", "a31mbc");
        check("\u{1b}]8;;https://evil.test\u{1b}\\text\u{1b}]8;;\u{1b}\\", "text");
        check("\u{1b}[é", "é");
        check("tab\tstays", "tab\tstays");
    }

    #[test]
    fn colours_of_every_kind_are_kept() {
        let line = "\u{1b}[1;31mred\u{1b}[38;5;208m256\u{1b}[38;2;1;2;3mtrue\u{1b}[48:2::4:5:6mcolon\u{1b}[4:3mcurl\u{1b}[0mplain\u{1b}[94mbright";
        let styles: Vec<_> = spans(line, Pen::default()).into_iter().map(|span| (span.text, span.style)).collect();
        let bold = Style { bold: true, ..Style::default() };
        let truecolor = Style { foreground: Color::Rgb(1, 2, 3), ..bold };
        let colon = Style { background: Color::Rgb(4, 5, 6), ..truecolor };
        assert_eq!(
            styles,
            [
                ("red".to_owned(), Style { foreground: Color::Indexed(1), ..bold }),
                ("256".to_owned(), Style { foreground: Color::Indexed(208), ..bold }),
                ("true".to_owned(), truecolor),
                ("colon".to_owned(), colon),
                ("curl".to_owned(), Style { underline: true, ..colon }),
                ("plain".to_owned(), Style::default()),
                ("bright".to_owned(), Style { foreground: Color::Indexed(12), ..Style::default() }),
            ]
        );
    }

    #[test]
    fn a_style_is_written_and_read() {
        let line = b"\x1b[1;3;4;9;7;2;31;48;2;1;2;3m";
        for line in [&line[..], b"", b"\x1b[38;5;208m"] {
            let pen = pen_after(line, Pen::default());
            assert_eq!(Pen::of_parameters(&pen.parameters()), pen, "{line:?}");
        }
    }

    #[test]
    fn hostile_sequences_take_one_step_per_character() {
        let mut machine = Machine::new(Pen::default());
        let shown =
            "\u{1b}[".repeat(100_000).chars().filter(|&char| !matches!(machine.step(char), Act::Nothing)).count();
        assert_eq!(shown, 0);
        let mut machine = Machine::new(Pen::default());
        let long = format!("\u{1b}[{}m", "1;".repeat(100_000));
        assert!(long.chars().all(|char| matches!(machine.step(char), Act::Nothing)));
    }
}
