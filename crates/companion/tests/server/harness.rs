//! A companion for tests, and an agent whose every word comes from the test.

use std::{path::Path, sync::Arc, time::Duration};

use agent_tasks::{
    EventBody, EventWindow, Session, State, Task, TaskId,
    capabilities::AgentOffer,
    event::{AssistantMessageDelta, SessionStart, SupervisionReport},
    paths,
};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use companion::{
    access::Access,
    agents::{Catalogue, Control, NewEvent, Offered, Profile, RunEnd, RunOutcome, RunSpec},
    app,
    config::Limits,
    git::Repository,
    http::{App, Hosts, Site},
    log::Log,
    tasks::{Runner, Setup, Tasks},
};
use futures_util::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc, oneshot};
use tower::ServiceExt;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);
/// The port of servers without a socket.
const PORT: u16 = 4180;

/// A companion with one repository (`local/sample`) and one agent (`puppet`).
pub struct Server {
    pub app: App,
    pub router: Router,
    pub token: String,
    runs: Mutex<mpsc::UnboundedReceiver<Run>>,
}

/// One run of the agent, in the test's hands.
pub struct Run {
    pub spec: RunSpec,
    pub controls: mpsc::Receiver<Control>,
    events: mpsc::Sender<NewEvent>,
    end: oneshot::Sender<RunOutcome>,
}

struct Puppet(mpsc::UnboundedSender<Run>);

impl Runner for Puppet {
    fn run(
        &self,
        spec: RunSpec,
        controls: mpsc::Receiver<Control>,
        events: mpsc::Sender<NewEvent>,
    ) -> BoxFuture<'static, RunOutcome> {
        let (end, ended) = oneshot::channel();
        let _ = self.0.send(Run { spec, controls, events, end });
        Box::pin(
            async move { ended.await.unwrap_or_else(|_| outcome(RunEnd::Failed("the puppet was dropped".into()))) },
        )
    }
}

fn outcome(end: RunEnd) -> RunOutcome {
    let report = SupervisionReport { layer: "puppet".into(), ..SupervisionReport::default() };
    RunOutcome { end, agent_session: Some("puppet-1".into()), report }
}

impl Run {
    pub async fn tell(&self, body: impl Into<EventBody>) {
        self.events.send(NewEvent { body: body.into(), ephemeral: false, raw: None }).await.unwrap();
    }

    pub async fn begin(&self) {
        self.tell(SessionStart { session_id: "puppet-1".into(), ..SessionStart::default() }).await;
    }

    pub async fn say(&self, text: &str) {
        self.tell(AssistantMessageDelta { message_id: "m".into(), delta_content: text.into() }).await;
    }

    /// Ends with that report.
    pub fn end_with(self, end: RunEnd, report: SupervisionReport) {
        self.end.send(RunOutcome { report, ..outcome(end) }).ok().unwrap();
    }

    pub fn end(self, end: RunEnd) {
        self.end.send(outcome(end)).ok().unwrap();
    }
}

impl Server {
    pub async fn start(folder: &Path, running: usize) -> Self {
        Self::start_with_guests(folder, running, &[]).await
    }

    /// The same, with pages of other hosts that may use the API.
    pub async fn start_with_guests(folder: &Path, running: usize, guests: &[&str]) -> Self {
        let log = Log::open(&folder.join("log.sqlite")).unwrap();
        let repository = Repository::create_sample(&folder.join("sample")).await.unwrap();
        let profile = Profile {
            id: "puppet".into(),
            name: "Puppet".into(),
            command: "puppet".into(),
            args: Vec::new(),
            env: Default::default(),
            pass_env: Vec::new(),
            mode: None,
        };
        let offer = AgentOffer {
            id: "puppet".into(),
            name: "Puppet".into(),
            description: None,
            rehearsal: false,
            models: Vec::new(),
        };
        let catalogue = Catalogue { found: vec![Offered { offer, profile }], missing: Vec::new() };
        let (sender, runs) = mpsc::unbounded_channel();
        let setup = Setup {
            log: log.clone(),
            catalogue,
            repositories: vec![repository],
            limits: Limits { running, ..Limits::default() },
            data_dir: folder.to_owned(),
            runner: Arc::new(Puppet(sender)),
        };
        let guests = guests.iter().map(|guest| guest.parse().unwrap()).collect();
        let access = Access::new(log);
        let token = access.new_token("test").await.unwrap();
        let app_state = App {
            tasks: Tasks::start(setup).await.unwrap(),
            access,
            hosts: Arc::new(Hosts::loopback(PORT).with_guests(guests)),
            site: Arc::new(Site::new(&[], "lab")),
            limiter: Arc::default(),
            tails: Arc::default(),
            ending: Default::default(),
        };
        Self { router: app(app_state.clone()), app: app_state, token, runs: Mutex::new(runs) }
    }

