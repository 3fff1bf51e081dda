//! Where a task works: the repository, and the pull request or the branch.

use agent_tasks::{PullArtifact, Task};
use leptos::prelude::*;

use super::pull_mark::PullMark;
use super::task_row::{TaskMemo, with_task};
use crate::store::PullLink;
use crate::ui::{Icon, Symbol, memo};

/// The repository, and the pull request or the branch.
#[component]
pub fn TaskPlace(
    /// The task.
    task: TaskMemo,
    /// The pages of its server.
    web_origin: Memo<String>,
    /// The page of its repository, where the name is known.
    page: Memo<Option<String>>,
) -> impl IntoView {
    let repository = memo(move || with_task(task, repository_of));
    let branch = memo(move || with_task(task, |task| task.branch().map(|branch| branch.head_ref.clone())));
    let pull = memo(move || with_task(task, |task| task.pull().cloned()));
    let work = move || {
        // A pull request of which only GitHub's own number is known says less than the branch.
        let is_told = |pull: &PullArtifact| {
            let address = pull.html_url.as_deref().unwrap_or_default();
            pull.number.is_some() || web_origin.with(|origin| PullLink::parse(address, origin).is_some())
        };
        let told = pull.get().filter(is_told);
        match (told, branch.get(), pull.get()) {
            (Some(pull), _, _) | (None, None, Some(pull)) => {
                view! { <PullMark pull web_origin=web_origin.get()/> }.into_any()
            }
            (None, Some(branch), _) => {
                let title = branch.clone();
                view! { <span class="task-row-branch" title=title><Icon symbol=Symbol::Branch/><span>{branch}</span></span> }
                    .into_any()
            }
            (None, None, None) => ().into_any(),
        }
    };
    view! {
        <a class="task-row-repository" href=move || page.get() title=move || repository.get()>
            <Icon symbol=Symbol::Repository/>
            <span>{move || repository.get()}</span>
        </a>
        {work}
    }
}

/// The name, or the number where the server tells no more.
fn repository_of(task: &Task) -> String {
    let number = || task.repository.as_ref().map(|repository| format!("Repository {}", repository.id));
    task.repository_name().map(str::to_owned).or_else(number).unwrap_or_default()
}
