//! Which processes of a session are still there.

use std::fs;

/// The variable that every process of a session inherits.
const MARKER: &str = "FLIGHTDECK_SESSION=";

/// The processes that carry the mark of one of the sessions, with their command lines.
pub fn left_of(session_ids: &[String]) -> Vec<String> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let mut left = Vec::new();
    for entry in entries.flatten() {
        // Processes end while we look; one that cannot be read is not ours.
        let Ok(environment) = fs::read(entry.path().join("environ")) else { continue };
        let is_marked = environment.split(|byte| *byte == 0).any(|variable| {
            let variable = String::from_utf8_lossy(variable);
            variable.strip_prefix(MARKER).is_some_and(|id| session_ids.iter().any(|wanted| wanted == id))
        });
        if is_marked {
            let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let command = String::from_utf8_lossy(&command).replace('\0', " ");
            left.push(format!("{} {command}", entry.file_name().to_string_lossy()));
        }
    }
    left
}
