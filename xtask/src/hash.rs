//! What names a file's content.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha384};

/// Hexadecimal digits in a name: as many as trunk's names have.
const NAME_DIGITS: usize = 16;

/// The start of the content's hash, for its file's name.
pub fn short_hash(content: &[u8]) -> String {
    let hash = Sha384::digest(content);
    hash.iter().take(NAME_DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

/// The content's hash as an `integrity` attribute says it.
pub fn integrity(content: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_names_its_file_and_its_integrity() {
        assert_eq!(short_hash(b""), "38b060a751ac9638");
        assert!(hosting::caching::is_hashed(&format!("later-{}.wasm", short_hash(b"x"))));
        let expected = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";
        assert_eq!(integrity(b""), expected);
    }
}
