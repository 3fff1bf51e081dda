//! Limits of calls per hour: those of REST and those of GraphQL, apart.

use crate::{World, world::CALLS_PER_HOUR};

use super::answer::Answer;

/// Which limit a call counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// REST.
    Core,
    /// GraphQL.
    Graphql,
}

impl Resource {
    /// Counts a call; a refusal where none was left.
    pub fn count(self, world: &mut World, user: u64) -> Result<(), Answer> {
        let remaining = self.remaining_mut(world);
        let Some(left) = remaining.checked_sub(1) else {
            return Err(Answer::error(403, &format!("API rate limit exceeded for user ID {user}.")));
        };
        *remaining = left;
        Ok(())
    }

    /// Takes a counted call back: nothing was new.
    pub fn take_back(self, world: &mut World) {
        let remaining = self.remaining_mut(world);
        *remaining = remaining.saturating_add(1);
    }

    /// What every answer says about the limit.
    pub fn headers(self, world: &mut World) -> [(&'static str, String); 5] {
        let (remaining, reset) = (*self.remaining_mut(world), world.limits_reset_at);
        let name = match self {
            Self::Core => "core",
            Self::Graphql => "graphql",
        };
        [
            ("x-ratelimit-limit", CALLS_PER_HOUR.to_string()),
            ("x-ratelimit-remaining", remaining.to_string()),
            ("x-ratelimit-used", CALLS_PER_HOUR.saturating_sub(remaining).to_string()),
            ("x-ratelimit-reset", reset.to_string()),
            ("x-ratelimit-resource", name.to_owned()),
        ]
    }

    fn remaining_mut(self, world: &mut World) -> &mut u32 {
        match self {
            Self::Core => &mut world.core_remaining,
            Self::Graphql => &mut world.graphql_remaining,
        }
    }
}
