//! A row under a step's header. It is made anew when what it shows changes.

use agent_tasks::event::{PlanEntry, PlanStatus};
use leptos::prelude::*;
use session_log::highlight::Language;
use session_log::{Body, Content, StepKind};

use super::ansi::run_of;
use super::change::{ChangeFile, ChangeLine};
use super::code::{ListedLine, listed_runs};
use super::folded::{JsonRow, RowPlace, UnchangedRow};
use super::kept_rows::{NewContent, NewRow};
use super::log_view::{LogContext, LogScreen};
use super::permission::{PermissionAnswer, PermissionAsk};
use super::picture::PictureView;
use super::plain_row::{PlainRow, Setting};
use super::prose::{NoteLine, Prose};
use super::report::Report;
use super::step_header::depth_of;
use super::visible_text::VisibleText;
use crate::ui::counted;

/// The row at a place of a step.
pub fn body_row(context: LogContext, screen: LogScreen, place: RowPlace) -> NewRow {
    context.document.with_untracked(|document| {
        let step = document.step(place.step);
        let setting = Setting {
            is_prompt: step.is_some_and(|step| matches!(step.kind, StepKind::Prompt)),
            depth: depth_of(screen, place.step),
        };
        let row_of = |body: &Body| {
            let content = body.content(step?, place.row)?;
            let is_absent = content == Content::Absent;
            Some(NewRow { content: show(context, screen, place, setting, content), is_absent })
        };
        let row = screen.with_body(place.step, row_of).flatten();
        row.unwrap_or_else(|| NewRow { content: absent(context, setting), is_absent: true })
    })
}

/// Whether what a row shows is not in the document.
pub fn is_absent(context: LogContext, screen: LogScreen, step: usize, row: usize) -> bool {
    context.document.with_untracked(|document| {
        let Some(shown) = document.step(step) else { return true };
        let is_there = |body: &Body| body.content(shown, row).is_some_and(|it| it != Content::Absent);
        screen.with_body(step, is_there) != Some(true)
    })
}

/// Stands where something is still to be loaded: a place that says nothing, unless it could not be loaded.
fn absent(context: LogContext, setting: Setting) -> NewContent {
    if context.load_failure.with_untracked(Option::is_some) {
        return rich(setting, view! { <AbsentRow context /> }.into_any());
    }
    NewContent::Plain(PlainRow { setting, words: None })
}

/// A row that is more than words.
fn rich(Setting { is_prompt, depth }: Setting, content: AnyView) -> NewContent {
    let step = is_prompt.then_some("prompt");
    NewContent::View(view! { <div class="log-row" data-step=step data-depth=depth>{content}</div> }.into_any())
}

/// Says that something could not be loaded.
#[component]
fn AbsentRow(context: LogContext) -> impl IntoView {
    let failure = context.load_failure;
    view! {
        <span class="log-row-absent">
            {move || failure.get().map(|sentence| view! {
                <span class="log-row-lost">"This could not be loaded. " {sentence} " "</span>
                <button type="button" class="log-row-again" tabindex="-1" on:click=move |_| context.on_retry.run(())>
                    "Try again"
                </button>
            })}
        </span>
    }
}

fn show(context: LogContext, screen: LogScreen, place: RowPlace, setting: Setting, content: Content<'_>) -> NewContent {
    let view = match content {
        Content::Absent => return absent(context, setting),
        Content::Output(spans) => {
            return NewContent::Plain(PlainRow { setting, words: Some(spans.into_iter().map(run_of).collect()) });
        }
        Content::Earlier(lines) => {
            view! { <span class="log-row-earlier">{counted(lines as usize, "line")} " before"</span> }.into_any()
        }
        Content::Code { text, language, state } => {
            if let Some(words) = listed_runs(&text, language, state) {
                return NewContent::Plain(PlainRow { setting, words: Some(words) });
            }
            view! { <code class="log-row-text"><ListedLine text language state /></code> }.into_any()
        }
        Content::Json { text, entries, is_input } => {
            view! { <JsonRow context screen place text entries is_input /> }.into_any()
        }
        Content::Markdown(blocks) => view! { <Prose blocks /> }.into_any(),
        Content::DiffFile(file) => view! { <ChangeFile file=file.clone() /> }.into_any(),
        Content::DiffLine(file, line) => {
            let language = Language::of_path(&file.path);
            view! { <ChangeLine line=line.clone() marks=file.marks(line) language /> }.into_any()
        }
        Content::Unchanged(lines) => view! { <UnchangedRow context screen place lines /> }.into_any(),
        Content::Picture(picture) => view! { <PictureView picture=picture.clone() /> }.into_any(),
        Content::PlanEntry(entry) => view! { <PlanRow entry=entry.clone() /> }.into_any(),
        Content::Ask(permission) => view! { <PermissionAsk asked=permission.asked.clone() /> }.into_any(),
        Content::Answer(permission) => {
            view! { <PermissionAnswer context screen permission=permission.clone() /> }.into_any()
        }
        Content::Report(end) => view! { <Report context screen end=end.clone() /> }.into_any(),
        Content::Note(note) => view! { <p class="log-row-note"><NoteLine text=note.to_owned() /></p> }.into_any(),
        Content::Failure(message) => {
            view! { <p class="log-row-failure"><VisibleText text=message.to_owned() /></p> }.into_any()
        }
    };
    rich(setting, view)
}

/// An entry of a plan.
#[component]
fn PlanRow(entry: PlanEntry) -> impl IntoView {
    let (look, word) = match entry.status {
        PlanStatus::Completed => ("done", "Done"),
        PlanStatus::InProgress => ("doing", "Under way"),
        PlanStatus::Pending => ("open", "Open"),
    };
    view! {
        <div class="plan-row" data-plan=look>
            <span class="plan-row-mark" role="img" aria-label=word></span>
            <span class="plan-row-text"><VisibleText text=entry.content /></span>
        </div>
    }
}
