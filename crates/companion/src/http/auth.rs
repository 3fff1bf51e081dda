//! Bearer tokens, on every route of the API but the one that gives them.

use std::{
    collections::{HashMap, VecDeque},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use agent_tasks::paths::{COMPANION_BASE, PAIRINGS};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

use super::{App, answer::Refusal, headers::is_api};

/// How many wrong secrets a peer may name in a [`WINDOW`].
const FAILURES_MAX: usize = 10;
/// What failures are counted over.
const WINDOW: Duration = Duration::from_secs(60);
/// The most peers that are counted.
const PEERS_MAX: usize = 1_024;

/// Counts wrong tokens and codes per peer. A right one is never refused for earlier wrong ones.
#[derive(Default)]
pub struct AuthLimiter {
    failures: Mutex<HashMap<IpAddr, VecDeque<Instant>>>,
}

impl AuthLimiter {
    /// Counts a failure of `peer` at `now`; the refusal that it has earned.
    pub fn failed(&self, peer: IpAddr, now: Instant, refusal: Refusal) -> Refusal {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= PEERS_MAX {
            failures.retain(|_, times| times.back().is_some_and(|last| now.duration_since(*last) < WINDOW));
        }
        let times = failures.entry(peer).or_default();
        while times.front().is_some_and(|first| now.duration_since(*first) >= WINDOW) {
            times.pop_front();
        }
        if let Some(first) = times.front().filter(|_| times.len() >= FAILURES_MAX) {
            let seconds = WINDOW.saturating_sub(now.duration_since(*first)).as_secs() + 1;
            let message = format!("too many wrong tokens or codes; try again in {seconds} s");
            return Refusal::retry_after(StatusCode::TOO_MANY_REQUESTS, message, seconds);
        }
        times.push_back(now);
        refusal
    }
}

/// Who asks; this machine, where there is no socket.
pub fn peer_of(connection: Option<ConnectInfo<SocketAddr>>) -> IpAddr {
    connection.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip())
}

/// The number of the token that a request came with. What outlives its request looks again whether the
/// token is still good.
#[derive(Debug, Clone, Copy)]
pub struct Bearer(pub i64);

/// Lets requests to the API pass with a token only.
pub async fn require_token(State(app): State<App>, mut request: Request, next: Next) -> Result<Response, Refusal> {
    let path = request.uri().path();
    let is_pairing = request.method() == Method::POST && path.strip_prefix(COMPANION_BASE) == Some(PAIRINGS);
    if !is_api(path) || is_pairing {
        return Ok(next.run(request).await);
    }
    let Some(token) = bearer(request.headers()) else {
        return Err(Refusal::unauthorized(
            "a token is needed: open the link that the companion printed, or `flightdeck link`",
        ));
    };
    let Some(token) = app.access.check(token).await? else {
        let refusal = Refusal::unauthorized(
            "this token is not known here; open a new link from `flightdeck link`, or make a token with `flightdeck token new`",
        );
        return Err(app.limiter.failed(peer_of(request.extensions().get().copied()), Instant::now(), refusal));
    };
    request.extensions_mut().insert(Bearer(token.id));
    Ok(next.run(request).await)
}

/// The words before a token. GitHub's own client says `token`.
const SCHEMES: [&str; 2] = ["bearer", "token"];

/// The token of the one `Authorization` header.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let is_scheme = SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let is_token = is_scheme && !token.is_empty() && values.next().is_none();
    is_token.then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    #[test]
    fn a_token_comes_after_either_word_and_alone() {
        for (values, expected) in [
            (&["Bearer abc"][..], Some("abc")),
            (&["bearer abc"], Some("abc")),
            (&["token abc"], Some("abc")),
            (&["Token abc"], Some("abc")),
            (&["Basic abc"], None),
            (&["abc"], None),
            (&["Bearer "], None),
            (&["tokens abc"], None),
            (&["token abc", "Bearer abc"], None),
            (&[], None),
        ] {
            let headers = values.iter().map(|value| (header::AUTHORIZATION, value.parse().unwrap())).collect();
            assert_eq!(bearer(&headers), expected, "{values:?}");
        }
    }

    #[test]
    fn failures_are_limited_per_peer_and_forgotten_after_the_window() {
        let limiter = AuthLimiter::default();
        let start = Instant::now();
        let fail = |peer: [u8; 4], after: Duration| {
            let refusal = limiter.failed(peer.into(), start + after, Refusal::unauthorized("no"));
            refusal.into_response().status().as_u16()
        };
        for _ in 0..FAILURES_MAX {
            assert_eq!(fail([127, 0, 0, 1], Duration::ZERO), 401);
        }
        assert_eq!(fail([127, 0, 0, 1], Duration::from_secs(59)), 429);
        assert_eq!(fail([127, 0, 0, 2], Duration::from_secs(59)), 401);
        assert_eq!(fail([127, 0, 0, 1], WINDOW), 401);
    }
}
