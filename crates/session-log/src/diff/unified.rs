//! Reads a unified diff, as `git diff` writes it.

use super::{DiffKind, DiffLine, FileDiff};

/// The files of a unified diff; none when `text` is no such diff.
pub fn parse_unified(text: &str) -> Vec<FileDiff> {
    let mut files: Vec<FileDiff> = Vec::new();
    // The next line's number in both texts, counted from 0, and how many lines of the hunk are still to come.
    let (mut old_at, mut new_at) = (0, 0);
    let (mut old_left, mut new_left) = (0u32, 0u32);
    for line in text.lines() {
        if old_left > 0 || new_left > 0 {
            let Some(file) = files.last_mut() else { break };
            let (mark, rest) = line.split_at_checked(1).unwrap_or((" ", ""));
            match mark {
                "+" => file.push(DiffKind::Added, None, Some(new_at), rest),
                "-" => file.push(DiffKind::Removed, Some(old_at), None, rest),
                "\\" => continue,
                _ => file.push(DiffKind::Context, Some(old_at), Some(new_at), rest),
            }
            if mark != "+" {
                (old_at, old_left) = (old_at + 1, old_left.saturating_sub(1));
            }
            if mark != "-" {
                (new_at, new_left) = (new_at + 1, new_left.saturating_sub(1));
            }
        } else if let Some(path) = line.strip_prefix("+++ ") {
            let path = path.split('\t').next().unwrap_or(path);
            if let Some(file) = files.last_mut()
                && path != "/dev/null"
            {
                file.path = path.strip_prefix("b/").unwrap_or(path).to_owned();
            }
        } else if let Some(path) = line.strip_prefix("--- ") {
            let path = path.split('\t').next().unwrap_or(path);
            let is_new = path == "/dev/null";
            let path = path.strip_prefix("a/").unwrap_or(path).to_owned();
            files.push(FileDiff { path, is_new, ..FileDiff::default() });
        } else if let Some(((old_start, old_lines), (new_start, new_lines))) = hunk(line) {
            let Some(file) = files.last_mut() else { continue };
            (old_at, new_at) = (old_start.saturating_sub(1), new_start.saturating_sub(1));
            (old_left, new_left) = (old_lines, new_lines);
            if !(file.lines.is_empty() && new_start <= 1) {
                file.lines.push(DiffLine { kind: DiffKind::Hunk, old_no: None, new_no: None, text: line.to_owned() });
            }
        }
    }
    files.retain(|file| !file.lines.is_empty());
    files
}

/// First line and number of lines, in the old and in the new text.
fn hunk(line: &str) -> Option<((u32, u32), (u32, u32))> {
    let ranges = line.strip_prefix("@@ -")?.split(" @@").next()?;
    let (old, new) = ranges.split_once(" +")?;
    let range = |text: &str| -> Option<(u32, u32)> {
        let (start, lines) = text.split_once(',').unwrap_or((text, "1"));
        Some((start.parse().ok()?, lines.parse().ok()?))
    };
    Some((range(old)?, range(new)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_of_git_is_read() {
        let text = "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n one\n+--- two\n three\n@@ -9 +10 @@ fn\n-nine\n+NINE\ndiff --git a/y b/y\n--- /dev/null\n+++ b/y\n@@ -0,0 +1 @@\n+new\n\\ No newline at end of file\n";
        let files = parse_unified(text);
        assert_eq!(files.len(), 2);
        assert_eq!((files[0].path.as_str(), files[0].added, files[0].removed), ("x", 2, 1));
        assert_eq!((files[0].lines[1].new_no, files[0].lines[1].text.as_str()), (Some(2), "--- two"));
        assert_eq!((files[0].lines[4].old_no, files[0].lines[5].new_no), (Some(9), Some(10)));
        assert_eq!((files[1].path.as_str(), files[1].is_new), ("y", true));
        assert!(parse_unified("no diff\n@@ at all").is_empty());
    }
}
