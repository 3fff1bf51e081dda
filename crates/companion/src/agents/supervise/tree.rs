//! All processes of one session, looked at, halted and ended without holding up whoever asks.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use agent_tasks::event::{ProcessName, SupervisionReport};
use tokio::{
    task::spawn_blocking,
    time::{Instant, sleep, timeout_at},
};

use super::{Account, LOOK_EVERY, members::Members};

/// When it is only looked who is there, many sessions share one look at the system of at most this age.
const SHARED_LOOK: Duration = Duration::from_secs(2);
/// How long a pause waits until everyone is halted.
const HALT_PATIENCE: Duration = Duration::from_secs(2);

/// The processes of one session. When the last clone is dropped before [`Tree::end`], it kills them.
#[derive(Clone)]
pub struct Tree {
    /// Locked only on threads that may block.
    members: Arc<Mutex<Members>>,
}

impl Tree {
    /// Those of `members`.
    pub fn new(members: Members) -> Self {
        Self { members: Arc::new(Mutex::new(members)) }
    }

    /// Looks who belongs to it now: who is seen once is found again, whatever it does to leave.
    pub async fn look(&self) {
        self.with(|members| members.look(SHARED_LOOK)).await;
    }

    /// Whether nobody lives.
    pub async fn is_empty(&self) -> bool {
        self.with(|members| members.living(LOOK_EVERY).is_empty()).await
    }

    /// Lets the tree go without ending it.
    pub async fn forget(&self) {
        self.with(Members::let_go).await;
    }

    /// Halts all of them. False when somebody could not be halted in time; then nobody is.
    pub async fn halt(&self) -> bool {
        let deadline = Instant::now() + HALT_PATIENCE;
        while !self.with(Members::halt).await {
            if Instant::now() >= deadline {
                self.go_on().await;
                return false;
            }
            sleep(LOOK_EVERY).await;
        }
        true
    }

    /// Lets those go on whom [`Tree::halt`] has halted.
    pub async fn go_on(&self) {
        self.with(Members::go_on).await;
    }

    /// Ends all of them: SIGTERM, `grace` to obey, then SIGKILL until none is left or `deadline` is over.
    pub async fn end(&self, account: &mut Account, grace: Duration, deadline: Instant) {
        for process in self.with(Members::terminate).await {
            account.note("SIGTERM", process);
        }
        let obeyed_by = deadline.min(Instant::now() + grace);
        let _ = timeout_at(obeyed_by, async {
            while !self.is_empty().await {
                sleep(LOOK_EVERY).await;
            }
        })
        .await;
        while let Some(killed) = self.with(Members::kill).await {
            for process in killed {
                account.note("SIGKILL", process);
            }
            if Instant::now() >= deadline {
                break;
            }
            sleep(LOOK_EVERY).await;
        }
        self.with(Members::let_go).await;
    }

    /// What was done, and who is left.
    pub async fn report(&self, account: Account) -> SupervisionReport {
        let (layer, survivors): (_, Vec<ProcessName>) =
            self.with(|members| (super::layer(members.has_group()), members.names())).await;
        account.report(layer, survivors)
    }

    async fn with<T: Send + 'static>(&self, work: impl FnOnce(&mut Members) -> T + Send + 'static) -> T {
        let members = Arc::clone(&self.members);
        match spawn_blocking(move || work(&mut members.lock().unwrap_or_else(PoisonError::into_inner))).await {
            Ok(done) => done,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // The runtime ends, and with it whoever waits here.
            Err(_) => std::future::pending().await,
        }
    }
}
