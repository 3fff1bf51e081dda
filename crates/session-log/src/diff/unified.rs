//! Reads a unified diff, as `git diff` writes it.

use super::{DiffKind, FileDiff, FileFate};

/// The files of a unified diff; none when `text` is no such diff.
pub fn parse_unified(text: &str) -> Vec<FileDiff> {
    let mut files: Vec<FileDiff> = Vec::new();
    // Whether a line has begun the newest file, whose names are still to come.
    let mut is_begun = false;
    // The next line's number in both texts, counted from 0, and how many lines of the hunk are still to come.
    let (mut old_at, mut new_at) = (0, 0);
    let (mut old_left, mut new_left) = (0u32, 0u32);
    for line in text.split_inclusive('\n') {
        let line = line.strip_suffix('\n').unwrap_or(line);
        if old_left > 0 || new_left > 0 {
            let Some(file) = files.last_mut() else { break };
            let (mark, rest) = line.split_at_checked(1).unwrap_or((" ", ""));
            match mark {
                "+" => file.push(DiffKind::Added, None, Some(new_at), rest),
                "-" => file.push(DiffKind::Removed, Some(old_at), None, rest),
                "\\" => {
                    file.push_note(rest.trim().to_owned());
                    continue;
                }
                _ => file.push(DiffKind::Context, Some(old_at), Some(new_at), rest),
            }
            if mark != "+" {
                (old_at, old_left) = (old_at + 1, old_left.saturating_sub(1));
            }
            if mark != "-" {
                (new_at, new_left) = (new_at + 1, new_left.saturating_sub(1));
            }
            continue;
        }
        let line = line.trim_end_matches('\r');
        if let Some(names) = line.strip_prefix("diff --git ") {
            let path = names.rsplit_once(" b/").map_or(names, |(_, path)| path).to_owned();
            files.push(FileDiff { path, ..FileDiff::default() });
            is_begun = true;
        } else if let Some(name) = line.strip_prefix("--- ") {
            let name = name.split('\t').next().unwrap_or(name);
            if !is_begun {
                let path = name.strip_prefix("a/").unwrap_or(name).to_owned();
                files.push(FileDiff { path, ..FileDiff::default() });
            }
            is_begun = false;
            if let Some(file) = files.last_mut()
                && name == "/dev/null"
            {
                file.fate = FileFate::New;
            }
        } else if let (Some(name), Some(file)) = (line.strip_prefix("+++ "), files.last_mut()) {
            let name = name.split('\t').next().unwrap_or(name);
            if name == "/dev/null" {
                file.fate = FileFate::Deleted;
            } else {
                file.path = name.strip_prefix("b/").unwrap_or(name).to_owned();
            }
        } else if let (Some(((old_start, old_lines), (new_start, new_lines))), Some(file)) =
            (hunk(line), files.last_mut())
        {
            (old_at, new_at) = (old_start.saturating_sub(1), new_start.saturating_sub(1));
            (old_left, new_left) = (old_lines, new_lines);
            if !(file.lines.is_empty() && new_start <= 1) {
                file.push_note(line.to_owned());
            }
        } else if let Some(file) = files.last_mut().filter(|_| is_begun) {
            file.take_header(line);
        } else if let Some(file) = files.last_mut()
            && line.starts_with("\\ ")
        {
            file.push_note(line[2..].to_owned());
        }
    }
    files.retain(|file| !file.lines.is_empty() || file.is_binary || file.fate != FileFate::Changed);
    files.iter_mut().for_each(FileDiff::pair_lines);
    files
}

impl FileDiff {
    /// What git says of a file before its lines.
    fn take_header(&mut self, line: &str) {
        if line.starts_with("new file mode") {
            self.fate = FileFate::New;
        } else if line.starts_with("deleted file mode") {
            self.fate = FileFate::Deleted;
        } else if let Some(name) = line.strip_prefix("rename from ") {
            self.fate = FileFate::Renamed(name.to_owned());
        } else if let Some(name) = line.strip_prefix("copy from ") {
            self.fate = FileFate::Copied(name.to_owned());
        } else if let Some(name) = line.strip_prefix("rename to ").or_else(|| line.strip_prefix("copy to ")) {
            name.clone_into(&mut self.path);
        } else if line.starts_with("Binary files ") || line == "GIT binary patch" {
            self.is_binary = true;
        } else if line.starts_with("old mode ") || line.starts_with("new mode ") {
            self.push_note(line.to_owned());
        }
    }
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
        assert_eq!((files[1].path.as_str(), &files[1].fate), ("y", &FileFate::New));
        assert_eq!(files[1].lines[1].text, "No newline at end of file");
        assert!(parse_unified("no diff\n@@ at all").is_empty());
    }

    #[test]
    fn what_became_of_a_file_is_told() {
        let text = "diff --git a/o b/n\nsimilarity index 90%\nrename from o\nrename to n\n--- a/o\n+++ b/n\n@@ -1 +1 @@\n-a x\n+b x\ndiff --git a/i.png b/i.png\nindex 1..2 100644\nBinary files a/i.png and b/i.png differ\ndiff --git a/gone b/gone\ndeleted file mode 100644\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\ndiff --git a/e b/e\nnew file mode 100644\nindex 0..1\ndiff --git a/m b/m\nold mode 100644\nnew mode 100755\ndiff --git a/c b/d\nsimilarity index 100%\ncopy from c\ncopy to d\n";
        let files = parse_unified(text);
        let told: Vec<_> = files.iter().map(|file| (file.path.as_str(), &file.fate, file.is_binary)).collect();
        assert_eq!(
            told,
            [
                ("n", &FileFate::Renamed("o".into()), false),
                ("i.png", &FileFate::Changed, true),
                ("gone", &FileFate::Deleted, false),
                ("e", &FileFate::New, false),
                ("m", &FileFate::Changed, false),
                ("d", &FileFate::Copied("c".into()), false),
            ]
        );
        assert_eq!(files[0].marks(&files[0].lines[1]), [0..1]);
        assert_eq!(files[4].lines.len(), 2);
    }
}
