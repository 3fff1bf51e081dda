//! The one call without a token: it trades a pairing code for one.

use std::time::Instant;

use agent_tasks::{NewPairing, PairedToken};
use axum::{
    Extension, Json,
    extract::{ConnectInfo, State},
    http::StatusCode,
};
use std::net::SocketAddr;

use super::{App, answer::Refusal, auth, extract::ApiJson};

/// `POST /agents/pairings`
pub async fn create(
    State(app): State<App>,
    connection: Option<Extension<ConnectInfo<SocketAddr>>>,
    ApiJson(pairing): ApiJson<NewPairing>,
) -> Result<(StatusCode, Json<PairedToken>), Refusal> {
    if let Some((token, label)) = app.access.pair(&pairing.code).await? {
        return Ok((StatusCode::CREATED, Json(PairedToken { token, label })));
    }
    let message = "this pairing link was used before or is too old; get a new one with `flightdeck link`";
    let refusal = Refusal::new(StatusCode::FORBIDDEN, message);
    let peer = auth::peer_of(connection.map(|Extension(connection)| connection));
    Err(app.limiter.failed(peer, Instant::now(), refusal))
}
