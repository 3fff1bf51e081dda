//! Grey bars in place of what is not here yet. They show after half a second, so that a quick answer
//! never flickers.

use leptos::prelude::*;

/// Some rows that are on their way.
#[component]
pub fn Skeleton(
    /// How many.
    rows: usize,
    /// What is on its way, in words.
    label: &'static str,
) -> impl IntoView {
    let bars = (0..rows).map(|_| view! { <div class="skeleton-row" aria-hidden="true"></div> }).collect_view();
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{label}</span>
            {bars}
        </div>
    }
}
