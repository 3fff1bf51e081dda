//! A pull request at a glance: its number, where it stands, what its checks say.

use agent_tasks::{ChecksState, PullArtifact, PullState};
use leptos::prelude::*;

use crate::store::{PullLink, status};
use crate::ui::{Icon, Mark, Symbol};

/// A pull request; a link only if its address is one.
#[component]
pub fn PullMark(
    /// The pull request.
    pull: PullArtifact,
    /// The pages of the server that told it.
    web_origin: String,
) -> impl IntoView {
    let link = pull.html_url.as_deref().and_then(|address| PullLink::parse(address, &web_origin));
    let number = link.as_ref().map(|link| link.number).or(pull.number);
    let text = number.map_or_else(|| "Pull request".to_owned(), |number| format!("#{number}"));
    let state = match pull.state {
        Some(state) => {
            let (word, tone) = status::pull(state);
            view! { <Mark symbol=symbol_of(state) word tone=tone.as_str()/> }.into_any()
        }
        None => view! { <Icon symbol=Symbol::Pull/> }.into_any(),
    };
    let checks = pull.checks.map(|checks| {
        let (word, tone) = status::checks(checks);
        view! { <Mark symbol=symbol_of_checks(checks) word tone=tone.as_str()/> }
    });
    let number = match link {
        Some(link) => view! {
            <a href=link.address title=pull.title target="_blank" rel="noopener noreferrer">{text}</a>
        }
        .into_any(),
        None => view! { <span title=pull.title>{text}</span> }.into_any(),
    };
    view! { <span class="task-row-pull">{state} {number} {checks}</span> }
}

const fn symbol_of(state: PullState) -> Symbol {
    match state {
        PullState::Draft => Symbol::PullDraft,
        PullState::Open => Symbol::Pull,
        PullState::Merged => Symbol::PullMerged,
        PullState::Closed => Symbol::PullClosed,
    }
}

const fn symbol_of_checks(checks: ChecksState) -> Symbol {
    match checks {
        ChecksState::Pending => Symbol::Clock,
        ChecksState::Success => Symbol::Check,
        ChecksState::Failure => Symbol::Cross,
    }
}
