//! Stop at GitHub: no call ends a task, but its Actions run can be cancelled. What to do next is decided by
//! [`Stop`], a pure table; the requests are below it.

use agent_tasks::{State, Task, TaskId, paths};
use gloo_timers::future::TimeoutFuture;

use super::branch::branch_of;
use super::runs::Run;
use crate::api::read::read_task;
use crate::api::request::now_ms;
use crate::api::send::Verb;
use crate::api::{Client, Failure};

/// How often a run is looked for.
const LOOKS_MAX: u32 = 5;
/// The pause between two looks, in milliseconds.
const LOOK_PAUSE_MS: u32 = 4_000;
/// The pause between two looks at a run that was asked to end, in milliseconds.
const RUN_PAUSE_MS: u32 = 2_000;
/// How long a run has to end by itself, in milliseconds.
const CANCEL_GRACE_MS: i64 = 12_000;
/// How long a run has to end by force, in milliseconds.
const FORCE_GRACE_MS: i64 = 8_000;
/// The pause between two looks at the task of a run that has ended, in milliseconds.
const TASK_PAUSE_MS: u32 = 3_000;
/// How long the task of such a run has to follow, in milliseconds.
const TASK_GRACE_MS: i64 = 60_000;

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// Nothing: it is over.
    Done,
    /// Look again after so many milliseconds.
    Wait(u32),
    /// Ask these runs to end.
    Cancel(Vec<u64>),
    /// End these runs.
    ForceCancel(Vec<u64>),
    /// Give up, and say this.
    Fail(&'static str),
}

/// How far a stop is; the moments are in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// No run was found so often.
    Looking(u32),
    /// The runs were asked to end.
    Asked { at_ms: i64 },
    /// The runs were ended by force.
    Forced { at_ms: i64 },
    /// No run is left.
    Ended { at_ms: i64 },
}

impl Stop {
    fn next(&mut self, now_ms: i64, state: &State, branch: Option<&str>, runs: &[Run]) -> Step {
        if state.is_finished() {
            return Step::Done;
        }
        let live: Vec<u64> = runs.iter().filter(|run| run.is_live).map(|run| run.id).collect();
        match *self {
            Self::Looking(_) if !live.is_empty() => {
                *self = Self::Asked { at_ms: now_ms };
                Step::Cancel(live)
            }
            Self::Looking(looks) => {
                let may_come = branch.is_none() || state.is_at_work();
                *self = Self::Looking(looks + 1);
                match branch {
                    _ if may_come && looks + 1 < LOOKS_MAX => Step::Wait(LOOK_PAUSE_MS),
                    None => {
                        Step::Fail("GitHub has not begun with it: there is nothing to stop yet. Try again in a moment.")
                    }
                    Some(_) => Step::Fail("GitHub shows no run of it that could be stopped. Try again in a moment."),
                }
            }
            Self::Asked { .. } | Self::Forced { .. } if live.is_empty() => {
                *self = Self::Ended { at_ms: now_ms };
                Step::Wait(RUN_PAUSE_MS)
            }
            Self::Asked { at_ms } if now_ms - at_ms >= CANCEL_GRACE_MS => {
                *self = Self::Forced { at_ms: now_ms };
                Step::ForceCancel(live)
            }
            Self::Forced { at_ms } if now_ms - at_ms >= FORCE_GRACE_MS => Step::Fail(
                "GitHub was asked to end the run, in the end by force, and it goes on. Try again in a moment.",
            ),
            Self::Asked { .. } | Self::Forced { .. } => Step::Wait(RUN_PAUSE_MS),
            Self::Ended { at_ms } if now_ms - at_ms >= TASK_GRACE_MS => {
                Step::Fail("The run was ended; GitHub does not show the task as over yet.")
            }
            Self::Ended { .. } => Step::Wait(TASK_PAUSE_MS),
        }
    }

