//! Where a task works and who does it.

use agent_tasks::capabilities::{AgentOffer, MissingAgent};
use agent_tasks::{Branch, Capabilities, Repository};
use leptos::prelude::*;

use crate::store::{Choices, Draft, Remote};
use crate::ui::{Choice, Select, Symbol, memo};

/// Repository, base branch, agent.
#[component]
pub fn PromptPickers(
    /// What is typed and chosen.
    draft: Signal<Draft>,
    /// What there is to work on.
    repositories: Signal<Remote<Vec<Repository>>>,
    /// The branches of the chosen repository.
    branches: Signal<Remote<Vec<Branch>>>,
    /// What the server can do; offers the agents.
    capabilities: Signal<Remote<Capabilities>>,
    /// Something was chosen.
    on_draft: Callback<Draft>,
) -> impl IntoView {
    // Typing changes the draft with every key; the pickers follow only what is chosen.
    let choices = memo(move || draft.with(|draft| draft.choices.clone()));
    let repository =
        move || repositories.with(|list| choices.with(|choices| choices.chosen_repository(list.ready()?).cloned()));
    let repository_choices =
        move || repositories.with(|list| list.ready().into_iter().flatten().map(repository_choice).collect::<Vec<_>>());
    let branch_choices = move || {
        let repository = repository();
        repository.map(|it| branches.with(|known| branch_choices_of(&it, known.ready()))).unwrap_or_default()
    };
    let branch = move || {
        let Some(repository) = repository() else { return String::new() };
        let known = branches.with(|branches| branches.ready().cloned().unwrap_or_default());
        choices.with(|choices| choices.chosen_branch(&repository, &known).to_owned())
    };
    let agents = move || capabilities.with(|known| known.ready().map(|it| it.agents.clone()).unwrap_or_default());
    let agent = move || {
        let agents = agents();
        choices.with(|choices| choices.chosen_agent(&agents).map(|agent| agent.id.clone()).unwrap_or_default())
    };
    let choose = move |choices: Choices| on_draft.run(Draft { choices, ..draft.get_untracked() });
    let on_repository = Callback::new(move |name| choose(choices.get_untracked().with_repository(name)));
    let on_branch = Callback::new(move |base_ref| choose(Choices { base_ref, ..choices.get_untracked() }));
    let on_agent = Callback::new(move |agent_id| choose(Choices { agent_id, ..choices.get_untracked() }));
    let repository_name = move || repository().map(|repository| repository.full_name).unwrap_or_default();
    view! {
        <div class="prompt-pickers">
            <Select
                label="Repository"
                symbol=Symbol::Repository
                choices=Signal::derive(repository_choices)
                chosen=Signal::derive(repository_name)
                on_choose=on_repository
            />
            <Select
                label="Base branch"
                symbol=Symbol::Branch
                choices=Signal::derive(branch_choices)
                chosen=Signal::derive(branch)
                on_choose=on_branch
            />
            <Select
                label="Agent"
                symbol=Symbol::Agent
                choices=Signal::derive(move || agents().iter().map(agent_choice).collect::<Vec<_>>())
                chosen=Signal::derive(agent)
                on_choose=on_agent
            />
        </div>
    }
}

/// The agents that the server knows and did not find, with how to get them.
#[component]
pub fn OtherAgents(
    /// What the server can do.
    capabilities: Signal<Remote<Capabilities>>,
) -> impl IntoView {
    move || {
        let missing = capabilities.with(|known| known.ready().map(|known| known.missing_agents.clone()))?;
        let is_any = !missing.is_empty();
        let rows = missing.into_iter().map(missing_agent_row).collect_view();
        is_any.then(|| {
            view! {
                <details class="other-agents">
                    <summary>"Other agents"</summary>
                    <p>"These were not found on the server. Install one, then start the server again."</p>
                    <dl>{rows}</dl>
                </details>
            }
        })
    }
}

fn missing_agent_row(agent: MissingAgent) -> impl IntoView {
    view! { <div><dt>{agent.name}</dt><dd>{agent.install}</dd></div> }
}

fn repository_choice(repository: &Repository) -> Choice {
    let label = match &repository.problem {
        Some(problem) => format!("{} ({problem})", repository.full_name),
        None => repository.full_name.clone(),
    };
    Choice { value: repository.full_name.clone(), label, is_disabled: repository.problem.is_some() }
}

/// The default branch first: it is there before the others are read.
fn branch_choices_of(repository: &Repository, branches: Option<&Vec<Branch>>) -> Vec<Choice> {
    let default = &repository.default_branch;
    let others = branches.into_iter().flatten().map(|branch| &branch.name).filter(|name| *name != default);
    std::iter::once(default)
        .chain(others)
        .map(|name| Choice { value: name.clone(), label: name.clone(), is_disabled: false })
        .collect()
}

fn agent_choice(agent: &AgentOffer) -> Choice {
    let label = if agent.rehearsal { format!("{} (no model)", agent.name) } else { agent.name.clone() };
    Choice { value: agent.id.clone(), label, is_disabled: false }
}
