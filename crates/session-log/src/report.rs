//! What the end of a session says, in sentences: how it ended, and what became of its processes.

use agent_tasks::event::{SessionShutdown, ShutdownType, SignalSent, SupervisionReport};

/// How a session ended.
pub fn end_sentence(end: &SessionShutdown) -> &'static str {
    match (end.shutdown_type, end.stop_reason.as_deref()) {
        (ShutdownType::Error, _) => "The session broke off.",
        (ShutdownType::Routine, Some("cancelled")) => "The session was stopped.",
        (ShutdownType::Routine, Some("max_tokens" | "max_turn_requests")) => "The agent reached its limit.",
        (ShutdownType::Routine, Some("refusal")) => "The agent refused to go on.",
        (ShutdownType::Routine, Some(_) | None) => "The session is over.",
    }
}

/// How many processes are left.
pub fn left_sentence(report: &SupervisionReport) -> String {
    match report.remaining {
        0 => "Nothing is left running".to_owned(),
        1 => "1 process is still running".to_owned(),
        remaining => [&remaining.to_string(), " processes are still running"].concat(),
    }
}

/// All of it, a line for each part.
pub(crate) fn words(end: &SessionShutdown) -> String {
    let mut lines = vec![end_sentence(end).to_owned()];
    lines.extend(end.error_reason.clone());
    if let Some(report) = &end.report {
        lines.push(left_sentence(report));
        lines.extend(report.signals.iter().map(signal));
        let left = |pid: u32, command: &str| ["left: ", &pid.to_string(), " ", command].concat();
        lines.extend(report.survivors.iter().map(|process| left(process.pid, &process.command)));
    }
    lines.join("\n")
}

fn signal(sent: &SignalSent) -> String {
    [&sent.signal, " to ", &sent.process.pid.to_string(), " ", &sent.process.command].concat()
}
