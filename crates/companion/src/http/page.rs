//! The page: files that were built into this program, compressed beforehand.

use std::borrow::Cow;

use axum::{
    body::Body,
    extract::OriginalUri,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::{answer::Refusal, headers::is_api};

/// The built page. Empty when it was not built.
#[derive(RustEmbed)]
#[folder = "../../dist"]
#[allow_missing = true]
struct Page;

/// The file that every address of the page begins with.
const INDEX: &str = "index.html";
/// Encodings that files may lie beside themselves in, the best first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];
/// A name with this many hexadecimal digits after a hyphen names its content.
const HASH_DIGITS_MIN: usize = 8;

const NOT_BUILT: &str = "The page was not built into this Flightdeck; its API is below /api.\n\
    Build both with `cargo xtask run` in Flightdeck's repository.\n";

/// Everything that is not the API.
pub async fn serve(method: Method, OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response {
    if is_api(uri.path()) {
        return Refusal::new(StatusCode::NOT_FOUND, "Not Found").into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return super::answer::method_not_allowed().await.into_response();
    }
    answer(uri.path().trim_start_matches('/'), &headers, Page::get)
}

fn answer(path: &str, headers: &HeaderMap, file: impl Fn(&str) -> Option<EmbeddedFile>) -> Response {
    let path = if path.is_empty() { INDEX } else { path };
    if file(path).is_some() {
        return send(path, headers, file);
    }
    let is_asset = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if is_asset && path != INDEX {
        return Refusal::new(StatusCode::NOT_FOUND, "Not Found").into_response();
    }
    if file(INDEX).is_none() {
        return ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], NOT_BUILT).into_response();
    }
    send(INDEX, headers, file)
}

fn send(path: &str, headers: &HeaderMap, file: impl Fn(&str) -> Option<EmbeddedFile>) -> Response {
    let packed = ENCODINGS
        .iter()
        .filter(|(encoding, _)| accepts(headers, encoding))
        .find_map(|(encoding, ending)| Some((Some(*encoding), file(&format!("{path}{ending}"))?)));
    let Some((encoding, found)) = packed.or_else(|| Some((None, file(path)?))) else {
        return Refusal::new(StatusCode::NOT_FOUND, "Not Found").into_response();
    };
    let tag = entity_tag(&found);
    let caching = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let body = match found.data {
            Cow::Borrowed(bytes) => Body::from(bytes),
            Cow::Owned(bytes) => Body::from(bytes),
        };
        ([(header::CONTENT_TYPE, media_type(path))], body).into_response()
    };
    let fields = response.headers_mut();
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    fields.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        fields.insert(header::ETAG, tag);
    }
    if let Some(encoding) = encoding {
        fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn entity_tag(file: &EmbeddedFile) -> String {
    let digits: String = file.metadata.sha256_hash().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

/// Whether the client takes `encoding`. A quality of zero is a no.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| {
        let (name, quality) = part.split_once(';').unwrap_or((part, "q=1"));
        let quality = quality.trim().strip_prefix("q=").and_then(|quality| quality.parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(encoding) && quality.unwrap_or(1.0) > 0.0
    })
}

/// Whether the name changes with the content, as the build's names do: `page-1f2e3d4c5b6a7988.js`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let parts = name.split(['-', '_', '.']).skip(1);
    name != INDEX
        && parts.into_iter().any(|part| part.len() >= HASH_DIGITS_MIN && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn media_type(path: &str) -> HeaderValue {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    let is_text = guess.type_() == "text"
        || ["javascript", "json", "svg"].iter().any(|word| guess.subtype().as_str().contains(word));
    let value =
        if is_text { format!("{}; charset=utf-8", guess.essence_str()) } else { guess.essence_str().to_owned() };
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 5] = [
        ("index.html", "<!doctype html>"),
        ("page-1f2e3d4c5b6a7988.js", "long"),
        ("page-1f2e3d4c5b6a7988.js.br", "br"),
        ("page-1f2e3d4c5b6a7988_bg.wasm", "wasm"),
        ("icon.svg", "<svg/>"),
    ];

    fn built(path: &str) -> Option<EmbeddedFile> {
        let (_, text) = FILES.iter().find(|(name, _)| *name == path)?;
        let metadata = rust_embed::Metadata::__rust_embed_new([0; 32], None, None);
        Some(EmbeddedFile { data: Cow::Borrowed(text.as_bytes()), metadata })
    }

    fn check(path: &str, encodings: &str, expected: (u16, Option<&str>, Option<&str>, Option<&str>)) {
        let headers: HeaderMap = [(header::ACCEPT_ENCODING, encodings.parse().unwrap())].into_iter().collect();
        let response = answer(path, &headers, built);
        let field = |name| response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let found = (
            response.status().as_u16(),
            field(header::CONTENT_TYPE),
            field(header::CONTENT_ENCODING),
            field(header::CACHE_CONTROL),
        );
        assert_eq!(found, expected, "{path} {encodings}");
    }

    #[test]
    fn files_go_out_packed_and_cached_as_their_names_allow() {
        let html = Some("text/html; charset=utf-8");
        let script = Some("text/javascript; charset=utf-8");
        let immutable = Some("public, max-age=31536000, immutable");
        check("", "br", (200, html, None, Some("no-cache")));
        check("tasks/0193", "", (200, html, None, Some("no-cache")));
        check("page-1f2e3d4c5b6a7988.js", "gzip, br", (200, script, Some("br"), immutable));
        check("page-1f2e3d4c5b6a7988.js", "gzip, br;q=0", (200, script, None, immutable));
        check("page-1f2e3d4c5b6a7988_bg.wasm", "br", (200, Some("application/wasm"), None, immutable));
        check("icon.svg", "", (200, Some("image/svg+xml; charset=utf-8"), None, Some("no-cache")));
        check("page-0000000000000000.js", "br", (404, Some("application/json"), None, None));
    }

    #[test]
    fn without_a_page_there_is_a_note() {
        let response = answer("", &HeaderMap::new(), |_| None);
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    }
}
