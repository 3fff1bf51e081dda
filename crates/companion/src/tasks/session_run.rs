//! One session from its place in the queue to its end.

use std::time::Duration;

use agent_tasks::{
    EventBody,
    event::{SessionInfo, SupervisionReport},
};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{
    TaskError, Tasks,
    cap::Cap,
    end::{self, Ending},
    gather::gather,
    keep,
    scheduler::{Place, Started},
    worktree,
};
use crate::{
    agents::{NewEvent, RunEnd, RunOutcome, RunSpec},
    log::{Entry, LogError, merge, read_tasks},
};

/// How many events wait between an agent and the log. When it is full, the agent waits. Few: each may be as
/// long as a line may be, and a run keeps more of them, by their bytes.
const EVENTS_MAX: usize = 64;

/// What a session is told to have ended by when its story here broke off.
const BROKE_OFF: &str = "the companion failed while it ran this session; the work so far is kept in the task's \
    worktree, send a follow-up to go on";

/// Runs `started` to its end, in a task of its own: also when that breaks off, the session is over afterwards.
pub async fn run_guarded(tasks: &Tasks, started: Started) {
    let (place, own) = (started.place.clone(), tasks.clone());
    let running = tokio::spawn(async move { run(&own, started).await });
    if let Err(error) = running.await {
        tracing::error!(session = %place.session_id, %error, "a session's story broke off");
        end::write(tasks, &place, Ending::failed("companion", BROKE_OFF.into())).await;
    }
}

/// Runs `started` to its end. Whatever happens, the log tells it.
async fn run(tasks: &Tasks, started: Started) {
    let place = started.place.clone();
    let _following = tasks.derived().outlines.follow(&place.task_id);
    let ending = match play(tasks, started).await {
        Ok(ending) => ending,
        Err(error) => {
            tracing::error!(session = %place.session_id, %error, "a session could not be run");
            Ending::failed("launch", error.to_string())
        }
    };
    end::write(tasks, &place, ending).await;
}

async fn play(tasks: &Tasks, started: Started) -> Result<Ending, TaskError> {
    let Started { place, controls, stop } = started;
    let session_id = place.session_id.clone();
    let order = tasks.log().read(move |conn| read_tasks::order(conn, &session_id)).await?;
    let order = order.ok_or_else(|| LogError::Broken("the session is not in the log".into()))?;
    let Some(agent) = tasks.catalogue().get(Some(&order.agent_id)) else {
        let why = "is not on offer any more; `flightdeck agents` tells how to install it, then send a follow-up";
        return Ok(Ending::failed("launch", format!("the agent '{}' {why}", order.agent_id)));
    };
    if stop.is_cancelled() {
        return Ok(Ending::stopped());
    }
    let worktree = match worktree::of(tasks, &order).await {
        Ok(worktree) => worktree,
        Err(TaskError::Git(message) | TaskError::NotFound(message)) => return Ok(Ending::failed("git", message)),
        Err(error) => return Err(error),
    };
    if stop.is_cancelled() {
        return Ok(Ending { worktree: Some(worktree), ..Ending::stopped() });
    }
    let spec = RunSpec {
        session_id: place.session_id.clone(),
        profile: agent.profile.clone(),
        worktree: worktree.path.clone(),
        prompt: order.prompt.clone(),
        model: order.model.clone(),
        resume: order.resume.clone(),
        limits: tasks.limits(),
    };
    let launched = place.clone();
    let launch = SessionInfo {
        info_type: SessionInfo::LAUNCH.into(),
        message: format!("Starting {}", agent.offer.name),
        url: None,
    };
    // Here a stop that came before the session was in the queue is seen at the latest.
    let is_launched = tasks
        .log()
        .write(move |tx| {
            if tx.progress(&launched.session_id)?.stop_requested_at.is_some() {
                return Ok::<_, LogError>(false);
            }
            tx.set_launched(&launched.session_id)?;
            tx.append(&launched.task_id, &launched.session_id, [Entry::from(launch)])?;
            Ok(true)
        })
        .await?;
    if !is_launched {
        return Ok(Ending { worktree: Some(worktree), ..Ending::stopped() });
    }
    let (events, told) = mpsc::channel(EVENTS_MAX);
    let running = tokio::spawn(tasks.0.setup.runner.run(spec, controls, events));
    let listening = Listening {
        tasks,
        place: &place,
        error_told: None,
        has_given_up: false,
        cap: Cap::new(tasks.limits().log_bytes),
    };
    let (outcome, error_told) = listening.until_the_end(running, told, &stop).await;
    Ok(Ending { outcome, error_told, worktree: Some(worktree), prompt: order.prompt })
}

/// Takes what a run tells into the log.
struct Listening<'a> {
    tasks: &'a Tasks,
    place: &'a Place,
    /// The newest error that the run has told itself.
    error_told: Option<String>,
    /// Whether its log could not be kept.
    has_given_up: bool,
    /// What may still go into the log.
    cap: Cap,
}

impl Listening<'_> {
    async fn until_the_end(
        mut self,
        mut running: JoinHandle<RunOutcome>,
        mut told: mpsc::Receiver<NewEvent>,
        stop: &CancellationToken,
    ) -> (RunOutcome, Option<String>) {
        let mut outcome = None;
        loop {
            let mut batch = Vec::new();
            let more = tokio::select! {
                biased;
                more = gather(&mut told, &mut batch) => more,
                ended = &mut running, if outcome.is_none() => {
                    outcome = Some(ended);
                    // A helper of the run may still hold the channel; what is in it is all there will be.
                    told.close();
                    true
                }
            };
            let batch = self.cap.pass(batch);
            if !self.take(batch).await {
                self.give_up(stop).await;
                told.close();
            }
            if !more {
                break;
            }
        }
        let rest = self.cap.rest();
        self.take(rest).await;
        let ended = match outcome {
            Some(ended) => ended,
            None => running.await,
        };
        let outcome = ended.unwrap_or_else(|error| {
            tracing::error!(%error, "a run broke off");
            RunOutcome {
                end: RunEnd::Failed("the companion failed while it ran the agent; send a follow-up to go on".into()),
                agent_session: None,
                report: SupervisionReport::default(),
            }
        });
        (outcome, self.error_told)
    }

    /// Appends a batch; tells whether it is in the log.
    async fn take(&mut self, batch: Vec<Entry>) -> bool {
        if batch.is_empty() {
            return true;
        }
        for entry in &batch {
            if let EventBody::SessionError(error) = &entry.body {
                self.error_told = Some(error.message.clone());
            }
        }
        // Once it was waited in vain, the rest is tried and no more: the agent is being stopped.
        let patience = if self.has_given_up { Duration::ZERO } else { self.patience() };
        let written = keep::append(self.tasks.log(), self.place, merge::merge(batch), patience).await;
        if let Err(error) = &written {
            tracing::error!(session = %self.place.session_id, %error, "events could not be logged; stopping the agent");
        }
        written.is_ok()
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(self.tasks.limits().hold_seconds)
    }

    /// An agent whose log cannot be kept must not go on.
    async fn give_up(&mut self, stop: &CancellationToken) {
        self.has_given_up = true;
        if stop.is_cancelled() {
            return;
        }
        let controls = self.tasks.scheduler().controls(&self.place.session_id);
        if let Some(controls) = controls {
            controls.stop().await;
        }
    }
}
