//! Paths as people want them: below the worktree, not from the root of the disk.

use std::path::Path;

/// The folder that the agent works in.
#[derive(Debug)]
pub struct Worktree {
    /// Its path with a separator at the end.
    prefix: String,
}

impl Worktree {
    /// The worktree at `path`.
    pub fn new(path: &Path) -> Self {
        let path = path.to_string_lossy();
        Self { prefix: format!("{}/", path.trim_end_matches('/')) }
    }

    /// `path` below the worktree, or as it is when it is elsewhere.
    pub fn relative(&self, path: &str) -> String {
        let path = path.strip_prefix("file://").unwrap_or(path);
        if path == self.prefix.trim_end_matches('/') {
            return ".".into();
        }
        match path.strip_prefix(&self.prefix) {
            Some(below) if !below.is_empty() && !below.split('/').any(|part| part == "..") => below.into(),
            Some(_) | None => path.into(),
        }
    }

    /// `text` with the worktree's path taken out of the paths in it. Agents that see no repository take
    /// the root of the disk for one, and name files from there without a first slash.
    pub fn relative_in(&self, text: &str) -> String {
        text.strip_prefix(self.prefix.trim_start_matches('/')).unwrap_or(text).replace(&self.prefix, "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_below_the_worktree_is_shortened() {
        let worktree = Worktree::new(Path::new("/w/t"));
        for (path, expected) in [
            ("/w/t/src/a.rs", "src/a.rs"),
            ("file:///w/t/a", "a"),
            ("/w/t", "."),
            ("/w/tree/a", "/w/tree/a"),
            ("/w/t/../secret", "/w/t/../secret"),
            ("a.rs", "a.rs"),
        ] {
            assert_eq!(worktree.relative(path), expected);
        }
        assert_eq!(worktree.relative_in("Read '/w/t/a' and '/w/b'"), "Read 'a' and '/w/b'");
        assert_eq!(worktree.relative_in("w/t/src/a.rs"), "src/a.rs");
    }
}
