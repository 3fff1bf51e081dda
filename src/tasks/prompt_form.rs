//! The field where a task is written and started.

use agent_tasks::Branch;
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;

use super::prompt_pickers::{OtherAgents, Picking, PromptChecks, PromptPickers};
use super::start::Start;
use crate::store::{Action, Connections, Draft, Remote};
use crate::ui::{Button, ButtonKind, Notice, NoticeKind, memo};

/// The lines of the field when little is in it, and when much is.
const LINES: std::ops::RangeInclusive<usize> = 3..=14;

/// Prompt, pickers, and the button.
#[component]
pub fn PromptForm(
    /// What is typed and chosen.
    #[prop(into)]
    draft: Signal<Draft>,
    /// The servers: what there is to work on, and what a start takes there.
    #[prop(into)]
    connections: Signal<Connections>,
    /// The branches of the chosen repository.
    #[prop(into)]
    branches: Signal<Remote<Vec<Branch>>>,
    /// The agents that the chosen repository defines, by name.
    #[prop(into)]
    custom_agents: Signal<Vec<String>>,
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
    let is_connected = memo(move || connections.with(|connections| connections.open().next().is_some()));
    let picking = Picking::new(draft, connections, on_draft);

    let on_input = move |event| {
        problem.set(None);
        on_draft.run(Draft { prompt: event_target_value(&event), ..draft.get_untracked() });
    };
    let submit = move || {
        if is_pending.get_untracked() || !is_connected.get_untracked() {
            return;
        }
        let known = branches.with_untracked(|branches| branches.ready().cloned().unwrap_or_default());
        let built = connections.with_untracked(|connections| {
            Start::build(&draft.get_untracked(), connections, &known, &custom_agents.get_untracked())
        });
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
                <div class="prompt-form-choices">
                    <PromptPickers picking connections branches custom_agents/>
                    <PromptChecks picking branches/>
                </div>
                <div class="prompt-form-submit">
                    <span class="prompt-form-keys" aria-hidden="true"><kbd>{submit_key()}</kbd> <kbd>"Enter"</kbd></span>
                    <Button kind=ButtonKind::Primary disabled_reason>
                        {move || if is_pending.get() { "Starting…" } else { "Start task" }}
                    </Button>
                </div>
            </div>
            {move || shown_problem().map(|sentence| view! { <Notice kind=NoticeKind::Problem>{sentence}</Notice> })}
        </form>
        <OtherAgents offer=picking.offer/>
    }
}

/// The key that is held with Enter, as this machine's keyboard names it.
fn submit_key() -> &'static str {
    let is_apple = window().navigator().platform().is_ok_and(|platform| platform.starts_with("Mac"));
    if is_apple { "⌘" } else { "Ctrl" }
}
