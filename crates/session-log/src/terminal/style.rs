//! How a run of characters looks, as "select graphic rendition" sequences say it.

/// How a run of characters looks. Concealed text is not hidden: a log keeps no secrets from its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// The colour of the characters.
    pub foreground: Color,
    /// The colour behind them.
    pub background: Color,
    /// Bold.
    pub bold: bool,
    /// Faint.
    pub dim: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined in any way.
    pub underline: bool,
    /// Struck through.
    pub strike: bool,
    /// Foreground and background swapped.
    pub inverse: bool,
}

/// A colour of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Color {
    /// What the page uses.
    #[default]
    Default,
    /// One of the 256: 0 to 15 follow the theme.
    Indexed(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

impl Color {
    /// The colour as `#rrggbb`; `None` where the theme decides.
    pub fn hex(self) -> Option<String> {
        let (red, green, blue) = match self {
            Self::Default | Self::Indexed(0..=15) => return None,
            Self::Indexed(index @ 16..=231) => {
                let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
                let cube = index - 16;
                (level(cube / 36), level(cube / 6 % 6), level(cube % 6))
            }
            Self::Indexed(index) => {
                let grey = 8 + 10 * (index - 232);
                (grey, grey, grey)
            }
            Self::Rgb(red, green, blue) => (red, green, blue),
        };
        let mut hex = String::from("#");
        for part in [red, green, blue] {
            for digit in [part >> 4, part & 15] {
                hex.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
            }
        }
        Some(hex)
    }
}

/// One number of a sequence, and whether a colon ties it to the one before.
pub(super) type Parameter = (u16, bool);

impl Style {
    /// The parameters of the sequence that leads here from nothing; empty for nothing.
    pub(super) fn parameters(self) -> String {
        let mut all: Vec<u16> = Vec::new();
        let Self { foreground, background, bold, dim, italic, underline, strike, inverse } = self;
        for (is_on, code) in [(bold, 1), (dim, 2), (italic, 3), (underline, 4), (inverse, 7), (strike, 9)] {
            all.extend(is_on.then_some(code));
        }
        for (color, code) in [(foreground, 38), (background, 48)] {
            match color {
                Color::Default => {}
                Color::Indexed(index) => all.extend([code, 5, u16::from(index)]),
                Color::Rgb(red, green, blue) => all.extend([code, 2, red.into(), green.into(), blue.into()]),
            }
        }
        all.iter().map(u16::to_string).collect::<Vec<_>>().join(";")
    }

    /// The style that parameters lead to.
    pub(super) fn of_parameters(parameters: &str) -> Self {
        let numbers = parameters.split(';').map(|number| (number.parse().unwrap_or(0), false));
        let mut style = Self::default();
        style.select(&numbers.collect::<Vec<Parameter>>());
        style
    }

    /// Takes the parameters of one sequence.
    pub(super) fn select(&mut self, parameters: &[Parameter]) {
        let mut rest = parameters;
        while let Some((&(code, _), after)) = rest.split_first() {
            let tied = after.iter().take_while(|(_, is_tied)| *is_tied).count();
            let mut used = tied;
            match code {
                0 => *self = Self::default(),
                1 => self.bold = true,
                2 => self.dim = true,
                3 => self.italic = true,
                4 => self.underline = tied == 0 || after[0].0 != 0,
                7 => self.inverse = true,
                9 => self.strike = true,
                21 => self.underline = true,
                22 => (self.bold, self.dim) = (false, false),
                23 => self.italic = false,
                24 => self.underline = false,
                27 => self.inverse = false,
                29 => self.strike = false,
                30..=37 => self.foreground = Color::Indexed((code - 30) as u8),
                38 => used = extended(after, tied, &mut self.foreground),
                39 => self.foreground = Color::Default,
                40..=47 => self.background = Color::Indexed((code - 40) as u8),
                48 => used = extended(after, tied, &mut self.background),
                49 => self.background = Color::Default,
                90..=97 => self.foreground = Color::Indexed((code - 82) as u8),
                100..=107 => self.background = Color::Indexed((code - 92) as u8),
                _ => {}
            }
            rest = &after[used..];
        }
    }
}

/// Reads what follows 38 or 48 into `color`; tells how many parameters it took.
fn extended(after: &[Parameter], tied: usize, color: &mut Color) -> usize {
    let number = |at: usize| after.get(at).map_or(0, |(number, _)| (*number).min(255) as u8);
    match after.first() {
        Some((5, _)) => {
            *color = Color::Indexed(number(1));
            tied.max(2).min(after.len())
        }
        Some((2, _)) => {
            // The form with colons may name a colour space first.
            let first = if tied > 4 { 2 } else { 1 };
            *color = Color::Rgb(number(first), number(first + 1), number(first + 2));
            tied.max(4).min(after.len())
        }
        _ => tied,
    }
}
