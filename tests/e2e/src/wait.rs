//! Waiting for a condition, with an end to patience.

use std::time::{Duration, Instant};

use anyhow::bail;

/// How long a story waits for anything: long enough for a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How often a condition is looked at.
const GLANCE_MS: u64 = 50;

/// Waits until `look` finds something. `what` is told when it never does, with what was found last.
pub async fn until<T>(what: &str, look: impl AsyncFnMut() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
    until_within(PATIENCE, what, look).await
}

/// The same with another patience.
pub async fn until_within<T>(
    patience: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let end = Instant::now() + patience;
    loop {
        let last = look().await;
        if let Ok(Some(found)) = last {
            return Ok(found);
        }
        if Instant::now() > end {
            match last {
                Err(error) => bail!("waited {} s for {what}: {error:#}", patience.as_secs()),
                Ok(_) => bail!("waited {} s for {what}", patience.as_secs()),
            }
        }
        tokio::time::sleep(Duration::from_millis(GLANCE_MS)).await;
    }
}
