//! What a tool gave, in each of the shapes that versions have written.

use agent_tasks::event::ToolContent;
use serde_json::Value;

/// The words before the exit code that newer versions write among the first lines.
const EXITED: &str = "Process exited with code ";
/// So many lines come before the output at most.
const HEAD_LINES_MAX: usize = 8;

/// What a tool gave.
#[derive(Debug, Default)]
pub struct Output {
    /// Its text.
    pub text: Option<String>,
    /// How a command ended.
    pub exit_code: Option<i64>,
    /// Whether it worked, where it is told.
    pub success: Option<bool>,
    /// What is no text.
    pub others: Vec<ToolContent>,
}

/// Reads the output of a call: text, text in JSON, parts, or an object around any of them.
pub fn output_of(output: &Value) -> Output {
    match output {
        Value::Null => Output::default(),
        Value::String(text) => of_text(text),
        Value::Array(parts) => of_parts(parts),
        Value::Object(_) if output.get("content").is_some() => {
            let inner = output_of(&output["content"]);
            Output { success: output["success"].as_bool().or(inner.success), ..inner }
        }
        other => Output { others: vec![ToolContent::Other(other.clone())], ..Output::default() },
    }
}

fn of_text(text: &str) -> Output {
    // Earlier versions wrote JSON around the text.
    if text.starts_with('{')
        && let Ok(json) = serde_json::from_str::<Value>(text)
        && let Some(inner) = json["output"].as_str()
    {
        let exit_code = json["metadata"]["exit_code"].as_i64();
        return Output { text: Some(inner.to_owned()), exit_code, ..Output::default() };
    }
    let head = text.lines().take(HEAD_LINES_MAX);
    let exit_code = head.take_while(|line| *line != "Output:").find_map(|line| {
        let code = line.strip_prefix(EXITED).or_else(|| line.strip_prefix("Exit code: "))?;
        code.trim().parse().ok()
    });
    Output { text: Some(text.to_owned()), exit_code, ..Output::default() }
}

fn of_parts(parts: &[Value]) -> Output {
    let mut output = Output::default();
    let mut texts: Vec<&str> = Vec::new();
    for part in parts {
        match (part["text"].as_str(), picture(part)) {
            (Some(text), _) => texts.push(text),
            (None, Some(picture)) => output.others.push(picture),
            (None, None) => output.others.push(ToolContent::Other(part.clone())),
        }
    }
    if !texts.is_empty() {
        let text = texts.join("\n");
        output.exit_code = of_text(&text).exit_code;
        output.text = Some(text);
    }
    output
}

/// What an address that holds its file says: the kind and the bytes, in base 64.
pub fn data_of(address: &str) -> Option<(&str, &str)> {
    address.strip_prefix("data:")?.split_once(";base64,")
}

/// A picture that stands in an address.
fn picture(part: &Value) -> Option<ToolContent> {
    let (head, data) = data_of(part["image_url"].as_str()?)?;
    Some(ToolContent::Image { data: data.to_owned(), mime_type: head.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_shape_tells_text_and_exit_code() {
        for (output, text, exit_code, success) in [
            (json!("plain"), Some("plain"), None, None),
            (
                json!(r#"{"output":"a\n","metadata":{"exit_code":3,"duration_seconds":0.1}}"#),
                Some("a\n"),
                Some(3),
                None,
            ),
            (
                json!("Exit code: 1\nWall time: 0 seconds\nOutput:\nno"),
                Some("Exit code: 1\nWall time: 0 seconds\nOutput:\nno"),
                Some(1),
                None,
            ),
            (
                json!("Chunk ID: 1\nProcess exited with code 0\nOutput:\nExit code: 9"),
                Some("Chunk ID: 1\nProcess exited with code 0\nOutput:\nExit code: 9"),
                Some(0),
                None,
            ),
            (json!({"content": "x", "success": false}), Some("x"), None, Some(false)),
            (
                json!([{"type": "input_text", "text": "a"}, {"type": "input_text", "text": "b"}]),
                Some("a\nb"),
                None,
                None,
            ),
            (json!(null), None, None, None),
        ] {
            let read = output_of(&output);
            assert_eq!((read.text.as_deref(), read.exit_code, read.success), (text, exit_code, success), "{output}");
        }
        let picture = output_of(&json!([{"type": "input_image", "image_url": "data:image/png;base64,AA=="}]));
        assert!(matches!(&picture.others[..], [ToolContent::Image { mime_type, .. }] if mime_type == "image/png"));
    }
}
