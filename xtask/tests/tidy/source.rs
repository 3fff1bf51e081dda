//! The files of the repository that are ours, and their code without comments and tests.

use std::path::{Path, PathBuf};

const FOLDERS: [&str; 6] = ["src", "crates", "xtask", "tests", "style", "shell"];
const EXTENSIONS: [&str; 5] = ["rs", "css", "js", "html", "toml"];

/// One file.
#[derive(Debug, Clone)]
pub struct Source {
    /// Below the root, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
}

impl Source {
    /// Whether it lies below one of the paths.
    pub fn is_below(&self, paths: &[&str]) -> bool {
        paths.iter().any(|path| self.path.starts_with(path))
    }

    /// Whether it has this extension.
    pub fn is(&self, extension: &str) -> bool {
        self.path.rsplit('.').next() == Some(extension)
    }

    /// The numbered lines of code: no comments, and nothing from the unit tests on.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        let before_tests = lines.take_while(|(_, line)| !line.trim_start().starts_with("#[cfg(test)]"));
        before_tests.map(|(number, line)| (number, without_comment(line)))
    }
}

/// All of our files.
pub fn sources() -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> =
        FOLDERS.iter().map(|folder| root.join(folder)).filter(|path| path.is_dir()).collect();
    let files = ["Cargo.toml", "Trunk.toml", "index.html", "README.md"];
    let mut paths: Vec<PathBuf> = files.iter().map(|file| root.join(file)).filter(|path| path.is_file()).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_ours =
                EXTENSIONS.iter().any(|wanted| path.extension().is_some_and(|extension| extension == *wanted));
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if is_ours {
                paths.push(path);
            }
        }
    }
    for path in paths {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        found.push(Source { path: name, text: std::fs::read_to_string(&path).unwrap() });
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Cuts a `//` comment that starts the line or follows a space; `https://` stays.
fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") {
        return "";
    }
    line.split_once(" //").map_or(line, |(code, _)| code)
}

#[test]
fn comments_and_tests_are_no_code() {
    let text = "//! doc\nlet a = \"https://x\"; // why\n#[cfg(test)]\nmod tests {}";
    let source = Source { path: "src/a.rs".into(), text: text.into() };
    assert_eq!(source.code().collect::<Vec<_>>(), [(1, ""), (2, "let a = \"https://x\";")]);
}
