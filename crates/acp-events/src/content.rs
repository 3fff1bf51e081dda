//! ACP's content as events carry it.

use agent_tasks::event::ToolContent;
use serde_json::Value;

use super::{UNKNOWN_BYTES_MAX, cut, worktree::Worktree};

/// The largest picture that a message may hold, in bytes of base 64.
const PICTURE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What a chunk of a message says, as markdown; `None` for what is no text.
pub fn spoken(content: &Value) -> Option<String> {
    let field = |name: &str| content[name].as_str();
    match field("type")? {
        "text" => field("text").map(ToOwned::to_owned),
        "resource_link" => Some(format!("[{}]({})", field("name").unwrap_or("link"), field("uri")?)),
        "resource" => content["resource"]["text"].as_str().map(ToOwned::to_owned),
        "image" => spoken_picture(field("mimeType")?, field("data")?),
        _ => None,
    }
}

/// A picture as a line of its own that holds all of it, as markdown; `None` for what is none, or too large.
pub fn spoken_picture(mime_type: &str, base64: &str) -> Option<String> {
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=-.".contains(&byte));
    let is_picture = mime_type.starts_with("image/") && is_plain(mime_type) && is_plain(base64);
    (is_picture && base64.len() <= PICTURE_BYTES_MAX).then(|| format!("\n\n![](data:{mime_type};base64,{base64})\n\n"))
}

/// The text in a tool call's content: all of it.
pub fn text(content: &[Value]) -> Option<String> {
    let texts = content.iter().filter(|part| part["type"] == "content").map(|part| &part["content"]);
    let texts = texts.filter_map(|content| match content["type"].as_str()? {
        "text" => content["text"].as_str(),
        "resource" => content["resource"]["text"].as_str(),
        _ => None,
    });
    texts.map(ToOwned::to_owned).reduce(|all, text| format!("{all}\n{text}"))
}

/// What else is in a tool call's content: diffs, pictures, links, and what we don't know. The text and
/// the place where a terminal goes are told otherwise.
pub fn parts(content: &[Value], worktree: &Worktree) -> Vec<ToolContent> {
    content.iter().filter_map(|part| one(part, worktree)).collect()
}

fn one(part: &Value, worktree: &Worktree) -> Option<ToolContent> {
    let block = &part["content"];
    let owned = |value: &Value| value.as_str().map(ToOwned::to_owned);
    match (part["type"].as_str(), block["type"].as_str()) {
        (Some("terminal"), _) | (Some("content"), Some("text")) => None,
        (Some("content"), Some("resource")) if block["resource"]["text"].is_string() => None,
        (Some("diff"), _) => Some(ToolContent::Diff {
            path: worktree.relative(part["path"].as_str().unwrap_or_default()),
            old_text: owned(&part["oldText"]).filter(|text| !text.is_empty()),
            new_text: owned(&part["newText"]).unwrap_or_default(),
        }),
        (Some("content"), Some("image")) => Some(ToolContent::Image {
            data: owned(&block["data"]).unwrap_or_default(),
            mime_type: owned(&block["mimeType"]).unwrap_or_default(),
        }),
        (Some("content"), Some("resource_link")) => Some(ToolContent::ResourceLink {
            uri: owned(&block["uri"]).unwrap_or_default(),
            name: owned(&block["name"]).unwrap_or_default(),
        }),
        _ => Some(ToolContent::Other(bounded(part))),
    }
}

/// The change that a tool is about to make, from what it is given: agents that ask for permission do not
/// always show the diff.
pub fn change(input: &Value, worktree: &Worktree) -> Option<ToolContent> {
    let field = |names: &[&str]| names.iter().find_map(|name| input[*name].as_str()).map(ToOwned::to_owned);
    let path = worktree.relative(&field(&["filePath", "file_path", "filepath", "path"])?);
    let old_text = field(&["oldString", "old_string", "oldText", "old_str"]);
    let new_text = field(&["newString", "new_string", "newText", "new_str", "content", "file_text"]);
    match (old_text, new_text, field(&["diff"])) {
        (old_text, Some(new_text), _) => Some(ToolContent::Diff { path, old_text, new_text }),
        (_, None, Some(diff)) => Some(ToolContent::Text { text: worktree.relative_in(&diff) }),
        (_, None, None) => None,
    }
}

/// `value`, with long texts in it cut.
pub fn bounded(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(cut(text, UNKNOWN_BYTES_MAX)),
        Value::Array(values) => values.iter().map(bounded).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), bounded(value))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// `text` without the fence that an agent put around a terminal's output.
pub fn unfenced(text: &str) -> &str {
    let Some(inner) = text.trim().strip_prefix("```").and_then(|text| text.strip_suffix("```")) else { return text };
    match inner.split_once('\n') {
        Some(("console" | "terminal" | "shell" | "", inner)) => inner,
        Some(_) | None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::path::Path;

    #[test]
    fn nothing_is_dropped() {
        let worktree = Worktree::new(Path::new("/w"));
        let content = [
            json!({"type": "content", "content": {"type": "text", "text": "a"}}),
            json!({"type": "terminal", "terminalId": "t"}),
            json!({"type": "diff", "path": "/w/a.rs", "oldText": "", "newText": "x"}),
            json!({"type": "content", "content": {"type": "image", "data": "AA==", "mimeType": "image/png"}}),
            json!({"type": "content", "content": {"type": "resource_link", "uri": "file:///w/b", "name": "b"}}),
            json!({"type": "hologram", "depth": 3}),
        ];
        assert_eq!(text(&content).as_deref(), Some("a"));
        assert_eq!(
            serde_json::to_value(parts(&content, &worktree)).unwrap(),
            json!([
                {"type": "diff", "path": "a.rs", "newText": "x"},
                {"type": "image", "data": "AA==", "mimeType": "image/png"},
                {"type": "resource_link", "uri": "file:///w/b", "name": "b"},
                {"type": "hologram", "depth": 3}
            ])
        );
    }

    #[test]
    fn a_picture_in_a_message_is_a_line_that_holds_it() {
        let chunk = |mime: &str, data: &str| spoken(&json!({"type": "image", "mimeType": mime, "data": data}));
        assert_eq!(chunk("image/png", "AA==").as_deref(), Some("\n\n![](data:image/png;base64,AA==)\n\n"));
        for (mime, data) in [("text/html", "AA=="), ("image/png)", "AA=="), ("image/png", "A)\n")] {
            assert_eq!(chunk(mime, data), None, "{mime} {data}");
        }
    }

    #[test]
    fn a_fence_goes_only_when_it_is_around_everything() {
        for (text, expected) in [
            ("```console\na\n```", "a\n"),
            ("```\na\n```\n", "a\n"),
            ("```rust\na\n```", "```rust\na\n```"),
            ("a ```b```", "a ```b```"),
            ("```", "```"),
        ] {
            assert_eq!(unfenced(text), expected);
        }
    }

    #[test]
    fn the_change_is_found_in_what_the_tool_is_given() {
        let worktree = Worktree::new(Path::new("/w"));
        let change = |input| serde_json::to_value(change(&input, &worktree)).unwrap();
        assert_eq!(
            change(json!({"file_path": "/w/a", "old_string": "x", "new_string": "y"})),
            json!({"type": "diff", "path": "a", "oldText": "x", "newText": "y"})
        );
        assert_eq!(
            change(json!({"filepath": "/w/a", "diff": "--- /w/a\n+new"})),
            json!({"type": "text", "text": "--- a\n+new"})
        );
        assert_eq!(change(json!({"command": "ls"})), json!(null));
    }
}