    /// The host that the guards want.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{PORT}")
    }

    /// A request with all that the guards want.
    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.host())
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
    }

    pub async fn send(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        let response = self.send(self.request("GET", &format!("/api{path}")).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        serde_json::from_slice(&body(response).await).unwrap()
    }

    pub async fn post(&self, path: &str, body_json: &Value) -> (u16, Value) {
        let request = self
            .request("POST", &format!("/api{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body_json.to_string()))
            .unwrap();
        let response = self.send(request).await;
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&body(response).await).unwrap_or(Value::Null))
    }

    pub async fn start_task(&self, prompt: &str) -> TaskId {
        let (status, task) = self.post(&paths::repo_tasks("local", "sample"), &json!({"prompt": prompt})).await;
        assert_eq!(status, 201, "{task}");
        TaskId(task["id"].as_str().unwrap().to_owned())
    }

    pub async fn steer(&self, id: &TaskId, steer: &agent_tasks::Steer) -> (u16, Value) {
        self.post(&paths::steer(id), &serde_json::to_value(steer).unwrap()).await
    }

    pub async fn next_run(&self) -> Run {
        tokio::time::timeout(PATIENCE, self.runs.lock().await.recv()).await.expect("no run was started").unwrap()
    }

    pub async fn runs_waiting(&self) -> bool {
        !self.runs.lock().await.is_empty()
    }

    pub async fn task(&self, id: &TaskId) -> Task {
        self.get(&paths::task(id)).await
    }

    pub async fn sessions(&self, id: &TaskId) -> Vec<Session> {
        self.task(id).await.sessions.unwrap()
    }

    pub async fn log(&self, id: &TaskId) -> EventWindow {
        self.get(&format!("{}?limit=1000", paths::events(id))).await
    }

    /// Waits until the task looks so.
    pub async fn until(&self, id: &TaskId, looks: impl Fn(&Task) -> bool) -> Task {
        let mut news = self.app.tasks.watch_task(id);
        let wait = async {
            loop {
                news.borrow_and_update();
                let task = self.task(id).await;
                if looks(&task) {
                    return task;
                }
                news.changed().await.unwrap();
            }
        };
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(task) => task,
            Err(_) => panic!("the task never looked so: {:?}", self.task(id).await),
        }
    }

    /// Waits until the log holds the delta `text`.
    pub async fn look_until_said(&self, id: &TaskId, text: &str) {
        let mut news = self.app.tasks.watch_task(id);
        let holds = |window: &EventWindow| {
            let is_it = |body: &EventBody| matches!(body, EventBody::AssistantMessageDelta(delta) if delta.delta_content.contains(text));
            window.events.iter().any(|event| is_it(&event.body))
        };
        let wait = async {
            loop {
                news.borrow_and_update();
                if holds(&self.log(id).await) {
                    return;
                }
                news.changed().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.expect("it is said");
    }

    pub async fn until_state(&self, id: &TaskId, state: State) -> Task {
        self.until(id, |task| task.state == state).await
    }
}

pub async fn body(response: Response) -> Vec<u8> {
    axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

/// The types of the events, in order.
pub fn types(window: &EventWindow) -> Vec<&str> {
    window.events.iter().map(|event| event.body.type_name()).collect()
}
