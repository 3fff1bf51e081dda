//! The field where a task is written and started.

use agent_tasks::{Branch, Capabilities, NewTask, Prompt, Repository};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;

use super::prompt_pickers::{OtherAgents, PromptPickers};
use crate::store::{Action, Draft, Remote};
use crate::ui::{Button, ButtonKind, Notice, NoticeKind, memo};

/// The lines of the field when little is in it, and when much is.
const LINES: std::ops::RangeInclusive<usize> = 3..=14;

/// A task to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The repository's owner.
    pub owner: String,
    /// The repository's name.
    pub repo: String,
    /// What to do.
    pub task: NewTask,
}

/// Prompt, pickers, and the button.
#[component]
pub fn PromptForm(
    /// What is typed and chosen.
    #[prop(into)]
    draft: Signal<Draft>,
    /// Whether there is a server to start on.
    #[prop(into)]
    is_connected: Signal<bool>,
    /// What there is to work on.
    #[prop(into)]
    repositories: Signal<Remote<Vec<Repository>>>,
    /// The branches of the chosen repository.
    #[prop(into)]
    branches: Signal<Remote<Vec<Branch>>>,
    /// What the server can do; offers the agents.
    #[prop(into)]
    capabilities: Signal<Remote<Capabilities>>,
    /// What came of the last start.
    #[prop(into)]
    start: Signal<Action>,
    /// Something was typed or chosen.
    on_draft: Callback<Draft>,
    /// The task should start.
    on_start: Callback<Start>,
) -> impl IntoView {
    let problem = RwSignal::new(None::<String>);
    let is_pending = memo(move || start.get() == Action::Pending);

    let on_input = move |event| {
        problem.set(None);
        on_draft.run(Draft { prompt: event_target_value(&event), ..draft.get_untracked() });
    };
    let submit = move || {
        if is_pending.get_untracked() || !is_connected.get_untracked() {
            return;
        }
        let offered = repositories.with_untracked(|repositories| repositories.ready().cloned().unwrap_or_default());
        let known = branches.with_untracked(|branches| branches.ready().cloned().unwrap_or_default());
        let built = capabilities
            .with_untracked(|capabilities| build(&draft.get_untracked(), &offered, &known, capabilities.ready()));
        match built {
            Ok(task) => {
                problem.set(None);
                on_start.run(task);
            }
            Err(sentence) => problem.set(Some(sentence)),
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        submit();
    };
    let on_keydown = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            submit();
        }
    };

    let shown_problem = move || {
        problem.get().or_else(|| match start.get() {
            Action::Failed(sentence) => Some(sentence),
            Action::Ready | Action::Pending => None,
        })
    };
    let line_count = move || draft.with(|draft| (draft.prompt.lines().count() + 1).clamp(*LINES.start(), *LINES.end()));
    let disabled_reason = Signal::derive(move || match (is_connected.get(), is_pending.get()) {
        (false, _) => Some("Connect to a server first".to_owned()),
        (true, true) => Some("The task is being started".to_owned()),
        (true, false) => None,
    });
    view! {
        <form class="prompt-form" on:submit=on_submit>
            <label class="prompt-form-field">
                <span class="visually-hidden">"Prompt"</span>
                <textarea
                    name="prompt"
                    placeholder="What should an agent do?"
                    autocomplete="off"
                    rows=line_count
                    prop:value=move || draft.with(|draft| draft.prompt.clone())
                    on:input=on_input
                    on:keydown=on_keydown
                ></textarea>
            </label>
            <div class="prompt-form-bar">
                <PromptPickers draft repositories branches capabilities on_draft/>
                <div class="prompt-form-submit">
                    <span class="prompt-form-keys" aria-hidden="true"><kbd>{submit_key()}</kbd> <kbd>"Enter"</kbd></span>
                    <Button kind=ButtonKind::Primary disabled_reason>
                        {move || if is_pending.get() { "Starting…" } else { "Start task" }}
                    </Button>
                </div>
            </div>
            {move || shown_problem().map(|sentence| view! { <Notice kind=NoticeKind::Problem>{sentence}</Notice> })}
        </form>
        <OtherAgents capabilities/>
    }
}

/// The key that is held with Enter, as this machine's keyboard names it.
fn submit_key() -> &'static str {
    let is_apple = window().navigator().platform().is_ok_and(|platform| platform.starts_with("Mac"));
    if is_apple { "⌘" } else { "Ctrl" }
}

/// The task that the draft says, or a sentence on what is missing.
fn build(
    draft: &Draft,
    repositories: &[Repository],
    branches: &[Branch],
    capabilities: Option<&Capabilities>,
) -> Result<Start, String> {
    let prompt = Prompt::parse(&draft.prompt).map_err(|error| capitalised(&error.to_string()))?;
    let repository = draft
        .choices
        .chosen_repository(repositories)
        .ok_or("There is no repository to work in. Start the server with “--repo” and the path of one.")?;
    let agents = capabilities.map(|capabilities| capabilities.agents.as_slice()).unwrap_or_default();
    Ok(Start {
        owner: repository.owner.login.clone(),
        repo: repository.name.clone(),
        task: NewTask {
            prompt: prompt.as_str().to_owned(),
            base_ref: Some(draft.choices.chosen_branch(repository, branches).to_owned()),
            agent_id: draft.choices.chosen_agent(agents).map(|agent| agent.id.clone()),
            ..NewTask::default()
        },
    })
}

fn capitalised(fragment: &str) -> String {
    let mut chars = fragment.chars();
    chars.next().map(|first| format!("{}{}.", first.to_uppercase(), chars.as_str())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn draft(prompt: &str) -> Draft {
        Draft { prompt: prompt.into(), ..Draft::default() }
    }

    #[test]
    fn a_draft_becomes_a_task_or_a_sentence() {
        let repository: Repository = serde_json::from_value(json!({
            "id": 1, "name": "r", "full_name": "o/r", "default_branch": "trunk", "private": true,
            "owner": {"id": 1, "login": "o", "type": "User"}
        }))
        .unwrap();
        let repositories = [repository];
        let built = build(&draft("  Fix it "), &repositories, &[], None).unwrap();
        assert_eq!((built.owner.as_str(), built.repo.as_str()), ("o", "r"));
        assert_eq!((built.task.prompt.as_str(), built.task.base_ref.as_deref()), ("Fix it", Some("trunk")));
        assert_eq!(
            build(&draft(" "), &repositories, &[], None).unwrap_err(),
            "The prompt is empty; write what the agent should do."
        );
        assert!(build(&draft("Fix it"), &[], &[], None).unwrap_err().contains("--repo"));
    }
}
