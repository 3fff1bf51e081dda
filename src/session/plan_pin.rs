//! The newest plan, which stays in view.

use leptos::prelude::*;

use super::log_view::{LogContext, LogScreen};

/// The agent's plan as a checklist.
#[component]
pub fn PlanPin(context: LogContext, screen: LogScreen) -> impl IntoView {
    let _ = (context, screen);
}
