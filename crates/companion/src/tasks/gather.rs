//! Gathering a run's events into batches: what comes at once is committed at once, and deltas may wait
//! a moment for more of the same.

use std::time::Duration;

use tokio::{sync::mpsc, time::Instant};

use crate::{
    agents::NewEvent,
    log::{Entry, merge},
};

/// How long a delta waits for more of the same.
const GATHER: Duration = Duration::from_millis(30);
/// The most bytes of deltas that wait.
const GATHER_BYTES_MAX: usize = 64 * 1024;
/// A batch ends with the event that makes it longer than so many bytes: it may have to be held for a while.
const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most events of one batch.
const GATHER_EVENTS_MAX: usize = 512;

/// Waits for events and puts them into `batch`; tells whether more may come. May be dropped at any
/// await: what was received is in `batch`.
pub async fn gather(events: &mut mpsc::Receiver<NewEvent>, batch: &mut Vec<Entry>) -> bool {
    let Some(first) = events.recv().await else { return false };
    let deadline = Instant::now() + GATHER;
    let (mut deltas, mut bytes) = (0, 0);
    let mut take = |event: NewEvent, batch: &mut Vec<Entry>| {
        deltas += merge::delta_bytes(&event.body);
        // What an agent sent is as long as what it became, about.
        bytes += event.raw.as_ref().map_or(0, String::len).max(merge::delta_bytes(&event.body));
        let may_wait = merge::is_delta(&event.body) && deltas < GATHER_BYTES_MAX;
        batch.push(Entry { body: event.body, ephemeral: event.ephemeral, raw: event.raw });
        (may_wait, batch.len() < GATHER_EVENTS_MAX && bytes < BATCH_BYTES_MAX)
    };
    let (mut may_wait, mut has_room) = take(first, batch);
    while has_room {
        let next = match events.try_recv() {
            Ok(event) => event,
            Err(_) if may_wait => match tokio::time::timeout_at(deadline, events.recv()).await {
                Ok(Some(event)) => event,
                Ok(None) => return false,
                Err(_) => break,
            },
            Err(_) => break,
        };
        (may_wait, has_room) = take(next, batch);
    }
    true
}
