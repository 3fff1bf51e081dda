//! Keeps how a reader likes logs on the device. The next log that is opened, in whichever tab, begins with it.

use leptos::prelude::*;

use super::storage::{self, Keep};
use crate::store::LogChoices;

/// Where the choices are kept.
const LOG_CHOICES_KEY: &str = "flightdeck.log";

/// What was chosen last; what is chosen from now on is kept.
pub(super) fn kept_log_choices() -> RwSignal<LogChoices> {
    let kept = storage::read(Keep::Device, LOG_CHOICES_KEY).unwrap_or_default();
    let choices = RwSignal::new(LogChoices::from_text(&kept));
    Effect::new(move |is_there: Option<()>| {
        let text = choices.with(LogChoices::to_text);
        if is_there.is_some() {
            storage::write(Keep::Device, LOG_CHOICES_KEY, &text);
        }
    });
    choices
}
