//! Code in colours: cuts a line into words, strings, comments and so on by a table of its language. It knows shapes,
//! not grammars: a colour may be wrong, the text never is. One pass over a line; no recursion.

mod fold;
mod languages;
mod lexer;
mod listing;
mod special;

pub use fold::overlay;
pub use listing::numbered;

use languages::LANGUAGES;
use lexer::Lexer;

/// The longest line that gets colours, in bytes.
const LINE_BYTES_MAX: usize = 4_096;

/// A language that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Language(u8);

/// What a run of characters is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shade {
    /// Nothing of the others.
    Plain,
    /// A word of the language; the name of an element.
    Keyword,
    /// A text.
    String,
    /// A comment.
    Comment,
    /// A number, a constant.
    Number,
    /// A type.
    Type,
    /// What is called: a function, a command.
    Function,
    /// The name of a field, an attribute, a variable, an option.
    Name,
    /// Said to the compiler: attributes, annotations, directives.
    Meta,
}

/// A run of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What it is.
    pub shade: Shade,
    /// Its characters.
    pub text: &'a str,
}

/// What a line hands to the next one: whether it stopped inside of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct State(Inside);

/// What goes on over the end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Inside {
    #[default]
    Nothing,
    /// A comment, so many deep where they nest.
    Comment(u8),
    /// A text that ends at so many of its quotes.
    Text { quote: u8, count: u8, is_raw: bool },
    /// A tag of a markup language.
    Tag,
    /// A fenced part of a markdown text.
    Fence,
}

impl Language {
    /// The language that the first word after a fence names.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim_start_matches(['{', '.']).split([',', '{', '}', ':']).next().unwrap_or_default();
        Self::find(name).filter(|_| !name.is_empty())
    }

    /// The language of a file, by its name.
    pub fn of_path(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        match name.rsplit_once('.') {
            Some((_, extension)) => Self::find(extension),
            None => Self::find(name),
        }
    }

    /// A shell's commands.
    pub fn shell() -> Option<Self> {
        Self::find("sh")
    }

    /// JSON.
    pub fn json() -> Option<Self> {
        Self::find("json")
    }

    fn find(name: &str) -> Option<Self> {
        let has = |names: &str| names.split(' ').any(|known| known.eq_ignore_ascii_case(name));
        LANGUAGES.iter().position(|table| has(table.names)).map(|index| Self(index as u8))
    }
}

/// The pieces of `line`, which cover all of it in order, and what the next line starts with.
pub fn pieces(language: Language, line: &str, state: State) -> (Vec<Piece<'_>>, State) {
    if line.len() > LINE_BYTES_MAX {
        return (vec![Piece { shade: Shade::Plain, text: line }], State::default());
    }
    let mut lexer = Lexer::new(&LANGUAGES[language.0 as usize], line, state.0);
    let after = lexer.run();
    (lexer.pieces, State(after))
}

/// What the line after `lines` starts with.
pub fn state_after<'a>(language: Language, lines: impl IntoIterator<Item = &'a str>) -> State {
    lines.into_iter().fold(State::default(), |state, line| pieces(language, line, state).1)
}

#[cfg(test)]
mod tests;
