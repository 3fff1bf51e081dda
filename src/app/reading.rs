//! Where the reader is in a log, kept with the entry of the browser's history: back, forward and reload lead there again.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::store::{LogSpot, LogTarget, ReadingPlace};

/// Where a log is opened: where it was left when this entry was shown last, or where its address leads.
pub(super) fn target(spot: Option<LogSpot>) -> Option<LogTarget> {
    let kept = window().history().ok().and_then(|history| history.state().ok()).and_then(|state| state.as_string());
    let place = kept.as_deref().and_then(ReadingPlace::from_text);
    place.map(LogTarget::Place).or(spot.map(LogTarget::Spot))
}

/// Keeps where the reader is; `None` is the end of the log.
pub(super) fn keep(place: Option<ReadingPlace>) {
    let state = place.map_or(JsValue::NULL, |place| place.to_text().into());
    replace(&state, None);
}

/// Puts a place of the log into the address bar; the history gets no entry by it.
pub(super) fn set_address(fragment: &str) {
    replace(&JsValue::NULL, Some(fragment));
}

/// Browsers refuse this only where it is done too often.
fn replace(state: &JsValue, fragment: Option<&str>) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(state, "", fragment);
    }
}
