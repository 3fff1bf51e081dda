//! How fast the server may be asked: what is left of its rate limit, when it may be asked again, the turn of
//! writes, the delay of polls. Pure: the clock and chance come in.

use agent_tasks::RateBudget;

use super::head::Head;

/// The wait after a refusal for haste that names none, in milliseconds. Doubles with each that follows.
const UNNAMED_WAIT_MS: i64 = 60_000;
/// How often that wait doubles.
const DOUBLINGS_MAX: u32 = 4;
/// The least time from the end of one write to the next, in milliseconds.
const WRITE_GAP_MS: i64 = 1_000;
/// How soon a write looks again whether the one before it is over, in milliseconds.
const WRITE_TURN_MS: u32 = 50;
/// The delay of a poll while something is at work, in milliseconds.
const BUSY_POLL_MS: i64 = 5_000;
/// The delay of a poll while nothing is, in milliseconds.
const IDLE_POLL_MS: i64 = 30_000;
/// The most that failures add to a poll's delay, in milliseconds; the first adds at most 2 s.
const BACKOFF_MS_MAX: i64 = 30_000;
/// The longest window of a rate limit, in milliseconds: a reset that is later than this is a clock that is wrong.
const WINDOW_MS_MAX: i64 = 3_600_000;
/// The longest that a browser's timer waits, in milliseconds; one that is set for longer goes off at once.
pub(super) const TIMER_MS_MAX: u32 = i32::MAX as u32;

/// A budget of the server that requests are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource {
    /// REST.
    Core,
    /// GraphQL.
    Graphql,
}

impl Resource {
    fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Graphql => "graphql",
        }
    }
}

/// What the answers so far say about the next request.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// What is left for REST, by the last answer.
    pub(super) budget: Option<RateBudget>,
    /// When each resource may be asked again, in milliseconds since 1970.
    open_at_ms: [i64; 2],
    /// The least time between two polls that the server asked for, in milliseconds.
    poll_interval_ms: i64,
    /// Whether a write is under way.
    is_writing: bool,
    /// When the last write was over.
    written_at_ms: i64,
    /// Requests without an answer, or with a fault of the server, since the last good one.
    failure_count: u32,
    /// Refusals for haste since the last good answer.
    refusal_count: u32,
}

impl Pace {
    /// How many seconds it takes until `resource` may be asked; `None` when it may be now.
    pub(super) fn wait_seconds(&self, resource: Resource, now_ms: i64) -> Option<u64> {
        let ms = self.open_at_ms[resource as usize] - now_ms;
        (ms > 0).then(|| (ms as u64).div_ceil(1_000))
    }

    /// Takes note of an answer. `Some` is a refusal for haste, with the seconds to wait.
    pub(super) fn take(
        &mut self,
        resource: Resource,
        status: u16,
        head: &Head,
        body: &str,
        now_ms: i64,
    ) -> Option<u64> {
        let is_own = head.resource.as_deref().is_none_or(|name| name == resource.name());
        let ahead_ms = head.clock_ahead_ms(now_ms);
        let reset_ms = head.reset_ms.map(|reset_ms| (reset_ms - ahead_ms).min(now_ms + WINDOW_MS_MAX));
        if let (true, Resource::Core, Some(limit), Some(remaining), Some(reset_ms)) =
            (is_own, resource, head.limit, head.remaining, head.reset_ms)
        {
            self.budget = Some(RateBudget { limit, remaining, reset_ms });
        }
        if let Some(seconds) = head.poll_interval_seconds {
            self.poll_interval_ms = i64::from(seconds) * 1_000;
        }
        if status >= 500 {
            self.fail();
        } else {
            self.failure_count = 0;
        }
        let is_spent = head.remaining == Some(0);
        let is_named = head.retry_after.is_some() || is_spent;
        if status == 429 || status == 403 && (is_named || speaks_of_limit(body)) {
            let named_ms = head.retry_after_ms(now_ms);
            let until_reset = reset_ms.filter(|reset_ms| is_spent && *reset_ms > now_ms).map(|reset| reset - now_ms);
            let unnamed_ms = UNNAMED_WAIT_MS << self.refusal_count.min(DOUBLINGS_MAX);
            self.refusal_count += 1;
            let wait_ms = named_ms.max(until_reset).unwrap_or(unnamed_ms);
            if is_spent {
                self.close(resource, now_ms + wait_ms);
            } else {
                // A limit on haste holds for all that the token asks.
                self.close(Resource::Core, now_ms + wait_ms);
                self.close(Resource::Graphql, now_ms + wait_ms);
            }
            return self.wait_seconds(resource, now_ms);
        }
        if status < 400 {
            self.refusal_count = 0;
        }
        if let (true, true, Some(reset_ms)) = (is_spent, is_own, reset_ms) {
            self.close(resource, reset_ms);
        }
        None
    }

    /// Takes note of a request without an answer.
    pub(super) fn fail(&mut self) {
        self.failure_count = self.failure_count.saturating_add(1);
    }

    fn close(&mut self, resource: Resource, until_ms: i64) {
        let open_at_ms = &mut self.open_at_ms[resource as usize];
        *open_at_ms = until_ms.max(*open_at_ms);
    }

    /// Takes the turn to write; `Err` says after how many milliseconds to ask again. Whoever has it gives it
    /// back with [`Self::end_write`].
    pub(super) fn begin_write(&mut self, now_ms: i64) -> Result<(), u32> {
        let early_ms = self.written_at_ms + WRITE_GAP_MS - now_ms;
        if self.is_writing {
            return Err(WRITE_TURN_MS);
        }
        // More than the gap is a clock that was set back.
        if early_ms > 0 && early_ms <= WRITE_GAP_MS {
            return Err(early_ms as u32);
        }
        self.is_writing = true;
        Ok(())
    }

    /// A write is over.
    pub(super) fn end_write(&mut self, now_ms: i64) {
        self.is_writing = false;
        self.written_at_ms = now_ms;
    }

    /// How long to wait before the next poll, in milliseconds, at most [`TIMER_MS_MAX`]. `chance` is between 0
    /// and 1.
    pub(super) fn poll_delay_ms(&self, is_busy: bool, now_ms: i64, chance: f64) -> u32 {
        let usual_ms = if is_busy { BUSY_POLL_MS } else { IDLE_POLL_MS };
        let mut delay_ms = usual_ms.max(self.poll_interval_ms);
        if let Some(budget) = self.budget {
            // Half of what is left stays for what people do.
            let window_ms = (budget.reset_ms - now_ms).clamp(0, WINDOW_MS_MAX);
            delay_ms = delay_ms.max(2 * window_ms / i64::from(budget.remaining.max(1)));
        }
        if self.failure_count > 0 {
            let ceiling_ms = (1_000_i64 << self.failure_count.min(5)).min(BACKOFF_MS_MAX);
            delay_ms += (ceiling_ms as f64 * chance) as i64;
        }
        let closed_ms = self.open_at_ms[Resource::Core as usize] - now_ms;
        delay_ms.max(closed_ms).clamp(0, i64::from(TIMER_MS_MAX)) as u32
    }
}

/// GitHub's limit on haste may come as a plain refusal that only says so.
fn speaks_of_limit(body: &str) -> bool {
    body.to_ascii_lowercase().contains("rate limit")
}

#[cfg(test)]
mod tests;
