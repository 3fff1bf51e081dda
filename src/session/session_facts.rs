//! All that is known of a task whose log is on its server's own pages only.

use agent_tasks::{PullArtifact, Session, State, Task, Timestamp};
use leptos::prelude::*;

use super::usage::cost;
use super::visible_text::{VisibleLine, VisibleText};
use super::web_link::web_link;
use crate::store::{PullLink, status};
use crate::ui::{Badge, Elapsed, Moment, memo};

/// The sessions, newest first, what came of them, and where the log is.
#[component]
pub fn SessionFacts(
    /// The task, once it is known.
    task: Memo<Option<Task>>,
    /// The present moment.
    now: Signal<Timestamp>,
    /// The pages of the task's server.
    web_origin: Memo<String>,
) -> impl IntoView {
    let log_link =
        memo(move || task.with(|task| web_origin.with(|origin| web_link(task.as_ref()?.html_url.as_deref()?, origin))));
    let pull = memo(move || task.with(|task| task.as_ref()?.pull().cloned()));
    let sessions = memo(move || task.with(|task| task.as_ref()?.sessions.clone()).unwrap_or_default());
    let total = move || {
        let is_many = sessions.with(|all| all.iter().filter(|session| session.usage.is_some()).count() > 1);
        sessions.with(|all| cost(all.iter().filter_map(|session| session.usage.as_ref())).filter(|_| is_many))
    };
    let runs = move || {
        let origin = web_origin.get();
        let all = sessions.get();
        let count = all.len();
        let numbered = all.into_iter().enumerate().rev();
        numbered.map(|(index, session)| run(session, index + 1, count, now, &origin)).collect_view()
    };
    view! {
        <div class="session-facts" tabindex="0" role="region" aria-label="Session facts">
            <p class="session-facts-log">
                "This server’s public API does not tell the log of a session. Here is all that it tells. "
                {move || log_link.get().map(|link| view! { <OutLink link text="Open the log on GitHub"/> })}
            </p>
            {move || pull.get().map(|pull| view! { <PullCard pull web_origin=web_origin.get()/> })}
            {move || total().map(|total| view! { <p class="session-facts-total">"In all: " {total}</p> })}
            {runs}
        </div>
    }
}

/// A link to another site's page.
#[component]
fn OutLink(link: String, #[prop(into)] text: String) -> impl IntoView {
    view! { <a href=link target="_blank" rel="noopener noreferrer">{text}</a> }
}

/// The pull request: what it is called, where it stands, what its checks say.
#[component]
fn PullCard(pull: PullArtifact, web_origin: String) -> impl IntoView {
    let link = pull.html_url.as_deref().and_then(|address| PullLink::parse(address, &web_origin));
    let badge = |(word, tone): (&'static str, status::Tone)| {
        view! { <Badge label=word.to_owned() tone=tone.as_str()/> }
    };
    let state = pull.state.map(status::pull).map(badge);
    let checks = pull.checks.map(status::checks).map(badge);
    let number = link.as_ref().map(|link| link.number).or(pull.number);
    let name = number.map_or_else(|| "Pull request".to_owned(), |number| format!("Pull request #{number}"));
    let name = match link {
        Some(link) => view! { <OutLink link=link.address text=name/> }.into_any(),
        None => name.into_any(),
    };
    view! {
        <section class="session-pull" aria-label="Pull request">
            <strong>{name}</strong> {state} {checks}
            {pull.title.map(|title| view! { <span class="session-pull-title"><VisibleLine text=title/></span> })}
        </section>
    }
}

fn run(session: Session, number: usize, count: usize, now: Signal<Timestamp>, web_origin: &str) -> AnyView {
    let heading = if count > 1 { format!("Session {number} of {count}") } else { "Session".to_owned() };
    let run_link = session.run_url.as_deref().and_then(|address| web_link(address, web_origin));
    let start_ms = session.started_at.unwrap_or(session.created_at).as_ms();
    let end_ms = session.completed_at.map(Timestamp::as_ms);
    let is_over = end_ms.is_some() || session.state.is_finished();
    let to_ms = Signal::derive(move || end_ms.unwrap_or_else(|| now.get().as_ms()));
    let length = (end_ms.is_some() || !is_over)
        .then(|| fact("Time", view! { <Elapsed from_ms=Signal::derive(move || start_ms) to_ms/> }.into_any()));
    let moment = |name, at: Option<Timestamp>| at.map(|at| fact(name, view! { <Moment at_ms=at.as_ms()/> }.into_any()));
    let text = |name, text: Option<String>| {
        text.filter(|text| !text.is_empty()).map(|text| fact(name, view! { <VisibleLine text/> }.into_any()))
    };
    let branches = match (session.head_ref, session.base_ref) {
        (Some(head), Some(base)) => Some(format!("{head} → {base}")),
        (head, base) => head.or(base),
    };
    let label = status::label(&session.state).to_owned();
    let tone = status::tone(&session.state).as_str();
    view! {
        <section class="session-run" aria-label=heading.clone()>
            <h2>
                {heading.clone()} " "
                <Badge label=label tone=tone is_busy=session.state == State::InProgress/>
            </h2>
            {session.prompt.map(|text| view! { <p class="session-run-prompt"><VisibleText text/></p> })}
            {session.error.map(|error| view! { <p class="session-header-error"><VisibleText text=error.message/></p> })}
            <dl class="facts">
                {moment("Asked for", Some(session.created_at))}
                {moment("Started", session.started_at)}
                {moment("Finished", session.completed_at)}
                {length}
                {text("Model", session.model)}
                {text("Usage", cost(session.usage.iter()))}
                {text("Branch", branches)}
                {run_link.map(|link| fact("Actions", view! { <OutLink link text="Open the run"/> }.into_any()))}
            </dl>
        </section>
    }
    .into_any()
}

fn fact(name: &'static str, value: AnyView) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
}
