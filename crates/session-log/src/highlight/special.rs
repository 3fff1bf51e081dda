//! Languages whose lines say by their first characters what they are: diffs and markdown.

use super::lexer::Lexer;
use super::{Inside, Shade};

impl Lexer<'_> {
    /// A line of a diff.
    pub(super) fn diff_line(&mut self) {
        let rest = self.rest();
        let shade = match rest.as_bytes().first() {
            Some(b'@') => Shade::Meta,
            Some(b'+') if rest.starts_with("+++ ") => Shade::Meta,
            Some(b'-') if rest.starts_with("--- ") => Shade::Meta,
            Some(b'+') => Shade::String,
            Some(b'-') => Shade::Keyword,
            Some(b' ') | None => Shade::Plain,
            Some(_) => Shade::Comment,
        };
        self.push(shade, rest.len());
    }

    /// A line of markdown outside of comments; tells what the next one starts in.
    pub(super) fn prose_line(&mut self, inside: Inside) -> Inside {
        let rest = self.rest();
        let trimmed = rest.trim_start();
        let is_fence = trimmed.starts_with("```") || trimmed.starts_with("~~~");
        if is_fence || inside == Inside::Fence {
            self.push(if is_fence { Shade::Meta } else { Shade::String }, rest.len());
            return if is_fence == (inside == Inside::Fence) { Inside::Nothing } else { Inside::Fence };
        }
        if trimmed.starts_with('#') {
            self.push(Shade::Keyword, rest.len());
        } else if trimmed.starts_with('>') {
            self.push(Shade::Comment, rest.len());
        } else if trimmed.starts_with(['-', '*', '+']) && trimmed[1..].starts_with(' ') {
            self.push(Shade::Meta, rest.len() - trimmed.len() + 1);
        }
        while let Some(char) = self.rest().chars().next() {
            match char {
                '`' => self.quoted(b'`', Shade::String),
                '[' => self.push(Shade::Meta, 1),
                ']' if self.rest().starts_with("](") => {
                    self.push(Shade::Meta, 2);
                    let address = self.rest().find(')').unwrap_or(self.rest().len());
                    self.push(Shade::Name, address);
                }
                _ => {
                    let rest = self.rest();
                    let len =
                        rest[char.len_utf8()..].find(['`', '[', ']']).map_or(rest.len(), |at| at + char.len_utf8());
                    self.push(Shade::Plain, len);
                }
            }
        }
        Inside::Nothing
    }
}
