//! How a session ended, and what became of its processes.

use agent_tasks::event::{SessionShutdown, ShutdownType, SignalSent, SupervisionReport};
use leptos::prelude::*;

use super::diffstat::Diffstat;
use super::log_view::{LogContext, LogScreen};
use super::visible_text::{VisibleLine, VisibleText};
use crate::ui::elapsed;

/// The end of a session.
#[component]
pub fn Report(context: LogContext, screen: LogScreen, end: SessionShutdown) -> impl IntoView {
    // How it was stopped matters where somebody stopped it, and where that failed.
    let is_stopped = end.stop_reason.as_deref() == Some("cancelled");
    let sentence = match (end.shutdown_type, end.stop_reason.as_deref()) {
        (ShutdownType::Error, _) => "The session broke off.",
        (ShutdownType::Routine, Some("cancelled")) => "The session was stopped.",
        (ShutdownType::Routine, Some("max_tokens" | "max_turn_requests")) => "The agent reached its limit.",
        (ShutdownType::Routine, Some("refusal")) => "The agent refused to go on.",
        (ShutdownType::Routine, Some(_) | None) => "The session is over.",
    };
    let changes = end.code_changes.map(|changes| {
        let files = Some(changes.files_modified.len() as u64);
        view! { <Diffstat added=changes.lines_added removed=changes.lines_removed files /> }
    });
    view! {
        <div class="report">
            <p class="report-sentence">{sentence} " " {changes}</p>
            {end.error_reason.map(|reason| view! { <p class="report-reason"><VisibleText text=reason /></p> })}
            {end.report.map(|report| view! { <Processes context screen report is_stopped /> })}
        </div>
    }
}

/// Who got which signal, and how many are left.
#[component]
fn Processes(context: LogContext, screen: LogScreen, report: SupervisionReport, is_stopped: bool) -> impl IntoView {
    let left = match report.remaining {
        0 => "Nothing is left running".to_owned(),
        1 => "1 process is still running".to_owned(),
        remaining => format!("{remaining} processes are still running"),
    };
    let look = if report.remaining == 0 { "clean" } else { "left" };
    let signal = |sent: SignalSent| {
        view! {
            <li>
                <code>{sent.signal}</code> " to " {sent.process.pid} " "
                <code><VisibleLine text=sent.process.command /></code>
            </li>
        }
        .into_any()
    };
    let signals: Vec<AnyView> = report.signals.into_iter().map(signal).collect();
    let survivors: Vec<AnyView> = report
        .survivors
        .into_iter()
        .map(|process| {
            view! { <li>"left: " {process.pid} " " <code><VisibleLine text=process.command /></code></li> }.into_any()
        })
        .collect();
    let signals = view! { <ul class="report-signals">{signals} {survivors}</ul> };
    let how = [&elapsed(report.duration_ms), ", by ", &report.layer].concat();
    if is_stopped || report.remaining > 0 {
        return view! {
            <p class="report-left" data-left=look>{left} " (" {report.remaining} " left, after " {how} ")"</p>
            {signals}
        }
        .into_any();
    }
    view! {
        <details class="report-left" on:toggle=move |_| screen.settle(context)>
            <summary>{left}</summary>
            <p class="report-how">"After " {how}</p>
            {signals}
        </details>
    }
    .into_any()
}
