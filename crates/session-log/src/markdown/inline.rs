//! From text to the parts of a line: emphasis, code, links. One pass; everything that it could search for again
//! and again is bounded.

use super::Inline;
use super::parts::DEPTH_MAX;
use crate::link;

/// The longest address of a link with its title, in bytes.
const ADDRESS_BYTES_MAX: usize = 2_048;
/// The longest run of marks that is one; longer ones are text.
const RUN_MAX: usize = 3;
/// The named characters that agents write. Others stay as they are.
const NAMED: [(&str, &str); 16] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("larr", "←"),
    ("rarr", "→"),
    ("times", "×"),
    ("middot", "·"),
    ("bull", "•"),
    ("copy", "©"),
    ("ensp", "\u{2002}"),
];

/// The parts of `text`.
pub(super) fn inlines(text: &str) -> Vec<Inline> {
    let mut line = Line { text, at: 0, nodes: Vec::new(), opens: Vec::new(), unclosed_code: Vec::new() };
    while let Some(char) = line.rest().chars().next() {
        line.step(char);
    }
    join(line.nodes)
}

/// What is read so far.
struct Line<'a> {
    text: &'a str,
    /// The bytes that are read.
    at: usize,
    nodes: Vec<Inline>,
    /// Marks that may begin something; never more than [`DEPTH_MAX`], which bounds searching and nesting.
    opens: Vec<Open>,
    /// The lengths of runs of backticks that nothing closes.
    unclosed_code: Vec<usize>,
}

/// Marks that may begin something.
#[derive(Clone, Copy)]
struct Open {
    /// `*`, `_`, `~`, `[`, or `!` for a picture.
    mark: char,
    count: usize,
    /// The node that shows the marks.
    node: usize,
    /// Whether the marks could end something too.
    closes: bool,
}

