//! How a command ended, wherever the agent put it: some say `completed` whatever the exit code was.

use serde_json::Value;

/// The words before the number in a text.
const WORDS: &str = "exit code";

/// The exit code that an update tells: its terminal's, its raw output's, or one in the first or last
/// line of its text.
pub fn code(update: &Value, text: Option<&str>) -> Option<i64> {
    let output = &update["rawOutput"];
    [
        &update["_meta"]["terminal_exit"]["exit_code"],
        &output["exit_code"],
        &output["exitCode"],
        &output["metadata"]["exit"],
    ]
    .into_iter()
    .find_map(Value::as_i64)
    .or_else(|| code_in(text?))
}

/// The exit code that the first or last line of a text tells.
pub fn code_in(text: &str) -> Option<i64> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next()?;
    in_line(first).or_else(|| in_line(lines.next_back()?))
}

/// The signal that ended the command.
pub fn signal(update: &Value) -> Option<String> {
    let exit = &update["_meta"]["terminal_exit"]["signal"];
    exit.as_str().map(ToOwned::to_owned).or_else(|| exit.as_i64().map(|number| number.to_string()))
}

fn in_line(line: &str) -> Option<i64> {
    let line = line.to_ascii_lowercase();
    let rest = line[line.find(WORDS)? + WORDS.len()..].trim_start_matches([':', '=', ' ']);
    let end = rest.find(|char: char| !char.is_ascii_digit() && char != '-').unwrap_or(rest.len());
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_exit_code_is_found_wherever_it_is() {
        for (update, text, expected) in [
            (json!({"_meta": {"terminal_exit": {"exit_code": 3}}}), "", Some(3)),
            (json!({"rawOutput": {"metadata": {"exit": 4}}}), "", Some(4)),
            (json!({"rawOutput": {"metadata": {"exit": null}}}), "", None),
            (json!({"rawOutput": "text"}), "Exit code 2\nbad", Some(2)),
            (json!({}), "out\n<exited with exit code 3>\n", Some(3)),
            (json!({}), "a\nthe exit code 5 in between\nz", None),
            (json!({}), "exit codes are numbers", None),
        ] {
            assert_eq!(code(&update, Some(text)), expected, "{update} {text}");
        }
    }
}
