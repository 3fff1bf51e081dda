//! The stand-in itself: an HTTP server on loopback that acts as GitHub from a [`World`].

mod answer;
mod asked;
mod cors;
mod dispatch;
mod fault;
mod graphql;
mod headers;
mod limits;
mod operations;
mod paging;
mod permissions;
mod request_log;
mod send;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{Router, extract::State};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use self::{fault::Faults, request_log::RequestLog};
pub use self::{
    fault::{ALWAYS, EVERY, Fault},
    request_log::Request,
};
use crate::{Description, World};

/// What GraphQL is called in the log and for faults.
pub const GRAPHQL: &str = "graphql";
/// What `GET /agents/tasks/{id}/events` is called in the log and for faults. The description does not hold it.
pub const EVENTS: &str = "not described: a task's events";
/// What `GET /repositories/{id}` is called in the log and for faults. The description does not hold it.
pub const REPOSITORY_BY_ID: &str = "not described: a repository by its number";

/// A running stand-in; ends when dropped.
pub struct StandIn {
    address: SocketAddr,
    stage: Arc<Stage>,
    server: JoinHandle<()>,
}

/// What the server and the test share. No lock is held across an await.
pub(crate) struct Stage {
    description: &'static Description,
    world: Mutex<World>,
    complaints: Mutex<Vec<String>>,
    log: RequestLog,
    faults: Mutex<Faults>,
    /// How often held answers were let go; whoever waits sees it change.
    released: watch::Sender<u64>,
}

impl StandIn {
    /// Starts one on a free port of the loopback interface.
    ///
    /// Fails with a sentence that names the command to run where GitHub's description is not installed.
    pub async fn start(world: World) -> anyhow::Result<Self> {
        graphql::see_schema()?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let stage = Arc::new(Stage {
            description: Description::shared()?,
            world: Mutex::new(world),
            complaints: Mutex::default(),
            log: RequestLog::default(),
            faults: Mutex::default(),
            released: watch::Sender::new(0),
        });
        let app = Router::new()
            .fallback(async |State(stage): State<Arc<Stage>>, request| dispatch::answer(&stage, request).await)
            .with_state(Arc::clone(&stage));
        let server = tokio::spawn(async move {
            axum::serve(listener, app).await.expect("a loopback listener accepts until it is dropped");
        });
        Ok(Self { address, stage, server })
    }

    /// What stands for `https://api.github.com`: `http://127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same as the host of a GitHub Enterprise Server: its REST API is below `/api/v3`, GraphQL at
    /// `/api/graphql`.
    pub fn enterprise_address(&self) -> String {
        format!("{}{}", self.address(), asked::ENTERPRISE_REST)
    }

    /// Looks at the world, or changes it.
    pub fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.stage.world())
    }

    /// Everything so far that the description does not allow: what clients asked, and what the stand-in itself
    /// answered.
    pub fn complaints(&self) -> Vec<String> {
        self.stage.complaints.lock().expect("nothing panics while it holds the complaints").clone()
    }

    /// Every request so far, without preflights.
    pub fn requests(&self) -> Vec<Request> {
        self.stage.log.requests()
    }

    /// How many requests an operation got, such as `agent-tasks/list-tasks`.
    pub fn count(&self, operation: &str) -> usize {
        self.requests().iter().filter(|request| request.operation.as_deref() == Some(operation)).count()
    }

    /// How many preflights there were.
    pub fn preflights(&self) -> usize {
        self.stage.log.preflights()
    }

    /// The next `times` calls of an operation go wrong; [`ALWAYS`] is for good, and [`EVERY`] stands for every
    /// operation.
    pub fn fail(&self, operation: &str, times: usize, fault: Fault) {
        self.stage.faults().set(operation, times, fault);
    }

    /// An operation works again.
    pub fn heal(&self, operation: &str) {
        self.stage.faults().heal(operation);
    }

    /// Lets all answers go that [`Fault::Held`] keeps back.
    pub fn release(&self) {
        self.stage.released.send_modify(|times| *times += 1);
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Stage {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("nothing panics while it holds the world")
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().expect("nothing panics while it holds the faults")
    }

    fn complain(&self, about: &str, complaint: &str) {
        let mut complaints = self.complaints.lock().expect("nothing panics while it holds the complaints");
        complaints.push(format!("{about}: {complaint}"));
    }
}
