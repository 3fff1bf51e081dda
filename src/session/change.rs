//! Lines of a change.

use leptos::prelude::*;
use session_log::diff::{DiffKind, DiffLine, FileDiff};

use super::diffstat::Diffstat;
use super::visible_text::VisibleLine;

/// The file that the next lines change.
#[component]
pub fn ChangeFile(file: FileDiff) -> impl IntoView {
    let word = if file.is_new { "New file" } else { "Changed" };
    view! {
        <div class="change-file">
            <span class="change-file-word">{word}</span>
            <code class="change-file-path"><VisibleLine text=file.path /></code>
            <Diffstat added=file.added.into() removed=file.removed.into() />
        </div>
    }
}

/// One line of a change with its numbers.
#[component]
pub fn ChangeLine(line: DiffLine) -> impl IntoView {
    let (kind, sign) = match line.kind {
        DiffKind::Hunk => ("hunk", ""),
        DiffKind::Context => ("context", " "),
        DiffKind::Added => ("added", "+"),
        DiffKind::Removed => ("removed", "−"),
    };
    view! {
        <div class="change-line" data-change=kind>
            <span class="change-line-number">{line.old_no}</span>
            <span class="change-line-number">{line.new_no}</span>
            <span class="change-line-sign">{sign}</span>
            <code class="change-line-text"><VisibleLine text=line.text /></code>
        </div>
    }
}
