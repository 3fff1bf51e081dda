//! What can be taken of a step: its text, its Markdown, its command, its address.

use leptos::prelude::*;
use session_log::{LogDocument, PlainFormat, StepKind, plain_bytes, plain_under};

use super::log_view::LogContext;
use super::selection::COPY_BYTES_MAX;
use crate::ui::{MenuItem, MenuList, MenuState, copy_text};

/// How long it is said what came of a copy, in milliseconds.
const SAID_MS: u64 = 4_000;

const TOO_LONG: &str = "Not copied: the step is longer than 16 MB. Download the log instead.";

/// Something that can be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copy {
    Text,
    Markdown,
    Command,
    Link,
}

impl Copy {
    const fn words(self) -> &'static str {
        match self {
            Self::Text => "Copy as text",
            Self::Markdown => "Copy as Markdown",
            Self::Command => "Copy the command",
            Self::Link => "Copy the link",
        }
    }
}

/// The button of a step. What is behind it is made when it is pressed first: every step has one, and few are used.
#[component]
pub fn StepMenu(context: LogContext, step: usize) -> impl IntoView {
    let state = MenuState::closed();
    let was_opened = Memo::new(move |was_opened: Option<&bool>| was_opened == Some(&true) || state.is_open.get());
    view! {
        <span class="step-menu">
            <button
                type="button"
                class="step-menu-button"
                tabindex="-1"
                aria-label="Copy this step"
                aria-haspopup="menu"
                aria-expanded=move || state.is_open.get().to_string()
                node_ref=state.button
                on:keydown=move |event| state.on_key(&event)
                on:click=move |_| state.toggle()
            >
                "⋯"
            </button>
            {move || was_opened.get().then(|| view! { <Copies context step state /> })}
        </span>
    }
}

/// The list while it is open, and what came of it.
#[component]
fn Copies(context: LogContext, step: usize, state: MenuState) -> impl IntoView {
    let said = RwSignal::new("");
    // What is still to be copied when the rest of the step has come.
    let awaited = RwSignal::new(None::<PlainFormat>);
    let copies = move || {
        let has_command = context.document.with_untracked(|document| command_of(document, step).is_some());
        let all = [Copy::Text, Copy::Markdown, Copy::Command, Copy::Link];
        all.into_iter().filter(|copy| *copy != Copy::Command || has_command).collect::<Vec<_>>()
    };
    let items = move || copies().into_iter().map(|copy| MenuItem::action(copy.words())).collect::<Vec<_>>();
    let on_choose = Callback::new(move |index: usize| match copies().get(index) {
        Some(Copy::Text) => awaited.set(Some(PlainFormat::Text)),
        Some(Copy::Markdown) => awaited.set(Some(PlainFormat::Markdown)),
        Some(Copy::Command) => {
            let command = context.document.with_untracked(|document| command_of(document, step));
            copy(command.unwrap_or_default(), said);
        }
        Some(Copy::Link) => {
            let seq = context.document.with_untracked(|document| document.step(step).map(|step| step.seq));
            copy(here(&context.step_address.run(seq.unwrap_or_default())), said);
        }
        None => {}
    });
    Effect::new(move |_| {
        let Some(format) = awaited.get() else { return };
        if context.document.with_untracked(|document| plain_bytes(document, step)) > COPY_BYTES_MAX {
            awaited.set(None);
            return said.set(TOO_LONG);
        }
        match context.document.with(|document| plain_under(document, step, format)) {
            Ok(text) => {
                awaited.set(None);
                copy(text, said);
            }
            Err(wants) => {
                said.set("Loading the step…");
                context.on_want.run(wants);
            }
        }
    });
    view! {
        <Show when=move || state.is_open.get()>
            <MenuList label="Copy this step" state items=items() on_choose />
        </Show>
        {move || Some(said.get()).filter(|said| !said.is_empty()).map(|said| view! {
            <span class="step-menu-said" role="status">{said}</span>
        })}
    }
}

fn command_of(document: &LogDocument, step: usize) -> Option<String> {
    match &document.step(step)?.kind {
        StepKind::Tool(tool) => tool.command.clone(),
        StepKind::Permission(permission) => permission.asked.permission_request.command.clone(),
        StepKind::Session(_)
        | StepKind::Prompt
        | StepKind::Info(_)
        | StepKind::Reasoning
        | StepKind::Message
        | StepKind::Plan(_)
        | StepKind::Error(_)
        | StepKind::Stop(_)
        | StepKind::Shutdown(_)
        | StepKind::Unknown(_) => None,
    }
}

/// A fragment of this page as a whole address.
fn here(fragment: &str) -> String {
    let location = window().location();
    let page = [location.origin(), location.pathname()].into_iter().filter_map(Result::ok);
    page.collect::<String>() + fragment
}

/// Hands a text to the clipboard, and says what came of it for a while.
fn copy(text: String, said: RwSignal<&'static str>) {
    leptos::task::spawn_local(async move {
        let words = copy_text(&text).await.map_or_else(|sentence| sentence, |()| "Copied");
        said.try_set(words);
        let forget = move || {
            said.try_set("");
        };
        set_timeout(forget, std::time::Duration::from_millis(SAID_MS));
    });
}