    /// After how many milliseconds to look again where an answer was missed. Before a run took the request to
    /// end, and of what does not pass by itself, the failure is all there is to say.
    fn missed(&self, now_ms: i64, failure: Failure) -> Result<u32, Failure> {
        let (until_ms, pause_ms) = match *self {
            Self::Looking(_) => return Err(failure),
            Self::Asked { at_ms } => (at_ms + CANCEL_GRACE_MS, RUN_PAUSE_MS),
            Self::Forced { at_ms } => (at_ms + FORCE_GRACE_MS, RUN_PAUSE_MS),
            Self::Ended { at_ms } => (at_ms + TASK_GRACE_MS, TASK_PAUSE_MS),
        };
        let wait_ms = match &failure {
            Failure::Server(_) | Failure::Unreachable | Failure::RateLimited(_) => {
                failure.wait_ms().unwrap_or_default().max(pause_ms)
            }
            Failure::Unauthorized
            | Failure::Forbidden(_)
            | Failure::NotFound(_)
            | Failure::Refused(_)
            | Failure::Unreadable
            | Failure::Closed => return Err(failure),
        };
        if now_ms + i64::from(wait_ms) <= until_ms {
            return Ok(wait_ms);
        }
        Err(Failure::Refused(format!(
            "GitHub was asked to end the run, but the page could not see that it ended. {failure}"
        )))
    }
}

impl Client {
    /// Ends a task's runs, and waits until the task is over.
    pub(in crate::api) async fn stop_runs(&self, task: &Task) -> Result<(), Failure> {
        self.look_up(std::slice::from_ref(task)).await;
        let (owner, repo) = self.named_repository(task)?;
        let mut stop = Stop::Looking(0);
        loop {
            match self.stop_on(&mut stop, &task.id, &owner, &repo).await {
                Ok(None) => return Ok(()),
                Ok(Some(ms)) => TimeoutFuture::new(ms).await,
                Err(failure) => TimeoutFuture::new(stop.missed(now_ms(), failure)?).await,
            }
        }
    }

    /// Looks, and does what comes next. After how many milliseconds to look again; `None` when it is over.
    async fn stop_on(&self, stop: &mut Stop, id: &TaskId, owner: &str, repo: &str) -> Result<Option<u32>, Failure> {
        let task = read_task(&self.get(&paths::task(id)).await?.body)?;
        let branch = branch_of(&task).map(|branch| branch.head_ref);
        let runs = match branch.filter(|_| task.state.is_active()) {
            Some(branch) => self.runs(owner, repo, branch, &task).await?,
            None => Vec::new(),
        };
        let mut next = *stop;
        let step = next.next(now_ms(), &task.state, branch, &runs);
        match step {
            Step::Done => return Ok(None),
            Step::Wait(ms) => {
                *stop = next;
                return Ok(Some(ms));
            }
            Step::Fail(sentence) => return Err(Failure::Refused(sentence.to_owned())),
            Step::Cancel(ids) => {
                for id in ids {
                    if self.end_run(&paths::cancel_run(owner, repo, id), owner, repo, &task).await? == 409 {
                        self.end_run(&paths::force_cancel_run(owner, repo, id), owner, repo, &task).await?;
                    }
                    // From the first that takes it on, it is asked to end.
                    *stop = next;
                }
            }
            Step::ForceCancel(ids) => {
                *stop = next;
                for id in ids {
                    self.end_run(&paths::force_cancel_run(owner, repo, id), owner, repo, &task).await?;
                }
            }
        }
        Ok(Some(0))
    }

    async fn runs(&self, owner: &str, repo: &str, branch: &str, task: &Task) -> Result<Vec<Run>, Failure> {
        match self.runs_on(owner, repo, branch).await {
            Err(Failure::Forbidden(_) | Failure::NotFound(_)) => Err(self.may_not(owner, repo, task)),
            runs => runs,
        }
    }

    /// The status: 202 where the run takes it, 409 where it does not.
    async fn end_run(&self, path: &str, owner: &str, repo: &str, task: &Task) -> Result<u16, Failure> {
        let reply = self.ask(Verb::Write, path, None, None).await?;
        match reply.status {
            403 | 404 => Err(self.may_not(owner, repo, task)),
            409 => Ok(409),
            _ => self.success(Verb::Write, path, reply).map(|reply| reply.status),
        }
    }

    fn may_not(&self, owner: &str, repo: &str, task: &Task) -> Failure {
        let origin = format!("{}/", self.address.web_origin());
        let page = task.html_url.clone().filter(|page| page.starts_with(&origin));
        let page = page.unwrap_or_else(|| format!("{origin}{owner}/{repo}/actions"));
        Failure::Refused(format!(
            "This token may not stop runs: it needs the permission “Actions: read and write” for {owner}/{repo}. \
             Stop it at {page}"
        ))
    }
}

#[cfg(test)]
mod tests;
