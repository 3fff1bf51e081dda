//! README's map of the code tells the truth: what it names exists, and nothing on the top is missing.

use std::path::Path;

use crate::{see_none, source::root};

const HEADING: &str = "## The map of the code";
/// Folders whose folders must all be on the map.
const MAPPED: [&str; 3] = ["", "src", "crates"];
/// Folders that are made, not written.
const MADE: [&str; 3] = ["target", "dist", "node_modules"];

/// A path on the map, with what it may be relative to.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    parent: String,
    name: String,
}

/// The paths of the map: the leading words of each row that look like one. An indented row is below the last
/// row without indentation.
fn entries(readme: &str) -> Vec<Entry> {
    let map = readme.split_once(HEADING).map_or("", |(_, rest)| rest);
    let map = map.split("```").nth(1).unwrap_or_default();
    let mut entries = Vec::new();
    let mut top = String::new();
    for row in map.lines() {
        let names: Vec<&str> = row.split_whitespace().take_while(|word| is_path(word)).collect();
        let is_indented = row.starts_with(' ');
        if let (false, Some(first)) = (is_indented, names.first()) {
            top = (*first).to_owned();
        }
        for (index, name) in names.iter().enumerate() {
            let parent = if is_indented || (index > 0 && top.ends_with('/')) { top.clone() } else { String::new() };
            entries.push(Entry { parent, name: (*name).to_owned() });
        }
    }
    entries
}

fn is_path(word: &str) -> bool {
    word.ends_with('/') || [".rs", ".toml", ".html", ".md"].iter().any(|ending| word.ends_with(ending))
}

fn complaints(readme: &str, exists: impl Fn(&str) -> bool, folders: &[(&str, Vec<String>)]) -> Vec<String> {
    let entries = entries(readme);
    let mut complaints = Vec::new();
    if entries.is_empty() {
        complaints.push(format!("README.md: has no map below '{HEADING}'"));
    }
    for Entry { parent, name } in &entries {
        if !exists(&format!("{parent}{name}")) && !exists(name) {
            complaints.push(format!("README.md: the map names '{parent}{name}', which is not there"));
        }
    }
    for (parent, names) in folders {
        for name in names {
            if !entries
                .iter()
                .any(|entry| entry.name == format!("{name}/") && entry.parent.trim_end_matches('/') == *parent)
            {
                complaints.push(format!("README.md: the map lacks '{parent}/{name}/'"));
            }
        }
    }
    complaints
}

fn folders_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.path().is_dir());
    let names = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| !name.starts_with('.') && !MADE.contains(&name.as_str())).collect()
}

#[test]
fn the_map_is_true() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let folders = MAPPED.map(|folder| (folder, folders_in(&root().join(folder))));
    see_none(complaints(&readme, |path| root().join(path).exists(), &folders));
}

#[test]
fn a_false_map_is_seen() {
    let readme = format!("{HEADING}\n```\nsrc/   the page\n  app.rs  app/   routes\nxtask/   run, test\n```\n");
    let all_there = |_: &str| true;
    let folders = |name: &str| [("src", vec![name.to_owned()])];
    assert!(complaints(&readme, all_there, &folders("app")).is_empty());
    assert_eq!(complaints(&readme, all_there, &folders("new")).len(), 1);
    assert_eq!(complaints(&readme, |path| path != "src/app.rs" && path != "app.rs", &folders("app")).len(), 1);
    assert_eq!(complaints("no map", all_there, &[]).len(), 1);
}
