//! The words of a row, for those who search it or copy it.

use std::borrow::Cow;

use crate::{Content, PermissionStep, markdown, report};

impl Content<'_> {
    /// What the row says, without looks and without the page's own words. Ranges of a [`crate::Hit`] count
    /// the bytes of this text.
    pub fn words(&self) -> Cow<'_, str> {
        match self {
            Self::Output(spans) => match spans.as_slice() {
                [span] => Cow::Borrowed(&span.text),
                spans => spans.iter().map(|span| span.text.as_str()).collect(),
            },
            Self::Code { text, .. } | Self::Json { text, .. } => Cow::Borrowed(text),
            Self::Markdown(blocks) => Cow::Owned(markdown::words(blocks)),
            Self::DiffFile(file) => Cow::Borrowed(&file.path),
            Self::DiffLine(_, line) => Cow::Borrowed(&line.text),
            Self::PlanEntry(entry) => Cow::Borrowed(&entry.content),
            Self::Ask(permission) => Cow::Owned(asked(permission)),
            Self::Report(end) => Cow::Owned(report::words(end)),
            Self::Note(text) | Self::Failure(text) => Cow::Borrowed(text),
            Self::Picture(picture) => Cow::Borrowed(&picture.name),
            Self::Absent | Self::Earlier(_) | Self::Unchanged(_) | Self::Answer(_) => Cow::Borrowed(""),
        }
    }
}

impl Content<'_> {
    /// What is copied of the row: its words, in the lines in which they were written.
    pub fn copied(&self) -> Cow<'_, str> {
        if let Self::Markdown(blocks) = self {
            return Cow::Owned(markdown::lines(blocks));
        }
        self.words()
    }
}

/// The title, the command and the paths, a line for each.
fn asked(permission: &PermissionStep) -> String {
    let request = &permission.asked.permission_request;
    let title = request.title.as_deref().filter(|title| Some(*title) != request.command.as_deref());
    let paths = request.locations.iter().map(|location| location.path.as_str());
    title.into_iter().chain(request.command.as_deref()).chain(paths).collect::<Vec<_>>().join("\n")
}