impl<'a> Line<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Reads what begins with `char`.
    fn step(&mut self, char: char) {
        let rest = self.rest();
        match char {
            '\\' => match rest[1..].chars().next() {
                Some('\n') => self.push(Inline::Break, 2),
                Some(escaped) if escaped.is_ascii_punctuation() => self.push_text(&rest[1..2], 2),
                _ => self.push_text("\\", 1),
            },
            '`' => self.code(),
            '<' => match bracketed_address(rest) {
                Some((address, link)) => {
                    self.push(Inline::Link(link, vec![Inline::Text(address.into())]), address.len() + 2)
                }
                None => self.push_text("<", 1),
            },
            '&' => match named_char(rest) {
                Some((text, len)) => self.push_text(&text, len),
                None => self.push_text("&", 1),
            },
            '!' if rest.starts_with("![") => self.open('!', 1, "![", false),
            '[' => self.open('[', 1, "[", false),
            ']' => self.close_bracket(),
            '*' | '_' | '~' => self.run(char),
            '\n' => self.line_end(),
            _ => match self.bare_address(rest) {
                Some((address, link)) => {
                    self.push(Inline::Link(link, vec![Inline::Text(address.into())]), address.len());
                }
                None => {
                    let is_special = |(at, char): (usize, char)| {
                        "\\`<&![]*_~\n".contains(char) || (char == 'h' && rest[at..].starts_with("http"))
                    };
                    let end = rest.char_indices().skip(1).find(|&place| is_special(place));
                    let len = end.map_or(rest.len(), |(at, _)| at);
                    self.push_text(&rest[..len], len);
                }
            },
        }
    }

    /// An address that stands in the text without any marks, and its link.
    fn bare_address(&self, rest: &'a str) -> Option<(&'a str, link::Link)> {
        let is_start = rest.starts_with("https://") || rest.starts_with("http://");
        if !is_start || self.text[..self.at].ends_with(char::is_alphanumeric) {
            return None;
        }
        let rest = &rest[..rest.floor_char_boundary(ADDRESS_BYTES_MAX)];
        let is_end = |char: char| char.is_whitespace() || "<>\"`|*\\".contains(char);
        let mut address = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        // What ends a sentence or a bracket around it is not part of it.
        let count = |mark: u8| address.bytes().filter(|&byte| byte == mark).count();
        let mut unpaired = count(b')').saturating_sub(count(b'('));
        while let Some(last) = address.chars().next_back() {
            match last {
                ')' if unpaired > 0 => unpaired -= 1,
                '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '_' | '~' | ']' => {}
                _ => break,
            }
            address = &address[..address.len() - last.len_utf8()];
        }
        link::link(address).map(|link| (address, link))
    }

    fn push(&mut self, inline: Inline, len: usize) {
        self.nodes.push(inline);
        self.at += len;
    }

    fn push_text(&mut self, text: &str, len: usize) {
        self.push(Inline::Text(text.to_owned()), len);
    }

    fn open(&mut self, mark: char, count: usize, shown: &str, closes: bool) {
        if self.opens.len() >= DEPTH_MAX {
            self.opens.remove(0);
        }
        self.opens.push(Open { mark, count, node: self.nodes.len(), closes });
        self.push_text(shown, shown.len());
    }

    /// A new line; two blanks before it make it a visible one.
    fn line_end(&mut self) {
        let is_break = self.text[..self.at].ends_with("  ");
        if let Some(Inline::Text(before)) = self.nodes.last_mut() {
            before.truncate(before.trim_end_matches(' ').len());
        }
        self.push(if is_break { Inline::Break } else { Inline::Text("\n".into()) }, 1);
    }

    fn code(&mut self) {
        let rest = self.rest();
        let len = rest.len() - rest.trim_start_matches('`').len();
        let inside = &rest[len..];
        if !self.unclosed_code.contains(&len) {
            let mut from = 0;
            while let Some(found) = inside[from..].find('`') {
                let (start, run) = (from + found, &inside[from + found..]);
                let run = run.len() - run.trim_start_matches('`').len();
                if run == len {
                    let code = inside[..start].replace('\n', " ");
                    let padded = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
                    let code = padded.filter(|code| !code.trim().is_empty()).unwrap_or(&code).to_owned();
                    return self.push(Inline::Code(code), start + 2 * len);
                }
                from = start + run;
            }
            self.unclosed_code.push(len);
        }
        self.push_text(&rest[..len], len);
    }

    /// Marks of emphasis: they end what they can, and may begin something with what is left of them.
    fn run(&mut self, mark: char) {
        let rest = self.rest();
        let after = rest.trim_start_matches(mark);
        let run = rest.len() - after.len();
        if run > RUN_MAX {
            return self.push_text(&rest[..run], run);
        }
        let (before, after) = (self.text[..self.at].chars().next_back(), after.chars().next());
        let left = !is_white(after) && (!is_punctuation(after) || is_white(before) || is_punctuation(before));
        let right = !is_white(before) && (!is_punctuation(before) || is_white(after) || is_punctuation(after));
        let is_word_mark = mark == '_';
        let opens = left && !(is_word_mark && right && !is_punctuation(before));
        let closes = right && !(is_word_mark && left && !is_punctuation(after));
        let mut count = run;
        while closes && count > 0 {
            let fits = |open: &Open| {
                let is_odd_pair = (open.closes || opens)
                    && (open.count + run).is_multiple_of(3)
                    && !(open.count.is_multiple_of(3) && run.is_multiple_of(3));
                open.mark == mark && if mark == '~' { open.count == count } else { !is_odd_pair }
            };
            let Some(index) = self.opens.iter().rposition(fits) else { break };
            count -= self.wrap(index, count);
        }
        self.at += run - count;
        match &rest[..count] {
            "" => {}
            left if opens => self.open(mark, count, left, closes),
            left => self.push_text(left, count),
        }
    }

    /// Puts what follows the marks at `index` into one part; says how many marks that used up.
    fn wrap(&mut self, index: usize, count: usize) -> usize {
        let Open { mark, count: open_count, node, .. } = self.opens[index];
        let used = if mark == '~' { count } else { open_count.min(count).min(2) };
        let children = join(self.nodes.drain(node + 1..).collect());
        if let Some(Inline::Text(marks)) = self.nodes.last_mut() {
            marks.truncate(open_count - used);
        }
        self.nodes.push(match (mark, used) {
            ('~', _) => Inline::Strike(children),
            (_, 2) => Inline::Strong(children),
            _ => Inline::Emphasis(children),
        });
        self.opens[index].count -= used;
        self.opens.truncate(if open_count == used { index } else { index + 1 });
        used
    }

    fn close_bracket(&mut self) {
        let Some(index) = self.opens.iter().rposition(|open| matches!(open.mark, '[' | '!')) else {
            return self.push_text("]", 1);
        };
        let Some((address, len)) = address(&self.rest()[1..]) else {
            self.opens.remove(index);
            return self.push_text("]", 1);
        };
        let Open { mark, node, .. } = self.opens[index];
        self.opens.truncate(index);
        if mark == '[' {
            // There are no links in links.
            self.opens.retain(|open| open.mark != '[');
        }
        let mut children = Vec::new();
        for child in self.nodes.split_off(node + 1) {
            match child {
                // There are no links in links: an address in the words is words.
                Inline::Link(_, inner) => children.extend(inner),
                child => children.push(child),
            }
        }
        self.nodes.pop();
        self.at += 1 + len;
        match link::link(&address) {
            Some(link) => self.nodes.push(Inline::Link(link, join(children))),
            None => self.nodes.extend(children),
        }
    }
}

