//! A permission request: what is asked, in full and with nothing hidden, and the answers on offer.

use std::time::Duration;

use agent_tasks::event::{PermissionOption, PermissionOptionKind, PermissionRequested};
use agent_tasks::rules;
use leptos::{ev, prelude::*};
use session_log::PermissionStep;

use super::Answer;
use super::code::Command;
use super::log_view::{LogContext, LogScreen};
use super::visible_text::{VisibleLine, VisibleText};
use crate::store::Action;
use crate::ui::memo;

/// How long the buttons do nothing after they appear: a click that was meant for what was there before must
/// not answer.
const INERT: Duration = Duration::from_millis(500);

/// What permission is asked for.
#[component]
pub fn PermissionAsk(asked: PermissionRequested) -> impl IntoView {
    let mut request = asked.permission_request;
    // Some agents call a command by itself.
    request.title = request.title.filter(|title| Some(title) != request.command.as_ref());
    let places: Vec<AnyView> = request
        .locations
        .into_iter()
        .map(|place| view! { <li><code><VisibleLine text=place.path /></code></li> }.into_any())
        .collect();
    view! {
        <div class="permission-ask">
            <p class="permission-ask-question">"The agent asks before it goes on:"</p>
            {request.title.map(|title| view! { <p class="permission-ask-title"><VisibleText text=title /></p> })}
            {request.command.map(|command| view! { <pre class="permission-ask-command"><code><Command text=command /></code></pre> })}
            {(!places.is_empty()).then(|| view! { <ul class="permission-ask-places">{places}</ul> })}
        </div>
    }
}

/// The buttons, or what was chosen.
#[component]
pub fn PermissionAnswer(context: LogContext, screen: LogScreen, permission: PermissionStep) -> impl IntoView {
    if let Some(result) = &permission.result {
        let chosen = permission.chosen().unwrap_or(&result.kind).to_owned();
        return view! { <p class="permission-chosen">"Answered: " <strong><VisibleLine text=chosen /></strong></p> }
            .into_any();
    }
    let request_id = StoredValue::new(permission.asked.request_id);
    let is_inert = RwSignal::new(true);
    set_timeout(
        move || {
            is_inert.try_set(false);
        },
        INERT,
    );
    let is_ours = move || {
        context
            .answered
            .with(|answer| answer.as_ref().is_some_and(|answer| request_id.with_value(|id| answer.request_id == *id)))
    };
    let is_pending = memo(move || is_ours() && context.answer.get() == Action::Pending);
    let failure = move || match context.answer.get() {
        Action::Failed(sentence) if is_ours() => Some(sentence),
        Action::Failed(_) | Action::Ready | Action::Pending => None,
    };
    let refusal = memo(move || context.task.with(|task| rules::can_answer(&task.as_ref()?.state).err()));
    let is_disabled = Signal::derive(move || is_inert.get() || is_pending.get() || refusal.get().is_some());
    let on_choose = Callback::new(move |option_id: String| {
        if is_disabled.get_untracked() {
            return;
        }
        let answer = Answer { request_id: request_id.get_value(), option_id };
        // The buttons can do nothing from now on, and soon are gone: a browser gives their focus to the page.
        screen.take_focus();
        context.answered.set(Some(answer.clone()));
        context.on_answer.run(answer);
    });
    let options: Vec<AnyView> = permission
        .asked
        .options
        .into_iter()
        .map(|option| view! { <OptionButton option is_disabled refusal on_choose /> }.into_any())
        .collect();
    view! {
        <div class="permission-answer" role="group" aria-label="Answer the agent">
            {options}
            <p class="permission-answer-hint">
                {move || if is_pending.get() { "Sending the answer…" } else { "By click or space key; Enter allows nothing." }}
            </p>
            {move || failure().map(|sentence| view! { <p class="action-error" role="alert">{sentence}</p> })}
        </div>
    }
    .into_any()
}

#[component]
fn OptionButton(
    option: PermissionOption,
    is_disabled: Signal<bool>,
    refusal: Memo<Option<rules::Refusal>>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let PermissionOption { option_id, name, kind } = option;
    let (look, allows) = match kind {
        PermissionOptionKind::AllowOnce => ("allow_once", true),
        PermissionOptionKind::AllowAlways => ("allow_always", true),
        PermissionOptionKind::RejectAlways => ("reject_always", false),
        PermissionOptionKind::RejectOnce => ("reject_once", false),
    };
    // Enter may be held down from another field, or be pressed by habit: it never allows.
    let on_keydown = move |event: ev::KeyboardEvent| {
        if event.repeat() || (allows && event.key() == "Enter") {
            event.prevent_default();
        }
    };
    view! {
        <button
            type="button"
            class="permission-option"
            data-option=look
            disabled=is_disabled
            title=move || refusal.get().map(|refusal| refusal.reason())
            on:keydown=on_keydown
            on:click=move |_| on_choose.run(option_id.clone())
        >
            <VisibleLine text=name />
        </button>
    }
}
