//! The companion's clock: the one place that asks what time it is.

use agent_tasks::Timestamp;

/// The present moment.
pub fn now() -> Timestamp {
    let nanos = time::OffsetDateTime::now_utc().unix_timestamp_nanos();
    Timestamp::from_ms(i64::try_from(nanos / 1_000_000).unwrap_or_default())
}
