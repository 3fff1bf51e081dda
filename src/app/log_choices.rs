//! Keeps how a reader likes logs on the device. The next log that is opened, in whichever tab, begins with it.

use leptos::prelude::*;

use super::storage::{self, Keep};
use crate::store::LogChoices;

/// Where the choices are kept.
const LOG_CHOICES_KEY: &str = "flightdeck.log";
/// From this width on the outline stands beside the log until somebody chooses otherwise, in pixels.
const WIDE_PX: f64 = 1_100.0;
/// Up to this width it lies over the log, in pixels.
const SHEET_PX_MAX: f64 = 720.0;

/// What was chosen last; what is chosen from now on is kept.
pub(super) fn kept_log_choices() -> RwSignal<LogChoices> {
    let choices = RwSignal::new(match storage::read(Keep::Device, LOG_CHOICES_KEY) {
        // Where there is no room beside the log the outline would lie over it: it is opened by hand.
        Some(kept) => {
            let kept = LogChoices::from_text(&kept);
            LogChoices { has_outline: kept.has_outline && !is_sheet(), ..kept }
        }
        None => LogChoices { has_outline: is_wide(), ..LogChoices::default() },
    });
    Effect::new(move |is_there: Option<()>| {
        let text = choices.with(LogChoices::to_text);
        if is_there.is_some() {
            storage::write(Keep::Device, LOG_CHOICES_KEY, &text);
        }
    });
    choices
}

/// Whether the outline would lie over the log.
fn is_sheet() -> bool {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    width.is_some_and(|width| width <= SHEET_PX_MAX)
}

/// Whether the window has room for the outline.
fn is_wide() -> bool {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    width.is_some_and(|width| width >= WIDE_PX)
}
