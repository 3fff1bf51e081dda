//! A thin bar under a step's line: how long it took, beside the longest one of its session. The figure stands in the line.

use leptos::prelude::*;

/// The bar.
#[component]
pub fn Bar(
    /// How long it takes or took, in milliseconds.
    ms: u64,
    /// The longest of the session, in milliseconds.
    longest_ms: u64,
) -> impl IntoView {
    let width = share(ms, longest_ms).to_string();
    view! {
        <svg class="step-header-bar" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">
            <rect width=width height="2"></rect>
        </svg>
    }
}

/// Hundredths of the longest one; what goes on may be longer than all before.
fn share(ms: u64, longest_ms: u64) -> u64 {
    (ms * 100).checked_div(longest_ms.max(ms)).unwrap_or_default().max(1)
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_bar_is_never_longer_than_the_longest() {
        for (ms, longest, width) in
            [(1_000, 4_000, 25), (4_000, 4_000, 100), (9_000, 4_000, 100), (1, 4_000, 1), (0, 0, 1)]
        {
            assert_eq!(share(ms, longest), width);
        }
    }
}
