//! The HTTP edge: guards first, then the API, then the page. Handlers are short; the domain decides.

mod answer;
mod auth;
mod capabilities;
mod cors;
mod download;
mod events;
mod extract;
mod guard;
mod headers;
mod openapi;
mod operations;
mod outline;
mod page;
mod pairings;
mod repositories;
mod search;
mod site;
mod sse;
mod stream;
mod tails;
mod tasks;

use std::sync::Arc;

use agent_tasks::{paths::COMPANION_BASE, presets::PRESETS_FILE};
use axum::{Router, middleware, routing::get};
use tokio_util::sync::CancellationToken;
use tower::util::option_layer;
use tower_http::catch_panic::CatchPanicLayer;

pub use auth::AuthLimiter;
pub use guard::Hosts;
pub use openapi::document;
pub use operations::{OPERATIONS, Operation};
pub use site::Site;
pub use tails::Tails;

use crate::{access::Access, tasks::Tasks};

/// What the handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The domain.
    pub tasks: Tasks,
    /// The tokens.
    pub access: Access,
    /// The names under which this server may be asked for.
    pub hosts: Arc<Hosts>,
    /// The page that this server shows.
    pub site: Arc<Site>,
    /// What the readers of streams share.
    pub tails: Arc<Tails>,
    /// Who has failed to name a token how often.
    pub limiter: Arc<AuthLimiter>,
    /// Set when the server ends: the streams end.
    pub ending: CancellationToken,
}

/// The whole server, without its socket.
pub fn app(app: App) -> Router {
    let mut api = Router::new();
    for operation in OPERATIONS {
        api = api.route(operation.path, (operation.route)());
    }
    Router::new()
        .nest(COMPANION_BASE, api)
        .route(&format!("/{PRESETS_FILE}"), get(site::presets))
        .fallback(page::serve)
        .method_not_allowed_fallback(answer::method_not_allowed)
        .layer(middleware::from_fn_with_state(app.clone(), auth::require_token))
        .layer(CatchPanicLayer::custom(answer::after_panic))
        .layer(option_layer(cors::for_guests(&app.hosts)))
        .layer(middleware::from_fn_with_state(app.clone(), guard::check))
        .layer(middleware::from_fn_with_state(app.clone(), headers::harden))
        .with_state(app)
}
