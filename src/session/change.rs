//! Lines of a change.

use std::ops::Range;

use leptos::prelude::*;
use session_log::diff::{DiffKind, DiffLine, FileDiff, FileFate};
use session_log::highlight::Language;

use super::code::CodeLine;
use super::diffstat::Diffstat;
use super::visible_text::VisibleLine;

/// The file that the next lines change.
#[component]
pub fn ChangeFile(file: FileDiff) -> impl IntoView {
    let (word, from) = match file.fate {
        FileFate::Changed => ("Changed", None),
        FileFate::New if file.lines.is_empty() && !file.is_binary => ("New file, empty", None),
        FileFate::New => ("New file", None),
        FileFate::Deleted => ("Deleted", None),
        FileFate::Renamed(from) => ("Renamed", Some(from)),
        FileFate::Copied(from) => ("Copied", Some(from)),
    };
    let from = from.map(|from| view! { <VisibleLine text=from /> " → " });
    let what = if file.is_binary {
        view! { <span class="change-file-word">"No text: its bytes are not shown"</span> }.into_any()
    } else if word == "New file, empty" {
        ().into_any()
    } else {
        view! { <Diffstat added=file.added.into() removed=file.removed.into() /> }.into_any()
    };
    view! {
        <div class="change-file">
            <span class="change-file-word">{word}</span>
            <code class="change-file-path">{from}<VisibleLine text=file.path /></code>
            {what}
        </div>
    }
}

/// One line of a change with its numbers. Each is read by itself: what the lines before leave open is not known in the
/// middle of a file.
#[component]
pub fn ChangeLine(line: DiffLine, marks: Vec<Range<usize>>, language: Option<Language>) -> impl IntoView {
    let (kind, sign, language) = match line.kind {
        DiffKind::Hunk => ("hunk", "", None),
        DiffKind::Context => ("context", " ", language),
        DiffKind::Added => ("added", "+", language),
        DiffKind::Removed => ("removed", "−", language),
    };
    view! {
        <div class="change-line" data-change=kind>
            <span class="change-line-number">{line.old_no}</span>
            <span class="change-line-number">{line.new_no}</span>
            <span class="change-line-sign">{sign}</span>
            <code class="change-line-text">
                <bdi class="visible-text"><CodeLine text=line.text language marks /></bdi>
            </code>
        </div>
    }
}
