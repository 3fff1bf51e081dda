//! What this server can do, and whose it is.

use agent_tasks::{
    Capabilities, User,
    capabilities::{Calls, Limits, StartFields},
    prompt::PROMPT_BYTES_MAX,
};
use axum::{Json, extract::State};

use super::App;
use crate::log::task_row::ACCOUNT_ID;

/// `GET /agents/capabilities`
pub async fn capabilities(State(app): State<App>) -> Json<Capabilities> {
    let (catalogue, limits) = (app.tasks.catalogue(), app.tasks.limits());
    Json(Capabilities {
        server: "flightdeck".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        calls: Calls {
            events: true,
            outline: true,
            search: true,
            stream: true,
            steer: true,
            stop: true,
            answer: true,
            pause: app.tasks.supervisor().can_pause(),
            compare: true,
        },
        start: StartFields::default(),
        agents: catalogue.found.iter().map(|agent| agent.offer.clone()).collect(),
        missing_agents: catalogue.missing.clone(),
        limits: Limits {
            prompt_bytes: PROMPT_BYTES_MAX,
            running: Some(limits.running),
            stop_seconds: Some(limits.stop_seconds),
        },
        supervision: Some(app.tasks.supervisor().supervision()),
    })
}

/// `GET /user`
pub async fn user() -> Json<User> {
    let login = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    Json(User { id: ACCOUNT_ID, login: login.unwrap_or_else(|| "you".into()), r#type: "User".into() })
}
