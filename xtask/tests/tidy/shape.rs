//! The shape of a file: it says what it is for, and it stays short.

use crate::{
    planted, see_none,
    source::{Source, sources},
};

/// Lines of the longest file, not counting documentation and blank lines.
const LINES_MAX: usize = 400;

fn complaints(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources {
        if source.is("rs") && !source.text.starts_with("//!") {
            complaints.push(format!("{}: starts without '//!' and a sentence that says what it is for", source.path));
        }
        let lines = source.text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
        let lines = lines.count();
        if (source.is("rs") || source.is("css") || source.is("js")) && lines > LINES_MAX {
            complaints.push(format!("{}: has {lines} lines; look for the second noun in it", source.path));
        }
        if source.path.ends_with("/mod.rs") {
            complaints.push(format!("{}: call it by its folder's name instead", source.path));
        }
        let file = source.path.rsplit('/').next().unwrap_or_default();
        if ["utils", "helpers", "misc", "manager"].iter().any(|word| file.starts_with(word)) {
            complaints.push(format!("{}: name it for the noun in it", source.path));
        }
    }
    complaints
}

#[test]
fn files_say_what_they_are_for_and_stay_short() {
    see_none(complaints(&sources()));
}

#[test]
fn a_shapeless_file_is_seen() {
    let long = format!("//! Long.\n{}", "let a = 1;\n".repeat(LINES_MAX + 1));
    for (path, text) in [
        ("src/app.rs", "fn main() {}"),
        ("src/app.rs", long.as_str()),
        ("src/ui/mod.rs", "//! Kit."),
        ("src/utils.rs", "//! Anything."),
    ] {
        assert_eq!(complaints(&planted(path, text)).len(), 1, "{path}");
    }
}
