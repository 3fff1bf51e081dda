//! The page: files that were built into this program, compressed beforehand.

use std::borrow::Cow;

use axum::{
    body::Body,
    extract::OriginalUri,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use hosting::{caching, without_meta};
use rust_embed::RustEmbed;

use super::{answer::Refusal, headers::is_api};
use crate::access::hash;

/// The built page. Empty when it was not built.
#[derive(RustEmbed)]
#[folder = "../../dist"]
#[allow_missing = true]
struct Page;

/// The page itself; all that it needs lies beside it.
const INDEX: &str = "index.html";
/// Encodings that files may lie beside themselves in, the best first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

const NOT_BUILT: &str = "The page was not built into this Flightdeck; its API is below /api.\n\
    Build both with `cargo xtask run` in Flightdeck's repository.\n";

/// A file of the page.
struct File {
    bytes: Cow<'static, [u8]>,
    /// SHA-256.
    hash: [u8; 32],
}

/// Everything that is not the API.
pub async fn serve(method: Method, OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response {
    if is_api(uri.path()) {
        return Refusal::new(StatusCode::NOT_FOUND, "Not Found").into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return super::answer::method_not_allowed().await.into_response();
    }
    answer(uri.path().trim_start_matches('/'), &headers, built)
}

fn built(path: &str) -> Option<File> {
    let file = Page::get(path)?;
    as_sent(path, File { hash: file.metadata.sha256_hash(), bytes: file.data })
}

/// A file of the build as this server sends it: the index goes without the policy for hosts that send no
/// headers, and hence without its compressed copies.
fn as_sent(path: &str, file: File) -> Option<File> {
    match path.strip_prefix(INDEX) {
        None => Some(file),
        Some("") => {
            let html = without_meta(&String::from_utf8_lossy(&file.bytes));
            Some(File { hash: hash(&html), bytes: html.into_bytes().into() })
        }
        Some(_) => None,
    }
}

fn answer(path: &str, headers: &HeaderMap, file: impl Fn(&str) -> Option<File>) -> Response {
    let path = if path.is_empty() { INDEX } else { path };
    let packed = ENCODINGS
        .iter()
        .filter(|(encoding, _)| accepts(headers, encoding))
        .find_map(|(encoding, ending)| Some((Some(*encoding), file(&format!("{path}{ending}"))?)));
    let Some((encoding, found)) = packed.or_else(|| Some((None, file(path)?))) else {
        if path == INDEX {
            return ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], NOT_BUILT).into_response();
        }
        return Refusal::new(StatusCode::NOT_FOUND, "Not Found").into_response();
    };
    let tag = entity_tag(&found);
    let mut response = if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let body = match found.bytes {
            Cow::Borrowed(bytes) => Body::from(bytes),
            Cow::Owned(bytes) => Body::from(bytes),
        };
        ([(header::CONTENT_TYPE, media_type(path))], body).into_response()
    };
    let fields = response.headers_mut();
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching::of(path)));
    fields.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        fields.insert(header::ETAG, tag);
    }
    if let Some(encoding) = encoding {
        fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn entity_tag(file: &File) -> String {
    let digits: String = file.hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
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

    const FILES: [(&str, &str); 6] = [
        ("index.html", "<!doctype html><meta http-equiv=\"Content-Security-Policy\" content=\"x\"><title>"),
        ("index.html.br", "br"),
        ("page-1f2e3d4c5b6a7988.js", "long"),
        ("page-1f2e3d4c5b6a7988.js.br", "br"),
        ("page-1f2e3d4c5b6a7988_bg.wasm", "wasm"),
        ("icon.svg", "<svg/>"),
    ];

    fn built(path: &str) -> Option<File> {
        let (_, text) = FILES.iter().find(|(name, _)| *name == path)?;
        as_sent(path, File { bytes: Cow::Borrowed(text.as_bytes()), hash: hash(text) })
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
        check("index.html", "", (200, html, None, Some("no-cache")));
        check("index.html.br", "", (404, Some("application/json"), None, None));
        check("tasks/0193", "", (404, Some("application/json"), None, None));
        check("page-1f2e3d4c5b6a7988.js", "gzip, br", (200, script, Some("br"), immutable));
        check("page-1f2e3d4c5b6a7988.js", "gzip, br;q=0", (200, script, None, immutable));
        check("page-1f2e3d4c5b6a7988_bg.wasm", "br", (200, Some("application/wasm"), None, immutable));
        check("icon.svg", "", (200, Some("image/svg+xml; charset=utf-8"), None, Some("no-cache")));
        check("page-0000000000000000.js", "br", (404, Some("application/json"), None, None));
    }

    #[tokio::test]
    async fn the_page_goes_out_with_the_policy_of_the_header_alone() {
        let response = answer("", &HeaderMap::new(), built);
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert_eq!(&body[..], b"<!doctype html><title>");
    }

    #[test]
    fn without_a_page_there_is_a_note() {
        let response = answer("", &HeaderMap::new(), |_| None);
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    }
}
