//! The patches that Codex' models write: files between markers, changes without line numbers.

use acp_events::Worktree;
use agent_tasks::event::ToolContent;

/// What a patch begins with.
pub const BEGIN: &str = "*** Begin Patch";

/// The change that is being read.
#[derive(Default)]
struct Hunk {
    old: String,
    new: String,
}

/// The changes of a patch, one for each place. Their texts are the parts of the files that the patch names.
pub fn changes(patch: &str, worktree: &Worktree) -> Vec<ToolContent> {
    let mut all = Vec::new();
    let mut path = String::new();
    let mut is_new = false;
    let mut hunk = Hunk::default();
    let body = patch.split_once(BEGIN).map_or(patch, |(_, body)| body);
    for line in body.lines() {
        if let Some(head) = line.strip_prefix("*** ") {
            hunk.end(&path, is_new, &mut all);
            if let Some((verb, named)) = head.split_once(" File: ") {
                path = worktree.relative(named.trim());
                is_new = verb == "Add";
                if verb == "Delete" {
                    all.push(ToolContent::Text { text: ["Deleted ", &path].concat() });
                }
            } else if let Some(named) = head.strip_prefix("Move to: ") {
                let to = worktree.relative(named.trim());
                all.push(ToolContent::Text { text: ["Moved ", &path, " to ", &to].concat() });
                path = to;
            } else if head.starts_with("End Patch") {
                break;
            }
        } else if line.starts_with("@@") {
            hunk.end(&path, is_new, &mut all);
        } else if !path.is_empty() {
            hunk.take(line);
        }
    }
    hunk.end(&path, is_new, &mut all);
    all
}

impl Hunk {
    fn take(&mut self, line: &str) {
        let (in_old, in_new, text) = match (line.strip_prefix('-'), line.strip_prefix('+')) {
            (Some(text), _) => (true, false, text),
            (None, Some(text)) => (false, true, text),
            (None, None) => (true, true, line.strip_prefix(' ').unwrap_or(line)),
        };
        for (is_in, side) in [(in_old, &mut self.old), (in_new, &mut self.new)] {
            if is_in {
                side.push_str(text);
                side.push('\n');
            }
        }
    }

    fn end(&mut self, path: &str, is_new: bool, all: &mut Vec<ToolContent>) {
        let Self { old, new } = std::mem::take(self);
        if !old.is_empty() || !new.is_empty() {
            let old_text = (!is_new).then_some(old);
            all.push(ToolContent::Diff { path: path.to_owned(), old_text, new_text: new });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use serde_json::json;

    #[test]
    fn each_place_is_a_change() {
        let patch = "*** Begin Patch\n*** Update File: /w/a.rs\n@@ fn a\n one\n-two\n+2\n@@\n-x\n*** Add File: b.rs\n+new\n\
            *** Delete File: c.rs\n*** Update File: d.rs\n*** Move to: e.rs\n*** End Patch\ntrailing";
        let changes = changes(patch, &Worktree::new(Path::new("/w")));
        assert_eq!(
            serde_json::to_value(changes).unwrap(),
            json!([
                {"type": "diff", "path": "a.rs", "oldText": "one\ntwo\n", "newText": "one\n2\n"},
                {"type": "diff", "path": "a.rs", "oldText": "x\n", "newText": ""},
                {"type": "diff", "path": "b.rs", "newText": "new\n"},
                {"type": "text", "text": "Deleted c.rs"},
                {"type": "text", "text": "Moved d.rs to e.rs"},
            ])
        );
    }
}
