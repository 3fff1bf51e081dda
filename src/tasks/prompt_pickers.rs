//! Where a task works and who does it, as far as the server of the repository takes that.

use agent_tasks::capabilities::{AgentOffer, MissingAgent};
use agent_tasks::{Branch, Repository};
use leptos::prelude::*;

use super::offer::Offer;
use crate::store::{Choices, Connections, Draft, Place, Remote};
use crate::ui::{Check, Choice, Select, Symbol, memo};

/// Stands between server and repository in a choice; neither can hold it.
const BETWEEN: char = ' ';

/// What the pickers share.
#[derive(Clone, Copy)]
pub struct Picking {
    /// What is chosen. Typing changes the draft with every key; this follows only what is chosen.
    pub choices: Memo<Choices>,
    /// What is on offer at the chosen place.
    pub offer: Memo<Option<Offer>>,
    /// Something was chosen.
    pub choose: Callback<Choices>,
}

impl Picking {
    /// Follows a draft.
    pub fn new(draft: Signal<Draft>, connections: Signal<Connections>, on_draft: Callback<Draft>) -> Self {
        let choices = memo(move || draft.with(|draft| draft.choices.clone()));
        let offer = memo(move || connections.with(|connections| choices.with(|it| Offer::of(it, connections))));
        let choose = Callback::new(move |choices| on_draft.run(Draft { choices, ..draft.get_untracked() }));
        Self { choices, offer, choose }
    }

    /// Reads offer and choices; the default while nothing is on offer.
    fn read<T: Default>(self, read: impl FnOnce(&Offer, &Choices) -> T) -> T {
        self.offer
            .with(|offer| self.choices.with(|choices| offer.as_ref().map(|offer| read(offer, choices))))
            .unwrap_or_default()
    }

    /// A callback that takes a value into the choices.
    fn change<T: 'static>(self, change: fn(&mut Choices, T)) -> Callback<T> {
        Callback::new(move |value| {
            let mut choices = self.choices.get_untracked();
            // What is chosen for the place that stands in for a lost choice is chosen for that place.
            if let Some(Offer { server, repository, .. }) = self.offer.get_untracked()
                && (choices.server != server || choices.repository != repository.full_name)
            {
                choices = choices.with_repository(server, repository.full_name);
            }
            change(&mut choices, value);
            self.choose.run(choices);
        })
    }
}

/// Repository, branch, agent, model, custom agent.
#[component]
pub fn PromptPickers(
    /// What is chosen, of what.
    picking: Picking,
    /// The servers.
    connections: Signal<Connections>,
    /// The branches of the chosen repository.
    branches: Signal<Remote<Vec<Branch>>>,
    /// The agents that the chosen repository defines.
    custom_agents: Signal<Vec<String>>,
) -> impl IntoView {
    let places = memo(move || connections.with(place_choices));
    let place = memo(move || picking.read(|offer, _| place_value(&offer.server, &offer.repository)));
    let on_place = Callback::new(move |value: String| {
        let Some((server, name)) = value.split_once(BETWEEN) else { return };
        picking.choose.run(picking.choices.get_untracked().with_repository(server.to_owned(), name.to_owned()));
    });
    let branch_choices = memo(move || {
        picking.read(|offer, _| branches.with(|known| branch_choices_of(&offer.repository, known.ready())))
    });
    let branch = memo(move || {
        branches.with(|branches| {
            let known = branches.ready().map(Vec::as_slice).unwrap_or_default();
            picking.read(|offer, choices| choices.chosen_branch(&offer.repository, known).to_owned())
        })
    });
    let agents = memo(move || picking.read(|offer, _| offer.agents.iter().map(agent_choice).collect::<Vec<_>>()));
    let agent = memo(move || {
        picking.read(|offer, choices| {
            choices.chosen_agent(&offer.agents).map(|agent| agent.id.clone()).unwrap_or_default()
        })
    });
    let models = memo(move || picking.read(|offer, choices| optional("Default model", offer.models(choices))));
    let model = memo(move || picking.read(|offer, choices| offer.model(choices).cloned().unwrap_or_default()));
    let own_agents = memo(move || {
        let is_taken = picking.read(|offer, _| offer.fields.custom_agent);
        custom_agents.with(|names| if is_taken { optional("No custom agent", names) } else { Vec::new() })
    });
    let own_agent = memo(move || {
        let chosen = picking.choices.with(|choices| choices.custom_agent.clone());
        custom_agents.with(|names| if names.contains(&chosen) { chosen } else { String::new() })
    });
    view! {
        <div class="prompt-pickers">
            <Select label="Repository" symbol=Symbol::Repository choices=places chosen=place on_choose=on_place/>
            <Select
                label="Base branch"
                symbol=Symbol::Branch
                choices=branch_choices
                chosen=branch
                on_choose=picking.change(|choices, base_ref| choices.base_ref = base_ref)
            />
            <Select
                label="Agent"
                symbol=Symbol::Agent
                choices=agents
                chosen=agent
                on_choose=picking.change(|choices, agent_id| {
                    choices.agent_id = agent_id;
                    choices.model.clear();
                })
            />
            <OptionalSelect
                label="Model"
                symbol=Symbol::Model
                choices=models
                chosen=model
                on_choose=picking.change(|choices, model| choices.model = model)
            />
            <OptionalSelect
                label="Custom agent"
                symbol=Symbol::Agent
                choices=own_agents
                chosen=own_agent
                on_choose=picking.change(|choices, name| choices.custom_agent = name)
            />
        </div>
    }
}

