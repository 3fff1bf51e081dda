//! Markdown as a tree of nodes. There is no HTML in it: raw HTML is text, pictures are links or text,
//! and links lead only where [`crate::link`] lets them.

mod address;
mod blocks;
mod inline;
mod parts;
mod words;

pub use blocks::{BlockSpan, blocks};
pub(crate) use blocks::{blocks_after, settled_blocks};
pub use parts::parse;
pub(crate) use words::{lines, words};

use crate::highlight::State;
use crate::{Link, Picture};

/// A part that stands on its own.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading of level 1 to 6.
    Heading(u8, Vec<Inline>),
    /// Code.
    Code(Code),
    /// A picture that the message itself holds.
    Picture(Picture),
    /// A quotation.
    Quote(Vec<Block>),
    /// A list.
    List {
        /// The first number of an ordered list.
        start: Option<u64>,
        /// The items.
        items: Vec<Item>,
    },
    /// A table.
    Table {
        /// The cells of the head.
        head: Vec<Vec<Inline>>,
        /// The cells of each row.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// A line across.
    Rule,
}

/// Code. What is too long for one row is cut between lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Code {
    /// The first word after the fence.
    pub language: String,
    /// The code.
    pub text: String,
    /// Whether it goes on where the row before it was cut.
    pub continues: bool,
    /// Whether the next row goes on with it.
    pub is_continued: bool,
    /// What the code before it leaves open.
    pub state: State,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Item {
    /// In a task list: whether it is done.
    pub is_done: Option<bool>,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Text.
    Text(String),
    /// Code.
    Code(String),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Struck out.
    Strike(Vec<Inline>),
    /// A link.
    Link(Link, Vec<Inline>),
    /// A new line.
    Break,
}
