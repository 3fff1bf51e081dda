//! Writes a brotli and a gzip copy beside each file of the page that never changes.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

/// Not the page and its presets: a host may edit those, and its server must not go on sending a copy.
const COMPRESSED_EXTENSIONS: [&str; 4] = ["wasm", "js", "css", "svg"];
/// The smallest output; the page is compressed once and read often.
const BROTLI_QUALITY: i32 = 11;

/// Compresses everything in `dist`.
pub fn compress(dist: &Path) -> anyhow::Result<()> {
    for path in files(dist)? {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if COMPRESSED_EXTENSIONS.contains(&extension) {
            let plain = fs::read(&path)?;
            fs::write(sibling(&path, "br"), brotli(&plain)?)?;
            fs::write(sibling(&path, "gz"), gzip(&plain)?)?;
        }
    }
    Ok(())
}

/// All files below `folder`, sorted.
pub fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// `name.js` → `name.js.br`.
pub fn sibling(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

fn brotli(plain: &[u8]) -> anyhow::Result<Vec<u8>> {
    let params =
        brotli::enc::BrotliEncoderParams { quality: BROTLI_QUALITY, size_hint: plain.len(), ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &plain[..], &mut packed, &params)?;
    Ok(packed)
}

fn gzip(plain: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain)?;
    Ok(encoder.finish()?)
}
