//! The log document: folds events into steps, keeps their text, windows rows. Pure: no DOM, no IO, no
//! clock.
//!
//! - [`LogDocument`] takes events and holds [`Step`]s; their text lies in an arena, cut into lines;
//! - [`Layout`] is one reader's view of it: which steps are open, how tall rows are, which rows are near
//!   the screen ([`Row`]);
//! - [`Content`] is what one row shows: ANSI, [`markdown`] and [`diff`] are worked out for the rows that
//!   are asked for only;
//! - [`Finder`] searches what the steps show, open or not, slice by slice; [`Outline`] has a row per step that
//!   matters;
//! - [`PlainWriter`] writes steps as text, in slices, for whoever takes them elsewhere;
//! - [`visible()`] and [`link()`] keep text from an agent honest.
//!
//! The same events give the same document, however they are cut into chunks or repeated.

mod body;
pub mod diff;
mod document;
mod find;
mod headline;
pub mod highlight;
mod kind_word;
mod layout;
mod link;
pub mod markdown;
mod outline;
mod picture;
mod plain;
mod report;
mod sparse;
mod step;
mod terminal;
mod text;
mod visible;

pub use body::{Body, Content, Fold};
pub use document::{Applied, DocumentId, LogDocument};
pub use find::{BadQuery, Excerpt, FindOptions, Finder, HITS_KEPT_MAX, Hit, HitPart, Progress, QUERY_BYTES_MAX, Query};
pub use layout::{Address, Anchor, Group, Layout, Level, Nested, PlacedRow, Row, RowPart, Scale, Showing, StepClass};
pub use link::{Link, link};
pub use outline::{Outline, OutlineKind, OutlineRow};
pub use picture::{PICTURE_BYTES_MAX, Picture};
pub use plain::{PlainFormat, PlainWriter, Written, plain_bytes, plain_step, plain_under};
pub use report::{end_sentence, left_sentence};
pub use sparse::{Told, Want, WantedEvents};
pub use step::{Change, PermissionStep, PlanStep, SessionStep, Step, StepKind, StepState, ToolStep};
pub use terminal::{Color, Span, Style};
pub use text::Text;
pub use visible::{Visible, is_hidden, visible, visible_line};
