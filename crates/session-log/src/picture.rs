//! Pictures that an agent shows: PNG, JPEG, GIF and WebP, told apart by their bytes, never by what they are called.
//! Everything else, SVG above all, is not one.

use std::sync::Arc;

/// The largest picture that is shown, in bytes of base 64.
pub const PICTURE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The largest picture that is shown, in pixels: the browser holds four bytes for each, however small the file.
const PIXELS_MAX: u64 = 40_000_000;
/// How far into a picture its size is looked for, in bytes.
const HEADER_BYTES_MAX: usize = 262_144;

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it is called; may be empty.
    pub name: String,
    /// What it is: `png`, `jpeg`, `gif` or `webp`.
    pub format: &'static str,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Its bytes in base 64, and nothing else.
    base64: Arc<str>,
}

impl Picture {
    /// The picture in `base64`. What is none, or is too large, has a reason for people instead.
    pub fn new(name: &str, base64: &str) -> Result<Self, &'static str> {
        if base64.len() > PICTURE_BYTES_MAX {
            return Err("too large to be shown");
        }
        let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
        if !base64.bytes().all(is_base64) {
            return Err("damaged");
        }
        let (format, (width, height)) = format_and_size(&decoded(base64)).ok_or("of a kind that is not shown")?;
        if width == 0 || height == 0 {
            return Err("empty");
        }
        if u64::from(width) * u64::from(height) > PIXELS_MAX {
            return Err("of too many pixels to be shown");
        }
        Ok(Self { name: name.to_owned(), format, width, height, base64: base64.into() })
    }

    /// An address that holds all of it.
    pub fn url(&self) -> String {
        ["data:image/", self.format, ";base64,", &self.base64].concat()
    }

    /// Its size in bytes.
    pub fn bytes(&self) -> usize {
        self.base64.len() / 4 * 3
    }
}

/// The beginning of what `base64` says.
fn decoded(base64: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let text = base64.trim_end_matches('=').as_bytes();
    let text = &text[..text.len().min(HEADER_BYTES_MAX / 3 * 4)];
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for four in text.chunks(4) {
        let bits = four.iter().fold(0u32, |bits, &byte| bits << 6 | u32::from(digit(byte)));
        let bits = bits << (6 * (4 - four.len()));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len().max(1)]);
    }
    bytes
}

/// What a picture is, and its width and height in pixels.
fn format_and_size(bytes: &[u8]) -> Option<(&'static str, (u32, u32))> {
    let big = |at: usize, len: usize| {
        Some(bytes.get(at..at + len)?.iter().fold(0u32, |sum, &byte| sum << 8 | u32::from(byte)))
    };
    let little = |at: usize, len: usize| {
        Some(bytes.get(at..at + len)?.iter().rev().fold(0u32, |sum, &byte| sum << 8 | u32::from(byte)))
    };
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.get(12..16)? == b"IHDR" {
        return Some(("png", (big(16, 4)?, big(20, 4)?)));
    }
    if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        return Some(("gif", (little(6, 2)?, little(8, 2)?)));
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some(("jpeg", jpeg_size(bytes)?));
    }
    if !bytes.starts_with(b"RIFF") || bytes.get(8..12)? != b"WEBP" {
        return None;
    }
    let size = match bytes.get(12..16)? {
        b"VP8 " => (little(26, 2)? & 0x3fff, little(28, 2)? & 0x3fff),
        b"VP8L" => {
            let bits = little(21, 4)?;
            ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)
        }
        b"VP8X" => (little(24, 3)? + 1, little(27, 3)? + 1),
        _ => return None,
    };
    Some(("webp", size))
}

/// Goes from part to part until one tells the size.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let &[0xff, kind] = bytes.get(at..at + 2)? else { return None };
        let pair = |at: usize| Some(u32::from(*bytes.get(at)?) << 8 | u32::from(*bytes.get(at + 1)?));
        match kind {
            // Filling.
            0xff => at += 1,
            // Frames; the others of this range are tables.
            0xc0..=0xcf if !matches!(kind, 0xc4 | 0xc8 | 0xcc) => return Some((pair(at + 7)?, pair(at + 5)?)),
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => at += 2 + (pair(at + 2)? as usize).max(2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Base 64 without its end marks.
    fn encoded(bytes: &[u8]) -> String {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let four = |three: &[u8]| {
            let bits = three.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - three.len()));
            (0..=three.len()).map(move |at| DIGITS[(bits >> (18 - 6 * at) & 63) as usize] as char).collect::<String>()
        };
        bytes.chunks(3).map(four).collect()
    }

    fn seen(bytes: &[u8]) -> Result<(&'static str, u32, u32), &'static str> {
        Picture::new("", &encoded(bytes)).map(|picture| (picture.format, picture.width, picture.height))
    }

    #[test]
    fn the_size_is_in_the_first_bytes() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\0\x02";
        assert_eq!(seen(png), Ok(("png", 256, 2)));
        assert_eq!(seen(b"GIF89a\x03\0\x04\x01"), Ok(("gif", 3, 260)));
        assert_eq!(
            seen(b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x11\x08\x01\0\0\x05"),
            Ok(("jpeg", 5, 256)),
            "after a part that is skipped and filling"
        );
        assert_eq!(seen(b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x10\0\x20\0"), Ok(("webp", 16, 32)));
        assert_eq!(seen(b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x0f\xc0\x07\0"), Ok(("webp", 16, 32)));
        assert_eq!(seen(b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x0f\0\0\x1f\0\0"), Ok(("webp", 16, 32)));
        let bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff";
        assert_eq!(seen(bomb), Err("of too many pixels to be shown"), "however few its bytes are");
        let picture = Picture::new("a", &encoded(png)).unwrap();
        assert!(picture.url().starts_with("data:image/png;base64,iVBORw0KGgo"), "{}", picture.url());
    }

    #[test]
    fn anything_else_is_no_picture() {
        for bytes in
            [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"", b"\xff\xd8\xff\xd9", b"\xff\xd8\xff", b"RIFF"]
        {
            assert_eq!(seen(bytes), Err("of a kind that is not shown"), "{bytes:?}");
        }
        assert_eq!(seen(b"GIF89a\0\0\x04\x01"), Err("empty"));
        assert_eq!(Picture::new("", "a,b\"><script>"), Err("damaged"));
        assert_eq!(Picture::new("", &"A".repeat(PICTURE_BYTES_MAX + 1)), Err("too large to be shown"));
        // No step of a parser may lose itself in parts that say they are empty.
        let endless = [b"\xff\xd8\xff".to_vec(), b"\xff\xe0\0\0".repeat(60_000)].concat();
        assert!(seen(&endless).is_err());
    }
}
