//! The box under the log: what to tell the agent next.

use agent_tasks::{Prompt, Task, rules};
use leptos::{ev, prelude::*};

use crate::store::Action;
use crate::ui::memo;

/// Rows of the field for a draft of many lines, where the browser does not size it itself.
const ROWS_MAX: usize = 6;

/// A text field and Send. What was typed is kept until it has been taken.
#[component]
pub fn FollowUp(
    /// The task, once it is known.
    task: Memo<Option<Task>>,
    /// What came of the last follow-up.
    action: Signal<Action>,
    /// A follow-up was sent.
    on_send: Callback<Prompt>,
) -> impl IntoView {
    let draft = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    // What is on its way; taken out of the draft once it has arrived.
    let sent = RwSignal::new(None::<String>);

    let refusal = memo(move || task.with(|task| rules::can_steer(task.as_ref()?).err()));
    let is_active = memo(move || task.with(|task| task.as_ref().is_some_and(|task| task.state.is_active())));
    let is_pending = memo(move || action.get() == Action::Pending);
    let is_disabled = move || refusal.get().is_some() || is_pending.get();
    let hint = move || match refusal.get() {
        Some(refusal) => format!("No follow-up: {refusal}."),
        None if is_active.get() => "Waits until the present session is over. Ctrl or ⌘ and Enter sends.".into(),
        None => "Starts a session on the same branch. Ctrl or ⌘ and Enter sends.".into(),
    };
    let trouble = move || match action.get() {
        Action::Failed(sentence) => Some(sentence),
        Action::Ready | Action::Pending => problem.get(),
    };

    Effect::new(move |was_pending: Option<bool>| {
        let action = action.get();
        if was_pending == Some(true) && action == Action::Ready {
            // A draft that was changed while it was on its way is a new one.
            if sent.get_untracked() == Some(draft.get_untracked()) {
                draft.set(String::new());
            }
            sent.set(None);
        }
        action == Action::Pending
    });

    let send = move || {
        if is_disabled() {
            return;
        }
        match draft.with_untracked(|draft| Prompt::parse(draft)) {
            Ok(prompt) => {
                problem.set(None);
                sent.set(Some(draft.get_untracked()));
                on_send.run(prompt);
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
            <label class="visually-hidden" for="follow-up-text">"Follow-up"</label>
            <textarea
                id="follow-up-text"
                class="follow-up-text"
                rows=move || draft.with(|draft| draft.split('\n').count().min(ROWS_MAX)).to_string()
                placeholder="Tell the agent what to do next"
                aria-describedby="follow-up-hint"
                disabled=move || refusal.get().is_some()
                prop:value=move || draft.get()
                on:input=move |event| draft.set(event_target_value(&event))
                on:keydown=on_keydown
            ></textarea>
            <button type="submit" class="follow-up-send" disabled=is_disabled title=hint>
                {move || if is_pending.get() { "Sending…" } else { "Send" }}
            </button>
            <p id="follow-up-hint" class="follow-up-hint">{hint}</p>
            {move || trouble().map(|sentence| view! { <p class="action-error" role="alert">{sentence}</p> })}
        </form>
    }
}
