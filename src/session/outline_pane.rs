//! The outline beside a log.

use leptos::prelude::*;

use super::log_view::{LogContext, LogScreen};

/// The steps that matter, where the reader is, and where the hits are.
#[component]
pub fn OutlinePane(context: LogContext, screen: LogScreen) -> impl IntoView {
    let _ = (context, screen);
}
