//! Symbols as inline SVG, in the colour of the text around them.

use leptos::prelude::*;

/// What a symbol stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbol {
    /// A repository.
    Repository,
    /// A branch.
    Branch,
    /// An agent.
    Agent,
    /// A person.
    Person,
    /// Stop.
    Stop,
    /// A pull request.
    Pull,
    /// A connection.
    Plug,
    /// Something is wrong.
    Alert,
    /// Something is done.
    Check,
    /// Something to know.
    Note,
    /// Something has failed.
    Cross,
    /// Something goes on.
    Clock,
    /// A pull request that is not yet for review.
    PullDraft,
    /// A pull request that was taken.
    PullMerged,
    /// A pull request that was given up.
    PullClosed,
    /// A model.
    Model,
    /// A file.
    File,
}

impl Symbol {
    /// The strokes, on a field of 16 by 16.
    const fn strokes(self) -> &'static str {
        match self {
            Self::Repository => "M3.5 12.5v-9a1 1 0 0 1 1-1h8v9h-8a1 1 0 0 0 0 2h8v-2M6 5.5h4",
            Self::Branch => {
                "M5 5.5v5M5 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM5 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11 \
                 6.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11 6.5c0 2.5-6 1.5-6 4"
            }
            Self::Agent => {
                "M8 2v2.5M4.5 4.5h7a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 3 11V6a1.5 1.5 0 0 1 \
                 1.5-1.5zM6 8v1M10 8v1"
            }
            Self::Person => "M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3.5 13.5a4.5 4 0 0 1 9 0",
            Self::Stop => "M4.5 4.5h7v7h-7z",
            Self::Pull => {
                "M4.5 5.5v5M4.5 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4.5 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 \
                 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 10.5V6a2 2 0 0 0-2-2h-1M10 2.5 8.5 4 10 5.5"
            }
            Self::Plug => "M6 2.5V6M10 2.5V6M4 6h8v2a4 4 0 0 1-8 0zM8 12v2",
            Self::Alert => "M8 2.5 14 13H2zM8 6.5v3M8 11.2v.3",
            Self::Check => "M3 8.5 6.5 12 13 4.5",
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Clock => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3l2 1.5",
            Self::PullDraft => {
                "M4.5 5.5v5M4.5 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4.5 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 \
                 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 7.2v.6M11.5 3.7v.6"
            }
            Self::PullMerged => {
                "M4.5 5.5v5M4.5 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4.5 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 \
                 10.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM10 9C7 9 4.5 8 4.5 5.5"
            }
            Self::PullClosed => {
                "M4.5 5.5v5M4.5 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4.5 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 \
                 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 10.5v-3M10 2.5l3 3M13 2.5l-3 3"
            }
            Self::File => "M4 2.5h5l3 3v8H4zM9 2.5v3h3",
            Self::Model => "M8 2.5l1.4 4.1 4.1 1.4-4.1 1.4L8 13.5 6.6 9.4 2.5 8l4.1-1.4z",
            Self::Note => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5v3.5M8 5v.3",
        }
    }
}

/// A symbol beside a text that says the same.
#[component]
pub fn Icon(
    /// What it stands for.
    symbol: Symbol,
) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 16 16"
            aria-hidden="true"
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
            stroke-linecap="round"
            stroke-linejoin="round"
        >
            <path d=symbol.strokes()></path>
        </svg>
    }
}