fn is_white(char: Option<char>) -> bool {
    char.is_none_or(char::is_whitespace)
}

fn is_punctuation(char: Option<char>) -> bool {
    char.is_some_and(|char| {
        char.is_ascii_punctuation() || matches!(char, '\u{2010}'..='\u{205e}' | '\u{3001}'..='\u{303f}')
    })
}

/// `<address>`: what is between the brackets, and its link.
fn bracketed_address(text: &str) -> Option<(&str, link::Link)> {
    let len = text[1..].find(|char: char| char.is_whitespace() || char == '<' || char == '>')?;
    let address = text[1..=len].trim();
    if !text[1 + len..].starts_with('>') {
        return None;
    }
    let mail = || (address.contains('@') && !address.contains([':', '/'])).then(|| format!("mailto:{address}"));
    link::link(address).or_else(|| link::link(&mail()?)).map(|link| (address, link))
}

/// `(address "title")`: the address, and the length of all.
fn address(text: &str) -> Option<(String, usize)> {
    let text = &text[..text.floor_char_boundary(ADDRESS_BYTES_MAX)];
    let inside = text.strip_prefix('(')?.trim_start();
    let (address, rest) = match inside.strip_prefix('<') {
        Some(inside) => inside.split_once('>').filter(|(address, _)| !address.contains(['\n', '<']))?,
        None => {
            let mut depth = 0usize;
            let end = |char: char| {
                match char {
                    '(' => depth += 1,
                    ')' if depth == 0 => return true,
                    ')' => depth -= 1,
                    _ => {}
                }
                char.is_whitespace()
            };
            inside.split_at(inside.find(end)?)
        }
    };
    let rest = rest.trim_start();
    let rest = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].split_once(quote)?.1.trim_start(),
        _ => rest,
    };
    let rest = rest.strip_prefix(')')?;
    Some((decoded(address), text.len() - rest.len()))
}

/// An address without its backslashes and named characters.
fn decoded(address: &str) -> String {
    let mut decoded = String::new();
    let mut rest = address;
    while let Some(char) = rest.chars().next() {
        let escaped = rest[char.len_utf8()..].chars().next().filter(|next| char == '\\' && next.is_ascii_punctuation());
        let (text, len) = match (named_char(rest), escaped) {
            (Some(named), _) => named,
            (None, Some(escaped)) => (escaped.to_string(), 2),
            (None, None) => (char.to_string(), char.len_utf8()),
        };
        decoded += &text;
        rest = &rest[len..];
    }
    decoded
}

/// `&name;` or `&#number;`: the text that it stands for, and its length.
fn named_char(text: &str) -> Option<(String, usize)> {
    let inside = text.strip_prefix('&')?;
    let len = inside.bytes().take(10).position(|byte| byte == b';')?;
    let name = &inside[..len];
    let text = match name.strip_prefix('#') {
        Some(number) => {
            let hex = number.strip_prefix(['x', 'X']);
            let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
            char::from_u32(code).filter(|&char| char != '\0')?.to_string()
        }
        None => NAMED.iter().find(|(known, _)| *known == name)?.1.to_owned(),
    };
    Some((text, len + 2))
}

