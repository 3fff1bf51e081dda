//! The prompt form.

use agent_tasks::{Branch, FromJson};
use flightdeck::store::{Action, Connections, Draft, Remote};
use flightdeck::tasks::{PromptForm, Start};
use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlButtonElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use crate::screen::{Screen, choose, show, type_into};
use crate::servers::{add_github, one_companion};

/// The form's state, and what was asked of it.
#[derive(Clone, Copy)]
struct Form {
    start: RwSignal<Action>,
    starts: RwSignal<Vec<Start>>,
}

fn show_form(connections: Connections) -> (Form, Screen<impl Mountable>) {
    let form = Form { start: RwSignal::default(), starts: RwSignal::default() };
    let draft = RwSignal::new(Draft::default());
    let branches: Vec<Branch> = ["main", "dev"]
        .map(|name| Branch::from_json(&json!({"name": name, "commit": {"sha": "1"}, "protected": false})).unwrap())
        .into();
    let screen = show(move || {
        view! {
            <PromptForm
                draft
                connections=RwSignal::new(connections)
                branches=RwSignal::new(Remote::Ready(branches))
                custom_agents=RwSignal::new(vec!["reviewer".to_owned()])
                start=form.start
                on_draft=Callback::new(move |typed| draft.set(typed))
                on_start=Callback::new(move |asked| {
                    form.start.set(Action::Pending);
                    form.starts.update(|starts| starts.push(asked));
                })
            />
        }
    });
    (form, screen)
}

/// Starts what is chosen, and what was sent for it.
fn start<M: Mountable>(form: Form, screen: &Screen<M>) -> Start {
    type_into(&screen.labelled::<HtmlTextAreaElement>("Prompt"), "Fix it");
    screen.labelled::<HtmlButtonElement>("Start task").click();
    form.start.set(Action::Ready);
    form.starts.with_untracked(|starts| starts.last().unwrap().clone())
}

#[wasm_bindgen_test]
async fn a_prompt_starts_one_task_and_stays_until_it_exists() {
    let (form, screen) = show_form(one_companion());
    let prompt: HtmlTextAreaElement = screen.labelled("Prompt");
    type_into(&prompt, "Fix the importer");
    let button: HtmlButtonElement = screen.labelled("Start task");
    for _ in 0..5 {
        button.click();
    }
    assert_eq!(form.starts.with_untracked(Vec::len), 1, "five clicks start one task");
    let asked = form.starts.with_untracked(|starts| starts[0].clone());
    assert_eq!((asked.owner.as_str(), asked.task.base_ref.as_deref()), ("acme", Some("main")));
    screen.until("pending", |_| button.disabled()).await;

    form.start.set(Action::Failed("There is no agent “x”; choose another.".into()));
    screen.until("the reason", |screen| screen.text().contains("choose another") && !button.disabled()).await;
    assert_eq!(prompt.value(), "Fix the importer");
}

#[wasm_bindgen_test]
async fn an_empty_prompt_is_refused_before_anything_is_sent() {
    let (form, screen) = show_form(one_companion());
    screen.labelled::<HtmlButtonElement>("Start task").click();
    screen.until("the reason", |screen| screen.text().contains("The prompt is empty")).await;
    type_into(&screen.labelled::<HtmlTextAreaElement>("Prompt"), "x");
    screen.until("no reason", |screen| !screen.text().contains("The prompt is empty")).await;
    assert!(form.starts.with_untracked(Vec::is_empty));
}

#[wasm_bindgen_test]
async fn the_fields_follow_the_server_of_the_repository() {
    let mut connections = one_companion();
    add_github(&mut connections);
    let (form, screen) = show_form(connections);
    screen.until("the repositories", |screen| screen.all("optgroup").len() == 2).await;
    assert!(screen.has_labelled("Agent") && !screen.has_labelled("Model"), "a rehearsal has no model");
    assert!(!screen.has_labelled("Open a pull request") && !screen.has_labelled("Custom agent"));
    choose(&screen.labelled::<HtmlSelectElement>("Agent"), "coder");
    screen.until("its models", |screen| screen.has_labelled("Model")).await;
    choose(&screen.labelled::<HtmlSelectElement>("Model"), "small");
    choose(&screen.labelled::<HtmlSelectElement>("Base branch"), "dev");
    let sent = start(form, &screen);
    assert_eq!((sent.connection.0, sent.owner.as_str()), (0, "acme"));
    assert_eq!((sent.task.agent_id.as_deref(), sent.task.model.as_deref()), (Some("coder"), Some("small")));
    assert_eq!((sent.task.base_ref.as_deref(), sent.task.create_pull_request), (Some("dev"), None));

    choose(&screen.labelled::<HtmlSelectElement>("Repository"), "https://api.github.com octo/site");
    screen.until("GitHub's fields", |screen| screen.has_labelled("Open a pull request")).await;
    assert!(screen.has_labelled("Agent") && !screen.has_labelled("Model"));
    assert!(!screen.has_labelled("Continue on this branch"), "not on the default branch");
    screen.labelled::<HtmlInputElement>("Open a pull request").click();
    choose(&screen.labelled::<HtmlSelectElement>("Custom agent"), "reviewer");
    choose(&screen.labelled::<HtmlSelectElement>("Base branch"), "dev");
    screen.until("the way on", |screen| screen.has_labelled("Continue on this branch")).await;
    screen.labelled::<HtmlInputElement>("Continue on this branch").click();
    let sent = start(form, &screen);
    assert_eq!((sent.connection.0, sent.owner.as_str()), (1, "octo"));
    assert_eq!((sent.task.agent_id, sent.task.model), (None, None));
    assert_eq!((sent.task.create_pull_request, sent.task.custom_agent.as_deref()), (Some(true), Some("reviewer")));
    assert_eq!((sent.task.base_ref.as_deref(), sent.task.head_ref.as_deref()), (Some("main"), Some("dev")));
}

#[wasm_bindgen_test]
async fn without_a_server_nothing_can_be_started() {
    let (_, screen) = show_form(Connections::default());
    screen.until("the button", |screen| screen.has_labelled("Start task")).await;
    let button: HtmlButtonElement = screen.labelled("Start task");
    assert!(button.disabled());
    assert_eq!(button.title(), "Connect to a server first");
}