/// A select that is there only where there is something to choose.
#[component]
fn OptionalSelect(
    label: &'static str,
    symbol: Symbol,
    choices: Memo<Vec<Choice>>,
    chosen: Memo<String>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let is_worth_asking = memo(move || choices.with(Vec::len) > 1);
    move || is_worth_asking.get().then(|| view! { <Select label symbol choices chosen on_choose/> })
}

/// Whether a pull request is opened, and whether the work goes on the chosen branch itself.
#[component]
pub fn PromptChecks(
    /// What is chosen, of what.
    picking: Picking,
    /// The branches of the chosen repository.
    branches: Signal<Remote<Vec<Branch>>>,
) -> impl IntoView {
    let takes_pull = memo(move || picking.read(|offer, _| offer.fields.create_pull_request));
    let can_continue = memo(move || {
        branches.with(|branches| {
            let known = branches.ready().map(Vec::as_slice).unwrap_or_default();
            picking.read(|offer, choices| offer.can_continue(choices, known))
        })
    });
    let opens_pull_request = memo(move || picking.choices.with(|choices| choices.opens_pull_request));
    let is_continued = memo(move || picking.choices.with(|choices| choices.is_continued));
    let pull = move || {
        let on_change = picking.change(|choices, is_wanted| choices.opens_pull_request = is_wanted);
        takes_pull.get().then(|| view! { <Check label="Open a pull request" is_checked=opens_pull_request on_change/> })
    };
    let go_on = move || {
        let on_change = picking.change(|choices, is_wanted| choices.is_continued = is_wanted);
        can_continue.get().then(|| view! { <Check label="Continue on this branch" is_checked=is_continued on_change/> })
    };
    view! { <div class="prompt-checks">{pull} {go_on}</div> }
}

/// The agents that the server knows and did not find, with how to get them.
#[component]
pub fn OtherAgents(
    /// What is on offer at the chosen place.
    offer: Memo<Option<Offer>>,
) -> impl IntoView {
    let missing =
        memo(move || offer.with(|offer| offer.as_ref().map(|it| it.missing_agents.clone()).unwrap_or_default()));
    move || {
        let missing = missing.get();
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

/// The repositories of all servers; under the server's name where there are several.
fn place_choices(connections: &Connections) -> Vec<Choice> {
    let is_one_of_many = connections.open().nth(1).is_some();
    let choice = |Place { connection, repository }: Place<'_>| {
        let label = match &repository.problem {
            Some(problem) => format!("{} ({problem})", repository.full_name),
            None => repository.full_name.clone(),
        };
        Choice {
            is_disabled: repository.problem.is_some(),
            group: if is_one_of_many { connection.name.clone() } else { String::new() },
            ..Choice::new(place_value(connection.address.base(), repository), label)
        }
    };
    connections.places().map(choice).collect()
}

fn place_value(server: &str, repository: &Repository) -> String {
    format!("{server}{BETWEEN}{}", repository.full_name)
}

/// The default branch first: it is there before the others are read.
fn branch_choices_of(repository: &Repository, branches: Option<&Vec<Branch>>) -> Vec<Choice> {
    let default = &repository.default_branch;
    let others = branches.into_iter().flatten().map(|branch| &branch.name).filter(|name| *name != default);
    std::iter::once(default).chain(others).map(|name| Choice::plain(name)).collect()
}

/// `none` and the names; nothing where there are no names.
fn optional(none: &str, names: &[String]) -> Vec<Choice> {
    let none = (!names.is_empty()).then(|| Choice::new("", none));
    none.into_iter().chain(names.iter().map(|name| Choice::plain(name))).collect()
}

fn agent_choice(agent: &AgentOffer) -> Choice {
    let label = if agent.rehearsal { format!("{} (no model)", agent.name) } else { agent.name.clone() };
    Choice::new(agent.id.clone(), label)
}