/// Neighbouring texts as one.
fn join(nodes: Vec<Inline>) -> Vec<Inline> {
    let mut joined: Vec<Inline> = Vec::new();
    for node in nodes {
        match (joined.last_mut(), node) {
            (_, Inline::Text(text)) if text.is_empty() => {}
            (Some(Inline::Text(before)), Inline::Text(more)) => before.push_str(&more),
            (_, node) => joined.push(node),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tree in short: `*emphasis*`, `**strong**`, `~strike~`, `` `code` ``, `[link](href)`, `/` for a break.
    fn shown(nodes: &[Inline]) -> String {
        nodes
            .iter()
            .map(|node| match node {
                Inline::Text(text) => text.clone(),
                Inline::Code(code) => format!("`{code}`"),
                Inline::Emphasis(inner) => format!("<em>{}</em>", shown(inner)),
                Inline::Strong(inner) => format!("<b>{}</b>", shown(inner)),
                Inline::Strike(inner) => format!("<s>{}</s>", shown(inner)),
                Inline::Link(link, inner) => format!("[{}]({})", shown(inner), link.href),
                Inline::Break => "/".into(),
            })
            .collect()
    }

    #[test]
    fn marks_become_parts_as_commonmark_says() {
        for (text, expected) in [
            ("*a* _b_ **c** __d__ ~~e~~ ***f***", "<em>a</em> <em>b</em> <b>c</b> <b>d</b> <s>e</s> <em><b>f</b></em>"),
            ("snake_case_name 2 * 3 * 4 **open", "snake_case_name 2 * 3 * 4 **open"),
            ("*a **b** c* **a*b*c**", "<em>a <b>b</b> c</em> <b>a<em>b</em>c</b>"),
            ("`` a`b `` `*c*` `open", "`a`b` `*c*` `open"),
            (r"\*a\* \a", r"*a* \a"),
            ("a  \nb\\\nc\nd", "a/b/c\nd"),
            ("&lt;b&gt; &#65; &#x42; &unknown; &", "<b> A B &unknown; &"),
            (
                "[a *b*](https://a.test/x_(y) \"t\") [c](<https://c.test>)",
                "[a <em>b</em>](https://a.test/x_(y)) [c](https://c.test)",
            ),
            ("[a](javascript:x) [b] [c](open", "a [b] [c](open"),
            ("[a [b](https://b.test)](https://a.test)", "[a [b](https://b.test)]([https://a.test](https://a.test))"),
            (
                "see https://a.test/x_(y)?b=*c*, (http://b.test). xhttps://c.test http: https://",
                "see [https://a.test/x_(y)?b=](https://a.test/x_(y)?b=)<em>c</em>, ([http://b.test](http://b.test)). xhttps://c.test http: https://",
            ),
            (
                "[https://a.test](https://b.test) **https://c.test**",
                "[https://a.test](https://b.test) <b>[https://c.test](https://c.test)</b>",
            ),
            (
                "<https://a.test> <a@b.test> <b> 1 < 2",
                "[https://a.test](https://a.test) [a@b.test](mailto:a@b.test) <b> 1 < 2",
            ),
        ] {
            assert_eq!(shown(&inlines(text)), expected, "{text}");
        }
    }

    #[test]
    fn hostile_text_is_read_in_one_pass_and_nests_no_deeper_than_allowed() {
        for unit in [
            "http",
            "https://a",
            "https://)",
            "*a ",
            "_a",
            "[",
            "![",
            "](",
            "[a](",
            "`",
            "``a",
            "<",
            "&#",
            "**a* ",
            "~~a",
            "[a](<",
            "[a](b \"",
            "a* ",
        ] {
            // A second pass for each opener would make this test one of minutes.
            let nodes = inlines(&unit.repeat(200_000 / unit.len()));
            assert!(depth(&nodes) <= 2 * DEPTH_MAX, "{unit}");
        }
        let nested = format!("{} b {}", "*a ".repeat(1_000), "a* ".repeat(1_000));
        assert!(depth(&inlines(&nested)) <= 2 * DEPTH_MAX);
    }

    fn depth(nodes: &[Inline]) -> usize {
        let inner = nodes.iter().map(|node| match node {
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) | Inline::Link(_, inner) => {
                1 + depth(inner)
            }
            Inline::Text(_) | Inline::Code(_) | Inline::Break => 0,
        });
        inner.max().unwrap_or_default()
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in r"([a-z]{1,3}|[ \n*_~`<>#|!\[\](-]|- |\n\n|1\. |é){0,60}") {
            let nodes = inlines(&text);
            prop_assert_eq!(words(&text), nodes.iter().map(|node| words(&plain(node))).collect::<String>());
        }
    }

    fn words(text: &str) -> String {
        text.chars().filter(|char| char.is_alphanumeric()).collect()
    }

    fn plain(node: &Inline) -> String {
        match node {
            Inline::Text(text) | Inline::Code(text) => text.clone(),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) | Inline::Link(_, inner) => {
                inner.iter().map(plain).collect()
            }
            Inline::Break => String::new(),
        }
    }
}
