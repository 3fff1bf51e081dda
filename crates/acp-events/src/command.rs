//! The command line of a tool call, wherever the agent put it: people must see what is run.

use agent_tasks::event::ToolKind;
use serde_json::Value;

/// Where agents put the command in what the tool is given.
const FIELDS: [&str; 4] = ["command", "cmd", "commandLine", "script"];

/// The command of a call of that kind.
pub fn command(kind: Option<ToolKind>, input: &Value, title: Option<&str>, tool: &str) -> Option<String> {
    if let Some(command) = FIELDS.iter().find_map(|field| command_line(&input[*field])) {
        return Some(command);
    }
    if kind != Some(ToolKind::Execute) {
        return None;
    }
    let title = title?.trim();
    let quoted = title.split_once('`').and_then(|(_, rest)| rest.rsplit_once('`')).map(|(command, _)| command);
    quoted.or(Some(title)).filter(|command| !command.is_empty() && *command != tool).map(ToOwned::to_owned)
}

/// A command as one line: text as it is, words quoted where they need it.
pub fn command_line(value: &Value) -> Option<String> {
    let line = match value {
        Value::String(line) => line.clone(),
        Value::Array(words) => {
            words.iter().map(|word| word.as_str().map(quoted)).collect::<Option<Vec<_>>>()?.join(" ")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => return None,
    };
    (!line.is_empty()).then_some(line)
}

fn quoted(word: &str) -> String {
    let is_plain = |char: char| char.is_alphanumeric() || "_-./:=@%+,".contains(char);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_command_is_found_wherever_it_is() {
        let execute = Some(ToolKind::Execute);
        for (kind, input, title, expected) in [
            (execute, json!({"command": "ls -l"}), "List files", Some("ls -l")),
            (execute, json!({"command": ["bash", "-lc", "it's"]}), "x", Some(r"bash -lc 'it'\''s'")),
            (execute, json!({}), "`ls -l`", Some("ls -l")),
            (execute, json!(null), "Run `a` and `b`", Some("a` and `b")),
            (execute, json!({"cwd": "/"}), "bash", None),
            (execute, json!({}), "make all", Some("make all")),
            (Some(ToolKind::Read), json!({}), "Read file", None),
            (None, json!({"cmd": "make"}), "", Some("make")),
        ] {
            assert_eq!(command(kind, &input, Some(title), "bash").as_deref(), expected, "{input} {title}");
        }
    }
}
