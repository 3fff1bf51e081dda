//! Pause and Resume: halts everything of a session, and lets it go on.

use agent_tasks::{Task, rules};
use leptos::prelude::*;

use crate::store::Action;
use crate::ui::{Button, memo};

/// Pauses the session, or lets it go on; nothing where neither can be done.
#[component]
pub fn PauseButton(
    /// The task, once it is known.
    task: Memo<Option<Task>>,
    /// What came of the last press.
    pause: Signal<Action>,
    /// Pressed: to be paused, or to go on.
    on_pause: Callback<bool>,
) -> impl IntoView {
    // `Some(true)`: it can be paused.
    let offer = memo(move || {
        task.with(|task| {
            let task = task.as_ref().filter(|task| task.stop_requested_at.is_none())?;
            [true, false].into_iter().find(|is_paused| rules::can_pause(&task.state, *is_paused).is_ok())
        })
    });
    let reason = Signal::derive(move || (pause.get() == Action::Pending).then(|| "It was asked for".to_owned()));
    let failure = move || match pause.get() {
        Action::Failed(sentence) => Some(view! { <p class="action-error" role="alert">{sentence}</p> }),
        Action::Ready | Action::Pending => None,
    };
    move || {
        offer.get().map(|can_pause| {
            let on_click = Callback::new(move |()| on_pause.run(can_pause));
            let word = if can_pause { "Pause" } else { "Resume" };
            view! {
                <div class="session-pause">
                    <Button disabled_reason=reason on_click>{word}</Button>
                    {failure}
                </div>
            }
        })
    }
}
