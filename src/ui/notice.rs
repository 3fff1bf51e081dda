//! A sentence beside what it is about.

use leptos::prelude::*;

use super::{Icon, Symbol};

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// Good to know.
    Note,
    /// It worked.
    Success,
    /// It did not work, and what to do.
    Problem,
}

/// A notice. A problem is read out at once, the others when there is time.
#[component]
pub fn Notice(
    /// How much it matters.
    kind: NoticeKind,
    /// The sentence.
    children: Children,
) -> impl IntoView {
    let (word, role, symbol) = match kind {
        NoticeKind::Note => ("note", "status", Symbol::Note),
        NoticeKind::Success => ("success", "status", Symbol::Check),
        NoticeKind::Problem => ("problem", "alert", Symbol::Alert),
    };
    view! {
        <div class="notice" data-kind=word role=role>
            <Icon symbol/>
            <div class="notice-text">{children()}</div>
        </div>
    }
}
