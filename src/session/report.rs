//! How a session ended, and what became of its processes.

use agent_tasks::event::{SessionShutdown, SignalSent, SupervisionReport};
use leptos::prelude::*;
use session_log::{end_sentence, left_sentence};

use super::diffstat::Diffstat;
use super::log_view::{LogContext, LogScreen};
use super::visible_text::{VisibleLine, VisibleText};
use crate::ui::elapsed;

/// The end of a session.
#[component]
pub fn Report(context: LogContext, screen: LogScreen, end: SessionShutdown) -> impl IntoView {
    // How it was stopped matters where somebody stopped it, and where that failed.
    let is_stopped = end.stop_reason.as_deref() == Some("cancelled");
    let sentence = end_sentence(&end);
    let changes = end.code_changes.map(|changes| {
        let files = Some(changes.files_modified.len() as u64);
        view! { <Diffstat added=changes.lines_added removed=changes.lines_removed files /> }
    });
    view! {
        <div class="report">
            <p class="report-sentence"><span class="report-words">{sentence}</span> " " {changes}</p>
            {end.error_reason.map(|reason| view! { <p class="report-reason"><VisibleText text=reason /></p> })}
            {end.report.map(|report| view! { <Processes context screen report is_stopped /> })}
        </div>
    }
}

/// Who got which signal, and how many are left.
#[component]
fn Processes(context: LogContext, screen: LogScreen, report: SupervisionReport, is_stopped: bool) -> impl IntoView {
    let left = view! { <span class="report-words">{left_sentence(&report)}</span> };
    let look = if report.remaining == 0 { "clean" } else { "left" };
    let signal = |sent: SignalSent| {
        view! {
            <li class="report-words">
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
            view! { <li class="report-words">"left: " {process.pid} " " <code><VisibleLine text=process.command /></code></li> }.into_any()
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
            <summary tabindex="-1">{left}</summary>
            <p class="report-how">"After " {how}</p>
            {signals}
        </details>
    }
    .into_any()
}
