//! The words of a row as they stand in the page: which text nodes they are, and which part of them a range of bytes
//! is. Signs, numbers and what the page says by itself are no words.

use std::ops::Range;

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Node, StaticRange, StaticRangeInit};

/// What holds words, row by row as [`session_log::Content::words`] has them.
const WORDS: &str = ".log-row-text, .prose, .change-file-path, .change-line-text, .plan-row-text, \
    .permission-ask-title, .permission-ask-command, .permission-ask-places code, .report-words, .report-reason, .log-row-note, \
    .log-row-failure, .step-header-command, .step-header-words, .step-header-outcome";
/// Markdown.
const PROSE: &str = "prose";
/// The page's own words: where a link leads, how much is folded.
const NOT_WORDS: [&str; 2] = ["prose-place", "json-row-folded"];
/// Stands for a character that cannot be seen.
const MARKER: &str = "hidden-character";

/// The words of a row.
pub struct RowWords {
    /// The words.
    pub text: String,
    /// The text nodes that they are in, in order.
    pieces: Vec<Piece>,
}

/// Words in one text node.
struct Piece {
    /// Which of the words they are, in bytes.
    words: Range<usize>,
    node: Node,
    /// Whether the node stands for one character by others.
    is_marker: bool,
}

/// How the text of a node is read.
#[derive(Clone, Copy, PartialEq)]
enum Reading {
    /// As it is.
    Plain,
    /// Markdown: parts end lines, line feeds are blanks.
    Prose,
    /// Code in markdown.
    Code,
}

impl RowWords {
    /// Reads a row of the page.
    pub fn read(row: &Element) -> Self {
        let mut words = Self { text: String::new(), pieces: Vec::new() };
        let Ok(holders) = row.query_selector_all(WORDS) else { return words };
        for index in 0..holders.length() {
            let Some(holder) = holders.item(index) else { continue };
            let is_prose = holder.dyn_ref::<Element>().is_some_and(|holder| holder.class_list().contains(PROSE));
            if index > 0 && !is_prose {
                words.text.push('\n');
            }
            words.read_below(&holder, if is_prose { Reading::Prose } else { Reading::Plain });
        }
        words
    }

    /// The part of the page where a range of the words is; `None` where it holds no word.
    pub fn range(&self, words: Range<usize>) -> Option<StaticRange> {
        let from = self.pieces.iter().find(|piece| piece.words.end > words.start)?;
        let to = self.pieces.iter().rev().find(|piece| piece.words.start < words.end)?;
        if from.words.start > to.words.start {
            return None;
        }
        let init = StaticRangeInit::new(
            &to.node,
            self.units(to, words.end.min(to.words.end), true),
            &from.node,
            self.units(from, words.start.max(from.words.start), false),
        );
        StaticRange::new(&init).ok()
    }

    /// How many of the page's units, UTF-16, of a piece stand before a place in the words.
    fn units(&self, piece: &Piece, at: usize, is_end: bool) -> u32 {
        if piece.is_marker {
            let all = piece.node.node_value().map_or(0, |text| text.encode_utf16().count());
            return if is_end { all as u32 } else { 0 };
        }
        self.text.get(piece.words.start..at).map_or(0, |before| before.encode_utf16().count() as u32)
    }

    fn read_below(&mut self, parent: &Node, reading: Reading) {
        let mut next = parent.first_child();
        while let Some(node) = next {
            match node.dyn_ref::<Element>() {
                Some(element) => self.read_element(element, reading),
                None if node.node_type() == Node::TEXT_NODE => self.read_text(&node, reading),
                None => {}
            }
            next = node.next_sibling();
        }
    }

    fn read_element(&mut self, element: &Element, reading: Reading) {
        let classes = element.class_list();
        if classes.contains(MARKER) {
            return self.read_marker(element);
        }
        if element.tag_name() == "BUTTON" || NOT_WORDS.iter().any(|class| classes.contains(class)) {
            return;
        }
        if reading != Reading::Prose {
            return self.read_below(element, reading);
        }
        match element.tag_name().as_str() {
            "BR" => self.text.push('\n'),
            "PRE" => {
                self.read_below(element, Reading::Code);
                if !self.text.ends_with('\n') {
                    self.text.push('\n');
                }
            }
            "P" | "H3" | "H4" | "H5" | "H6" | "TH" | "TD" => {
                self.read_below(element, reading);
                self.text.push('\n');
            }
            _ => self.read_below(element, reading),
        }
    }

    fn read_text(&mut self, node: &Node, reading: Reading) {
        let text = node.node_value().unwrap_or_default();
        if text.is_empty() {
            return;
        }
        let from = self.text.len();
        match reading {
            Reading::Prose => self.text.extend(text.chars().map(|char| if char == '\n' { ' ' } else { char })),
            Reading::Plain | Reading::Code => self.text.push_str(&text),
        }
        self.pieces.push(Piece { words: from..self.text.len(), node: node.clone(), is_marker: false });
    }

    /// Reads the one character that a marker stands for.
    fn read_marker(&mut self, marker: &Element) {
        let (Some(node), Some(shown)) = (marker.first_child(), marker.text_content()) else { return };
        let Some(hidden) = hidden_character(&shown) else { return };
        let from = self.text.len();
        self.text.push(hidden);
        self.pieces.push(Piece { words: from..self.text.len(), node, is_marker: true });
    }
}

/// The character that a marker of [`session_log::visible()`] stands for.
fn hidden_character(shown: &str) -> Option<char> {
    if let Some(code) = shown.strip_prefix("U+") {
        return char::from_u32(u32::from_str_radix(code, 16).ok()?);
    }
    match u32::from(shown.chars().next()?) {
        0x2421 => Some('\u{7f}'),
        code @ 0x2400..=0x241f => char::from_u32(code - 0x2400),
        _ => None,
    }
}

/// The ranges as a list for the browser.
pub fn as_list(ranges: impl Iterator<Item = StaticRange>) -> Array {
    ranges.map(JsValue::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use session_log::{Visible, visible_line};

    #[test]
    fn a_marker_is_read_as_the_character_that_it_stands_for() {
        for hidden in ['\0', '\u{1b}', '\n', '\u{7f}', '\u{9b}', '\u{202e}', '\u{e0041}'] {
            let Some(Visible::Marker(marker)) = visible_line(&hidden.to_string()).pop() else { panic!("{hidden:?}") };
            assert_eq!(hidden_character(&marker), Some(hidden), "{marker}");
        }
        assert_eq!((hidden_character("x"), hidden_character("U+zz"), hidden_character("")), (None, None, None));
    }
}
