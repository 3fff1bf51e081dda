//! The tools above a log.

use leptos::prelude::*;

use super::log_view::{LogContext, LogScreen};

/// What of the log is shown, and how.
#[component]
pub fn LogToolbar(context: LogContext, screen: LogScreen) -> impl IntoView {
    let _ = (context, screen);
}
