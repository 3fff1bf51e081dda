//! Brings what a run tells into the log. While the log cannot be written, it is held back, and the agent with it: its
//! pipe is not read any further.

use std::time::Duration;

use tokio::time::Instant;

use super::scheduler::Place;
use crate::log::{Entry, Log, LogError};

/// How soon it is tried again.
const RETRY_PAUSE: Duration = Duration::from_millis(500);

/// Appends `entries`; tries for `patience` while the disk is full or somebody keeps the file locked.
pub async fn append(log: &Log, place: &Place, entries: Vec<Entry>, patience: Duration) -> Result<(), LogError> {
    let until = Instant::now() + patience;
    loop {
        let (place, batch) = (place.clone(), entries.clone());
        let written = log.write(move |tx| tx.append(&place.task_id, &place.session_id, batch)).await;
        match written {
            Ok(_) => return Ok(()),
            Err(error @ (LogError::Full | LogError::Busy)) if Instant::now() < until => {
                tracing::warn!(%error, "events are held back until the log can be written");
                tokio::time::sleep(RETRY_PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    }
}
