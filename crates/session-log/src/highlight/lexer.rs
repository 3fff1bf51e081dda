//! Reads one line by a language's table. Every step goes forward.

use super::languages::{
    CASELESS, DASHED, DIFF, HASHED, KEYED, LIFETIME, MARKUP, NESTED, NO_TYPES, PROSE, SHELL, SIGILS, TAGGED, TRIPLE,
    Table,
};
use super::{Inside, Piece, Shade};

/// What is read of a line.
pub(super) struct Lexer<'a> {
    table: &'static Table,
    line: &'a str,
    /// The bytes that are read.
    at: usize,
    inside: Inside,
    /// Whether the next word of a shell's line is a command.
    is_command_next: bool,
    pub pieces: Vec<Piece<'a>>,
}

impl<'a> Lexer<'a> {
    pub fn new(table: &'static Table, line: &'a str, inside: Inside) -> Self {
        Self { table, line, at: 0, inside, is_command_next: true, pieces: Vec::new() }
    }

    /// Reads the line; tells what the next one starts in.
    pub fn run(&mut self) -> Inside {
        if self.has(DIFF) {
            self.diff_line();
            return Inside::Nothing;
        }
        while self.at < self.line.len() {
            match self.inside {
                Inside::Comment(depth) => self.comment(depth),
                Inside::Text { quote, count, is_raw } => self.text(quote, count, is_raw),
                Inside::Tag => self.tag(),
                Inside::Fence => self.inside = self.prose_line(Inside::Fence),
                Inside::Nothing => self.step(),
            }
        }
        self.inside
    }

