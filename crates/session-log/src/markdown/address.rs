//! Addresses and named characters in markdown. What they search for is bounded.

use crate::link;

/// The longest address of a link with its title, in bytes.
const ADDRESS_BYTES_MAX: usize = 2_048;
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

/// `<address>`: what is between the brackets, and its link.
pub(super) fn bracketed_address(text: &str) -> Option<(&str, link::Link)> {
    let len = text[1..].find(|char: char| char.is_whitespace() || char == '<' || char == '>')?;
    let address = text[1..=len].trim();
    if !text[1 + len..].starts_with('>') {
        return None;
    }
    let mail = || (address.contains('@') && !address.contains([':', '/'])).then(|| format!("mailto:{address}"));
    link::link(address).or_else(|| link::link(&mail()?)).map(|link| (address, link))
}

/// `(address "title")`: the address, and the length of all.
pub(super) fn address(text: &str) -> Option<(String, usize)> {
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
pub(super) fn named_char(text: &str) -> Option<(String, usize)> {
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

/// An address that stands in the text without any marks, and its link.
pub(super) fn bare_address<'a>(before: &str, rest: &'a str) -> Option<(&'a str, link::Link)> {
    let is_start = rest.starts_with("https://") || rest.starts_with("http://");
    if !is_start || before.ends_with(char::is_alphanumeric) {
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
