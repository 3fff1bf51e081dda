//! How long a browser may keep a file of the page.

/// `Cache-Control` of a file whose name changes with its content.
pub const FOREVER: &str = "public, max-age=31536000, immutable";
/// `Cache-Control` of a file that a new build replaces: asked for again each time.
pub const ASK_AGAIN: &str = "no-cache";

/// A part of a name with this many hexadecimal digits names the content.
const HASH_DIGITS_MIN: usize = 8;

/// Whether the name changes with the content, as the build's names do: `page-1f2e3d4c5b6a7988.js`.
pub fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut parts = name.split(['-', '_', '.']).skip(1);
    parts.any(|part| part.len() >= HASH_DIGITS_MIN && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The `Cache-Control` of the file at `path`.
pub fn of(path: &str) -> &'static str {
    if is_hashed(path) { FOREVER } else { ASK_AGAIN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_tell_the_content_are_kept() {
        for path in ["page-1f2e3d4c5b6a7988.js", "page-171ef61653a7c6e_bg.wasm", "a/icon-fb78233473e8a430.svg.br"] {
            assert_eq!(of(path), FOREVER, "{path}");
        }
        for path in ["index.html", "config.json", "feedfacefeedface.js", "page-v2.js", "1f2e3d4c5b6a7988/index.html"] {
            assert_eq!(of(path), ASK_AGAIN, "{path}");
        }
    }
}
