//! A file's change as a unified diff, in the form that `git apply` takes.

use super::words::plain;
use super::{PlainFormat, colour};
use crate::diff::{DiffKind, DiffLine, FileDiff, FileFate};
use crate::{Color, Style};

/// What stands for a file that is not there.
const NO_FILE: &str = "/dev/null";
/// What git says of a text whose last line does not end.
const NO_FEED: &str = "\\ No newline at end of file";

/// Writes the change.
pub(super) fn write(file: &FileDiff, format: PlainFormat, out: &mut String) {
    let mut writer = Writer { format, out };
    writer.head(file);
    if file.lines.is_empty() {
        return;
    }
    let lines = file.lines.iter().enumerate().filter(|(index, _)| !file.is_far(*index));
    let mut hunk: Vec<&DiffLine> = Vec::new();
    let (mut expected, mut told) = (0, None);
    // Where the two texts are before the hunk.
    let mut at = (0, 0);
    for (index, line) in lines {
        let is_place = line.kind == DiffKind::Hunk && !line.text.to_lowercase().starts_with("no ");
        if is_place || index != expected {
            writer.hunk(file, &hunk, told.take(), &mut at);
            hunk.clear();
        }
        expected = index + 1;
        if line.kind == DiffKind::Hunk && line.text.starts_with("@@ ") {
            told = Some(line.text.as_str());
        } else if !is_place {
            hunk.push(line);
        }
    }
    writer.hunk(file, &hunk, told, &mut at);
}

struct Writer<'a> {
    format: PlainFormat,
    out: &'a mut String,
}

impl Writer<'_> {
    /// What git says of a file before its lines.
    fn head(&mut self, file: &FileDiff) {
        let path = plain(&file.path);
        let (old, new) = (["a/", &path].concat(), ["b/", &path].concat());
        let (old, new, notes) = match &file.fate {
            FileFate::Changed => (old.clone(), new.clone(), Vec::new()),
            FileFate::New => (NO_FILE.to_owned(), new.clone(), vec!["new file mode 100644".to_owned()]),
            FileFate::Deleted => (old.clone(), NO_FILE.to_owned(), vec!["deleted file mode 100644".to_owned()]),
            FileFate::Renamed(from) => (["a/", &plain(from)].concat(), new.clone(), moved("rename", from, &path)),
            FileFate::Copied(from) => (["a/", &plain(from)].concat(), new.clone(), moved("copy", from, &path)),
        };
        let from = if old == NO_FILE { ["a/", &path].concat() } else { old.clone() };
        self.plain_line(&["diff --git ", &from, " b/", &path].concat());
        for note in notes {
            self.plain_line(&note);
        }
        if file.is_binary {
            self.plain_line(&["Binary files ", &old, " and ", &new, " differ"].concat());
        } else if !file.lines.is_empty() {
            self.plain_line(&["--- ", &old].concat());
            self.plain_line(&["+++ ", &new].concat());
        }
    }

    /// Lines that follow each other, under the line that says where they stand.
    fn hunk(&mut self, file: &FileDiff, lines: &[&DiffLine], told: Option<&str>, at: &mut (u32, u32)) {
        let count = |number: fn(&DiffLine) -> Option<u32>| lines.iter().filter_map(|line| number(line)).count() as u32;
        let (old, new) = (count(|line| line.old_no), count(|line| line.new_no));
        if old == 0 && new == 0 {
            return;
        }
        let first = |number: fn(&DiffLine) -> Option<u32>, before: u32| {
            lines.iter().find_map(|line| number(line)).unwrap_or(before)
        };
        let (old_from, new_from) = (first(|line| line.old_no, at.0), first(|line| line.new_no, at.1));
        let place = told.map_or_else(
            || {
                let range = |from: u32, count: u32| [&from.to_string(), ",", &count.to_string()].concat();
                ["@@ -", &range(old_from, old), " +", &range(new_from, new), " @@"].concat()
            },
            plain,
        );
        self.line(&place, Color::Indexed(6));
        self.out.push('\n');
        for (index, line) in lines.iter().enumerate() {
            let (mark, colour) = match line.kind {
                DiffKind::Added => ("+", Color::Indexed(2)),
                DiffKind::Removed => ("-", Color::Indexed(1)),
                DiffKind::Context => (" ", Color::Default),
                DiffKind::Hunk => {
                    // What was read of another diff has the note; of two texts it is known where they end.
                    if line.text.starts_with("No newline") {
                        self.plain_line(NO_FEED);
                    }
                    continue;
                }
            };
            at.0 = line.old_no.unwrap_or(at.0);
            at.1 = line.new_no.unwrap_or(at.1);
            // A line that is cut for the screen has its number, and its mark, once.
            let is_rest =
                |line: &DiffLine| line.kind != DiffKind::Hunk && line.old_no.is_none() && line.new_no.is_none();
            let mark = if is_rest(line) { "" } else { mark };
            self.line(&[mark, &plain(&line.text)].concat(), colour);
            if lines.get(index + 1).is_some_and(|next| is_rest(next)) {
                continue;
            }
            self.out.push('\n');
            let is_bare = match line.kind {
                DiffKind::Removed | DiffKind::Context => file.bare_ends.0 == Some(at.0),
                DiffKind::Added => file.bare_ends.1 == Some(at.1),
                DiffKind::Hunk => false,
            };
            if is_bare {
                self.plain_line(NO_FEED);
            }
        }
    }

    fn plain_line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn line(&mut self, text: &str, foreground: Color) {
        match self.format {
            PlainFormat::Text | PlainFormat::Markdown => self.out.push_str(text),
            PlainFormat::Ansi => colour::paint(text, Style { foreground, ..Style::default() }, self.out),
        }
    }
}

fn moved(word: &str, from: &str, to: &str) -> Vec<String> {
    vec![[word, " from ", &plain(from)].concat(), [word, " to ", to].concat()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::parse_unified;

    fn written(file: &FileDiff) -> String {
        let mut out = String::new();
        write(file, PlainFormat::Text, &mut out);
        out
    }

    #[test]
    fn two_texts_make_a_diff_with_places() {
        let old: String = (1..=40).map(|line| format!("{line}\n")).collect();
        let new = old.replace("\n10\n", "\nten\n").replace("40\n", "40");
        assert_eq!(
            written(&FileDiff::between("n", Some(&old), &new)),
            "diff --git a/n b/n\n--- a/n\n+++ b/n\n@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n\
             @@ -37,4 +37,4 @@\n 37\n 38\n 39\n-40\n+40\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn a_new_file_comes_from_nothing_and_may_be_empty() {
        let head = "diff --git a/n b/n\nnew file mode 100644\n";
        assert_eq!(
            written(&FileDiff::between("n", None, "a\nb")),
            [head, "--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n"].concat()
        );
        assert_eq!(written(&FileDiff::between("n", None, "")), head);
    }

    #[test]
    fn a_diff_of_git_is_written_as_it_came() {
        let text = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n one\n+two\n three\n@@ -9 +10 @@ fn\n-nine\n+NINE\n\\ No newline at end of file\n";
        let files = parse_unified(text);
        assert_eq!(files.iter().map(written).collect::<String>(), text);
    }
}
