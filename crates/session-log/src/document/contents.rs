//! Parts of a tool's result that are neither text nor picture, in a line each: ACP's sounds and embedded files, and
//! whatever else comes.

use serde_json::Value;

/// The longest part of an unknown kind that is told whole, in bytes.
const UNKNOWN_BYTES_MAX: usize = 4_096;

/// What a part of another kind is.
pub(super) fn told(part: &Value) -> String {
    // ACP wraps a part of a tool's content once more.
    let block = if part["type"] == "content" { &part["content"] } else { part };
    let field = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    match block["type"].as_str() {
        Some("audio") => weighed("Sound", &field(block, "mimeType"), &field(block, "data")),
        Some("resource") => {
            let resource = &block["resource"];
            let name = ["File ", &field(resource, "uri")].concat();
            match resource["text"].as_str() {
                Some(text) => [&name, "\n", text].concat(),
                None => weighed(&name, &field(resource, "mimeType"), &field(resource, "blob")),
            }
        }
        Some("resource_link") => [field(block, "name"), field(block, "uri")].join(" ").trim().to_owned(),
        Some("text") => field(block, "text"),
        Some(_) | None => {
            let json = part.to_string();
            match json.split_at_checked(json.floor_char_boundary(UNKNOWN_BYTES_MAX)) {
                Some((start, rest)) if !rest.is_empty() => {
                    [start, "… ", &rest.len().to_string(), " bytes more"].concat()
                }
                Some(_) | None => json,
            }
        }
    }
}

/// `Picture (image/png, 12 KB)`.
pub(super) fn weighed(what: &str, kind: &str, base64: &str) -> String {
    let kilobytes = (base64.len() / 4 * 3).div_ceil(1024).to_string();
    let kind = if kind.is_empty() { "no kind told" } else { kind };
    [what, " (", kind, ", ", &kilobytes, " KB)"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_kind_of_part_has_a_form() {
        let content = |content: Value| json!({"type": "content", "content": content});
        for (part, line) in [
            (content(json!({"type": "audio", "mimeType": "audio/wav", "data": "AAAA"})), "Sound (audio/wav, 1 KB)"),
            (
                content(json!({"type": "resource", "resource": {"uri": "file:///a", "blob": "AAAA"}})),
                "File file:///a (no kind told, 1 KB)",
            ),
            (json!({"type": "resource", "resource": {"uri": "file:///a", "text": "x"}}), "File file:///a\nx"),
            (content(json!({"type": "resource_link", "name": "n", "uri": "https://a.test"})), "n https://a.test"),
            (json!({"type": "hologram", "depth": 3}), r#"{"depth":3,"type":"hologram"}"#),
        ] {
            assert_eq!(told(&part), line);
        }
        assert!(told(&json!({"type": "x", "y": "z".repeat(9_000)})).ends_with("bytes more"));
    }
}
