//! The state machine behind a line. It is our own because a line may be cut in the middle of a sequence:
//! its whole state is small, can be kept, and can be gone on from.

use super::{Pen, Style, style::Parameter};

/// The most numbers of a sequence that are kept.
const PARAMETERS_MAX: usize = 32;

/// Where the machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mode {
    /// Characters are shown.
    #[default]
    Ground,
    /// After the escape character.
    Escape,
    /// In an escape sequence with one more character to come.
    Charset,
    /// In a control sequence.
    Control,
    /// In a text for the terminal (a title, a clipboard, a picture …).
    Text,
    /// In such a text, after the escape character.
    TextEscape,
}

/// What a character asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// Nothing.
    Nothing,
    /// Show it.
    Print(char),
    /// Go to the start of the line.
    Return,
    /// Go one to the left.
    Back,
    /// Clear from here to the end.
    ClearAfter,
    /// Clear from the start to here.
    ClearBefore,
    /// Clear the line.
    ClearAll,
}

/// Reads characters, one step each.
pub(super) struct Machine {
    style: Style,
    mode: Mode,
    parameters: [Parameter; PARAMETERS_MAX],
    count: usize,
    /// Whether the control sequence is of a private kind, which is none of ours.
    is_private: bool,
}

impl Machine {
    pub fn new(pen: Pen) -> Self {
        let Pen { style, mode } = pen;
        Self { style, mode, parameters: [(0, false); PARAMETERS_MAX], count: 0, is_private: false }
    }

    pub fn pen(&self) -> Pen {
        Pen { style: self.style, mode: self.mode }
    }

    /// Whether the pen says all that a later machine needs to know.
    pub fn may_be_left(&self) -> bool {
        matches!(self.mode, Mode::Ground | Mode::Text)
    }

    pub fn step(&mut self, char: char) -> Act {
        match (self.mode, char) {
            (Mode::Text, '\u{7}') | (Mode::TextEscape, '\\' | '\u{7}') => self.mode = Mode::Ground,
            (Mode::Text | Mode::TextEscape, '\u{1b}') => self.mode = Mode::TextEscape,
            (Mode::Text, _) => {}
            (_, '\u{1b}') => self.mode = Mode::Escape,
            (Mode::Ground, _) => return ground(char),
            (Mode::Escape | Mode::TextEscape, _) => return self.escape(char),
            (Mode::Charset, _) => {
                if !(' '..='/').contains(&char) {
                    self.mode = Mode::Ground;
                }
            }
            (Mode::Control, _) => return self.control(char),
        }
        Act::Nothing
    }

    fn escape(&mut self, char: char) -> Act {
        self.mode = match char {
            '[' => {
                (self.count, self.is_private) = (1, false);
                self.parameters[0] = (0, false);
                Mode::Control
            }
            ']' | 'P' | 'X' | '^' | '_' => Mode::Text,
            ' '..='/' => Mode::Charset,
            '0'..='~' => Mode::Ground,
            _ => {
                self.mode = Mode::Ground;
                return ground(char);
            }
        };
        Act::Nothing
    }

    fn control(&mut self, char: char) -> Act {
        match char {
            '0'..='9' => {
                if let Some((number, _)) = self.parameters.get_mut(self.count.wrapping_sub(1)) {
                    *number = number.saturating_mul(10).saturating_add(char as u16 - 48);
                }
            }
            ';' | ':' => {
                self.count = self.count.saturating_add(1);
                if let Some(parameter) = self.parameters.get_mut(self.count - 1) {
                    *parameter = (0, char == ':');
                }
            }
            ' '..='/' | '<'..='?' => self.is_private = true,
            '@'..='~' => {
                self.mode = Mode::Ground;
                return self.finish(char);
            }
            '\0'..='\u{1f}' | '\u{7f}' => {}
            _ => {
                self.mode = Mode::Ground;
                return ground(char);
            }
        }
        Act::Nothing
    }

    fn finish(&mut self, last: char) -> Act {
        match (last, self.is_private, self.parameters[0].0) {
            ('m', false, _) => {
                let count = self.count.min(PARAMETERS_MAX);
                self.style.select(&self.parameters[..count]);
                Act::Nothing
            }
            ('K', false, 0) => Act::ClearAfter,
            ('K', false, 1) => Act::ClearBefore,
            ('K', false, 2) => Act::ClearAll,
            _ => Act::Nothing,
        }
    }
}

fn ground(char: char) -> Act {
    match char {
        '\r' => Act::Return,
        '\u{8}' => Act::Back,
        '\t' => Act::Print('\t'),
        char if char.is_control() => Act::Nothing,
        char => Act::Print(char),
    }
}