    pub fn rest(&self) -> &'a str {
        &self.line[self.at..]
    }

    /// Takes `len` bytes, up to the next character's end.
    pub fn push(&mut self, shade: Shade, len: usize) {
        let from = self.at;
        let mut to = (from + len).min(self.line.len());
        while !self.line.is_char_boundary(to) {
            to += 1;
        }
        self.at = to;
        if from == to {
            return;
        }
        let start = match self.pieces.pop_if(|piece| piece.shade == shade) {
            Some(piece) => from - piece.text.len(),
            None => from,
        };
        self.pieces.push(Piece { shade, text: &self.line[start..to] });
    }

    fn has(&self, a_trait: u16) -> bool {
        self.table.traits & a_trait != 0
    }

    fn before(&self) -> Option<u8> {
        self.at.checked_sub(1).map(|at| self.line.as_bytes()[at])
    }

    /// Whether nothing but white space and dashes stands before.
    fn is_first(&self) -> bool {
        self.line[..self.at].bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'-'))
    }

    fn step(&mut self) {
        let rest = self.rest();
        if self.starts_block_comment() {
            return;
        }
        if self.has(PROSE) {
            self.inside = self.prose_line(Inside::Nothing);
            return;
        }
        if self.has(MARKUP) {
            return self.markup();
        }
        let first = rest.as_bytes()[0];
        if self.starts_line_comment(rest) {
            return self.push(Shade::Comment, rest.len());
        }
        match first {
            b' ' | b'\t' => {
                let len = rest.len() - rest.trim_start_matches([' ', '\t']).len();
                self.push(Shade::Plain, len);
            }
            b'"' | b'\'' | b'`' if self.starts_text(first) => {}
            b'\'' if self.has(LIFETIME) => self.lifetime(rest),
            b'0'..=b'9' => self.number(rest),
            b'#' if self.has(HASHED) && (rest.starts_with("#[") || rest.starts_with("#![") || self.is_first()) => {
                let is_attribute = rest.starts_with("#[") || rest.starts_with("#![");
                let end = if is_attribute { rest.find(']').map(|at| at + 1) } else { rest.find(' ') };
                self.push(Shade::Meta, end.unwrap_or(rest.len()));
            }
            b'@' if self.has(SIGILS) => {
                let len = 1 + self.word_len(&rest[1..]);
                self.push(Shade::Meta, len);
            }
            b'$' if self.has(SHELL) || self.has(SIGILS) => {
                let is_braced = rest.starts_with("${");
                let name = rest[1..].strip_prefix('{').unwrap_or(&rest[1..]);
                let is_sign = !is_braced && name.starts_with(['?', '@', '#', '*', '!', '$', '(', ' ']);
                let name = self.word_len(name).max(usize::from(is_sign));
                self.push(Shade::Name, 1 + usize::from(is_braced) + name);
                self.is_command_next = rest.starts_with("$(") || (rest.starts_with("$ ") && self.at == 1);
            }
            b'-' if self.has(SHELL) && self.before().is_some_and(|byte| byte == b' ') => {
                let len = 1 + rest[1..].find([' ', '=', '\t', ')', ';', '|']).unwrap_or(rest.len() - 1);
                self.push(Shade::Name, len);
            }
            b'<' if self.has(TAGGED) => self.maybe_tag(rest),
            _ => match self.word_len(rest) {
                0 => {
                    if self.has(SHELL) && matches!(first, b'|' | b';' | b'&' | b'(' | b'`') {
                        self.is_command_next = true;
                    }
                    self.push(Shade::Plain, 1);
                }
                len => self.word(rest, len),
            },
        }
    }

    fn starts_line_comment(&self, rest: &str) -> bool {
        let is_comment = |mark: &str| {
            // Inside of a word these are no comments: `a#b`, `https://`.
            let is_apart = self.before().is_none_or(|byte| byte.is_ascii_whitespace() || b";({},)".contains(&byte));
            rest.starts_with(mark) && (is_apart || (mark != "#" && mark != ";" && self.before() != Some(b':')))
        };
        let marks = self.table.line_comments;
        !marks.is_empty() && marks.split(' ').any(is_comment)
    }

    fn starts_block_comment(&mut self) -> bool {
        let Some((open, _)) = self.table.block_comment else { return false };
        if !self.rest().starts_with(open) {
            return false;
        }
        self.push(Shade::Comment, open.len());
        self.inside = Inside::Comment(1);
        true
    }

    fn comment(&mut self, depth: u8) {
        let Some((open, close)) = self.table.block_comment else {
            self.inside = Inside::Nothing;
            return;
        };
        let rest = self.rest();
        let closing = rest.find(close);
        let opening = if self.has(NESTED) { rest.find(open) } else { None };
        match (closing, opening) {
            (closing, Some(opening)) if closing.is_none_or(|closing| opening < closing) => {
                self.push(Shade::Comment, opening + open.len());
                self.inside = Inside::Comment(depth.saturating_add(1));
            }
            (Some(closing), _) => {
                self.push(Shade::Comment, closing + close.len());
                self.inside = if depth > 1 { Inside::Comment(depth - 1) } else { Inside::Nothing };
            }
            (None, _) => self.push(Shade::Comment, rest.len()),
        }
    }

    /// Begins a text, if `quote` does so here.
    fn starts_text(&mut self, quote: u8) -> bool {
        let rest = self.rest();
        let mark = char::from(quote);
        let has = |quotes: &str| quotes.contains(mark);
        let is_triple = self.has(TRIPLE) && rest.bytes().take_while(|&byte| byte == quote).count() >= 3;
        if is_triple {
            self.push(Shade::String, 3);
            self.inside = Inside::Text { quote, count: 3, is_raw: false };
        } else if has(self.table.long_quotes) {
            // Go's backquotes and a shell's single quotes know no escapes.
            let is_raw = self.has(SHELL) && quote == b'\'' || self.table.names.starts_with("go") || self.has(MARKUP);
            self.push(Shade::String, 1);
            self.inside = Inside::Text { quote, count: 1, is_raw };
        } else if has(self.table.quotes) {
            let is_key = self.has(KEYED) && quote != b'`';
            let end = self.quote_end(quote);
            let is_named = is_key && self.line[end..].trim_start().starts_with([':', '=']);
            self.quoted(quote, if is_named { Shade::Name } else { Shade::String });
        } else {
            return false;
        }
        self.is_command_next = false;
        true
    }

    /// Where the text ends that begins here: after its quote or at the line's end.
    fn quote_end(&self, quote: u8) -> usize {
        let bytes = self.line.as_bytes();
        let mut at = self.at + 1;
        while at < bytes.len() {
            match bytes[at] {
                b'\\' => at += 2,
                byte if byte == quote => return at + 1,
                _ => at += 1,
            }
        }
        bytes.len()
    }

    /// A text on one line, with its quotes.
    pub fn quoted(&mut self, quote: u8, shade: Shade) {
        let len = self.quote_end(quote) - self.at;
        self.push(shade, len);
    }

    /// The rest of a text that may go over lines.
    fn text(&mut self, quote: u8, count: u8, is_raw: bool) {
        let bytes = self.rest().as_bytes();
        let count = usize::from(count);
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at] == b'\\' && !is_raw {
                at += 2;
                continue;
            }
            if bytes[at] == quote && bytes.len() >= at + count && bytes[at..at + count].iter().all(|&it| it == quote) {
                self.push(Shade::String, at + count);
                self.inside = if self.has(MARKUP) { Inside::Tag } else { Inside::Nothing };
                return;
            }
            at += 1;
        }
        self.push(Shade::String, bytes.len());
    }

    /// `'a` or `'a'`.
    fn lifetime(&mut self, rest: &str) {
        let mut chars = rest[1..].char_indices();
        let first = chars.next().map(|(_, char)| char);
        let is_char = first == Some('\\') || chars.next().is_some_and(|(_, char)| char == '\'');
        if is_char {
            return self.quoted(b'\'', Shade::String);
        }
        let len = 1 + self.word_len(&rest[1..]);
        self.push(if len > 1 { Shade::Name } else { Shade::Plain }, len);
    }

    fn number(&mut self, rest: &str) {
        let bytes = rest.as_bytes();
        let is_hex = rest.starts_with("0x") || rest.starts_with("0X");
        let mut len = 1;
        while let Some(&byte) = bytes.get(len) {
            let is_part = byte.is_ascii_alphanumeric()
                || byte == b'_'
                || byte == b'%'
                || (byte == b'.' && bytes.get(len + 1).is_some_and(u8::is_ascii_digit))
                || (matches!(byte, b'+' | b'-') && !is_hex && matches!(bytes[len - 1], b'e' | b'E'));
            if !is_part {
                break;
            }
            len += 1;
        }
        self.push(Shade::Number, len);
        self.is_command_next = false;
    }

    /// The length of the word that `text` begins with.
    fn word_len(&self, text: &str) -> usize {
        let is_part = |(at, char): (usize, char)| {
            char.is_alphanumeric()
                || char == '_'
                || (self.has(DASHED) && at > 0 && char == '-')
                || (self.has(SHELL) && (matches!(char, '/' | '.' | '~') || (at > 0 && char == ':')))
        };
        text.char_indices().find(|&place| !is_part(place)).map_or(text.len(), |(at, _)| at)
    }

    fn word(&mut self, rest: &str, len: usize) {
        let (word, after) = rest.split_at(len);
        let next = after.trim_start().as_bytes().first().copied();
        let is_same = |known: &str| {
            if self.has(CASELESS) { known.eq_ignore_ascii_case(word) } else { known == word }
        };
        let is_keyword = self.before() != Some(b'.') && self.table.keywords.split(' ').any(is_same);
        let shade = if self.has(SHELL) {
            let is_set = after.starts_with('=');
            let shade = match (is_keyword, self.is_command_next) {
                (_, true) if is_set => Shade::Name,
                (true, _) => Shade::Keyword,
                (false, true) => Shade::Function,
                (false, false) => Shade::Plain,
            };
            let opens = ["do", "else", "exec", "if", "then", "until", "while"];
            self.is_command_next = is_keyword && opens.contains(&word);
            shade
        } else if self.has(KEYED) && matches!(next, Some(b':' | b'=')) && self.is_first() {
            Shade::Name
        } else if is_keyword {
            Shade::Keyword
        } else if next == Some(b'(') || (self.has(HASHED) && after.starts_with("!(")) || after.starts_with("![") {
            Shade::Function
        } else if !self.has(NO_TYPES) {
            by_case(word)
        } else {
            Shade::Plain
        };
        self.push(shade, len);
    }

    /// In text with tags.
    fn markup(&mut self) {
        let rest = self.rest();
        if !rest.starts_with('<') {
            let first = rest.chars().next().map_or(1, char::len_utf8);
            let len = rest[first..].find('<').map_or(rest.len(), |at| at + first);
            // `&amp;` and the like are short: no need to look for them all.
            return self.push(Shade::Plain, len);
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            return self.push(Shade::Meta, rest.find('>').map_or(rest.len(), |at| at + 1));
        }
        let mark = if rest.starts_with("</") { 2 } else { 1 };
        match self.word_len(&rest[mark..]) {
            0 => self.push(Shade::Plain, 1),
            len => {
                self.push(Shade::Keyword, mark + len);
                self.inside = Inside::Tag;
            }
        }
    }

    /// In a tag, after its name.
    fn tag(&mut self) {
        let rest = self.rest();
        let first = rest.as_bytes()[0];
        match first {
            b'>' => {
                self.push(Shade::Keyword, 1);
                self.inside = Inside::Nothing;
            }
            b'/' if rest.starts_with("/>") => {
                self.push(Shade::Keyword, 2);
                self.inside = Inside::Nothing;
            }
            b'"' | b'\'' if self.starts_text(first) => {}
            _ => match self.word_len(rest) {
                0 => self.push(Shade::Plain, 1),
                len => self.push(Shade::Name, len),
            },
        }
    }

    /// A tag in code: `<Name` where a value may stand.
    fn maybe_tag(&mut self, rest: &str) {
        let mark = if rest.starts_with("</") { 2 } else { 1 };
        let len = self.word_len(&rest[mark..]);
        let is_value = !self.before().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b')' | b']'));
        if len > 0 && is_value {
            self.push(Shade::Keyword, mark + len);
        } else {
            self.push(Shade::Plain, 1);
        }
    }
}

/// A type begins with a capital, a constant has no others.
fn by_case(word: &str) -> Shade {
    if !word.starts_with(char::is_uppercase) {
        Shade::Plain
    } else if word.len() > 1 && !word.contains(char::is_lowercase) {
        Shade::Number
    } else {
        Shade::Type
    }
}
