//! Find in the log.

use leptos::prelude::*;

use super::log_view::{LogContext, LogScreen};

/// What is searched for, and what was found.
#[component]
pub fn FindBar(context: LogContext, screen: LogScreen) -> impl IntoView {
    let _ = (context, screen);
}
