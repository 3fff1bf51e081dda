//! The box under the log: what to tell the agent next, and how.

use agent_tasks::{FollowUpWay, Prompt, Task, rules};
use leptos::{ev, prelude::*};

use crate::store::Action;
use crate::ui::{Choice, Select, Symbol, memo};

/// Rows of the field for a draft of many lines, where the browser does not size it itself.
const ROWS_MAX: usize = 6;
/// What is said where there is no way to go on.
const NO_WAY: &str = "No follow-up here yet: the task has neither a pull request nor a branch to go on with. Start \
                      another task instead.";

/// The box, or why there is none.
#[component]
pub fn FollowUp(
    /// The task, once it is known.
    task: Memo<Option<Task>>,
    /// The ways in which it can go on, the usual one first.
    ways: Signal<Vec<FollowUpWay>>,
    /// What came of the last follow-up.
    action: Signal<Action>,
    /// A follow-up was sent.
    on_send: Callback<(FollowUpWay, Prompt)>,
) -> impl IntoView {
    let absence = memo(move || {
        let refusal = task.with(|task| rules::can_steer(task.as_ref()?).err());
        let is_stuck = || ways.with(Vec::is_empty).then(|| NO_WAY.to_owned());
        refusal.map(|refusal| format!("No follow-up: {refusal}.")).or_else(is_stuck)
    });
    let is_there = memo(move || absence.with(Option::is_none));
    view! {
        <Show
            when=move || is_there.get()
            fallback=move || view! { <p class="follow-up-absent">{move || absence.get()}</p> }
        >
            <FollowUpForm task ways action on_send />
        </Show>
    }
}

/// A text field and Send. What was typed is kept until it has been taken.
#[component]
fn FollowUpForm(
    /// The task, once it is known.
    task: Memo<Option<Task>>,
    /// The ways in which it can go on; at least one.
    ways: Signal<Vec<FollowUpWay>>,
    /// What came of the last follow-up.
    action: Signal<Action>,
    /// A follow-up was sent.
    on_send: Callback<(FollowUpWay, Prompt)>,
) -> impl IntoView {
    let draft = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    // What is on its way, and how; taken out of the draft once it has arrived.
    let sent = RwSignal::new(None::<(String, FollowUpWay)>);
    let arrived = RwSignal::new(None::<FollowUpWay>);

    let picked = RwSignal::new(None::<FollowUpWay>);

    // A way that is gone gives way to the usual one.
    let way =
        memo(move || ways.with(|ways| picked.get().filter(|way| ways.contains(way)).or_else(|| ways.first().cloned())));
    let way_names =
        memo(move || ways.with(|ways| ways.iter().map(|way| Choice::plain(&name_of(way))).collect::<Vec<_>>()));
    let is_choice = memo(move || way_names.with(Vec::len) > 1);
    let on_choose = Callback::new(move |name: String| {
        picked.set(ways.with_untracked(|ways| ways.iter().find(|way| name_of(way) == name).cloned()));
    });
    let chosen = memo(move || way.with(|way| way.as_ref().map(name_of).unwrap_or_default()));
    let is_active = memo(move || task.with(|task| task.as_ref().is_some_and(|task| task.state.is_active())));
    let is_pending = memo(move || action.get() == Action::Pending);
    let hint = move || {
        let what = way.with(|way| way.as_ref().map(|way| hint_of(way, is_active.get())));
        [what.unwrap_or_default(), " Ctrl or ⌘ and Enter sends."].concat()
    };
    // What is wrong with the present draft is said before what came of an earlier one.
    let trouble = move || {
        problem.get().or_else(|| match action.get() {
            Action::Failed(sentence) => Some(sentence),
            Action::Ready | Action::Pending => None,
        })
    };

    Effect::new(move |was_pending: Option<bool>| {
        let action = action.get();
        if was_pending == Some(true) && action == Action::Ready {
            if let Some((text, way)) = sent.get_untracked() {
                // A draft that was changed while it was on its way is a new one.
                if text == draft.get_untracked() {
                    draft.set(String::new());
                }
                arrived.set(Some(way));
            }
            sent.set(None);
        }
        action == Action::Pending
    });

    let send = move || {
        if is_pending.get_untracked() {
            return;
        }
        let Some(way) = way.get_untracked() else { return };
        match draft.with_untracked(|draft| Prompt::parse(draft)) {
            Ok(prompt) => {
                problem.set(None);
                arrived.set(None);
                sent.set(Some((draft.get_untracked(), way.clone())));
                on_send.run((way, prompt));
            }
            Err(error) => problem.set(Some(error.to_string())),
        }
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        send();
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !event.repeat() {
            event.prevent_default();
            send();
        }
    };
    view! {
        <form class="follow-up" on:submit=on_submit>
            {move || is_choice.get().then(|| view! {
                <Select label="Follow up by" symbol=Symbol::Note choices=way_names chosen on_choose/>
            })}
            <label class="visually-hidden" for="follow-up-text">"Follow-up"</label>
            <textarea
                id="follow-up-text"
                class="follow-up-text"
                rows=move || draft.with(|draft| draft.split('\n').count().min(ROWS_MAX)).to_string()
                placeholder="Tell the agent what to do next"
                aria-describedby="follow-up-hint"
                prop:value=move || draft.get()
                on:input=move |event| {
                    problem.set(None);
                    arrived.set(None);
                    draft.set(event_target_value(&event));
                }
                on:keydown=on_keydown
            ></textarea>
            <button type="submit" class="follow-up-send" disabled=is_pending title=hint>
                {move || if is_pending.get() { "Sending…" } else { "Send" }}
            </button>
            <p id="follow-up-hint" class="follow-up-hint">{hint}</p>
            <p class="follow-up-arrived" role="status">{move || arrived.with(|way| way.as_ref().and_then(arrival_of))}</p>
            {move || trouble().map(|sentence| view! { <p class="action-error" role="alert">{sentence}</p> })}
        </form>
    }
}

/// A way, as it is chosen.
fn name_of(way: &FollowUpWay) -> String {
    match way {
        FollowUpWay::SameTask => "Another session of this task".to_owned(),
        FollowUpWay::Comment(number) => format!("Comment on pull request #{number}"),
        FollowUpWay::NewTask { head_ref, .. } => format!("New task on branch {head_ref}"),
    }
}

/// What comes of a way.
fn hint_of(way: &FollowUpWay, is_active: bool) -> &'static str {
    match (way, is_active) {
        (FollowUpWay::SameTask, true) => "Waits until the present session is over.",
        (FollowUpWay::SameTask, false) => "Starts a session on the same branch.",
        (FollowUpWay::Comment(_), _) => "Posts a comment that calls the agent to the pull request.",
        (FollowUpWay::NewTask { .. }, true) => "Starts another task on the branch that this one still works on.",
        (FollowUpWay::NewTask { .. }, false) => "Starts another task that goes on with this branch.",
    }
}

/// What is said once it has arrived; nothing where the page itself shows it.
fn arrival_of(way: &FollowUpWay) -> Option<AnyView> {
    match way {
        FollowUpWay::SameTask => None,
        FollowUpWay::Comment(number) => Some(format!("The comment is on pull request #{number}.").into_any()),
        FollowUpWay::NewTask { .. } => Some(
            view! { "Another task was started: it is in the list of " <a href="#/">"all tasks"</a> "." }.into_any(),
        ),
    }
}
