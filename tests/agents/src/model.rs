//! The scripted model: a small HTTP server on a free loopback port that streams what a scenario says, as
//! OpenAI's chat completions (for OpenCode) and as its responses (for Codex).

mod chat;
mod responses;

use std::net::SocketAddr;

use axum::{Router, routing::post};
use tokio::{net::TcpListener, task::JoinHandle};

/// A running scripted model; ends when dropped.
pub struct Model {
    /// Where it listens.
    pub address: SocketAddr,
    server: JoinHandle<()>,
}

impl Model {
    /// Starts one on a free port.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let app = Router::new()
            .route("/v1/chat/completions", post(chat::completions))
            .route("/v1/responses", post(responses::responses));
        let server = tokio::spawn(async move {
            axum::serve(listener, app).await.expect("a loopback listener accepts until it is dropped");
        });
        Ok(Self { address, server })
    }

    /// The base address that an agent's configuration names.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        self.server.abort();
    }
}
