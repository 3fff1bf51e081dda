//! How the client asks: at its pace, with the headers of its server, and with refusals made plain.

use std::sync::{MutexGuard, PoisonError};

use agent_tasks::Edition;
use gloo_net::http::Method;
use gloo_timers::future::TimeoutFuture;
use serde::Serialize;

use super::github::permissions;
use super::memory::Memory;
use super::pace::Resource;
use super::request::{self, Call, Reply, now_ms};
use super::{Client, Failure};

/// The edition of GitHub's API that the calls are written for.
const GITHUB_VERSION: &str = "2026-03-10";

/// What kind of request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Reads.
    Get,
    /// Reads by a query: a `POST` that changes nothing.
    Query,
    /// Changes something.
    Write,
}

impl Client {
    /// What the clones remember together.
    pub(super) fn with<T>(&self, look: impl FnOnce(&mut Memory) -> T) -> T {
        look(&mut self.lock())
    }

    /// One copy of the lock's code for all that look.
    #[inline(never)]
    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads.
    pub(super) async fn get(&self, path: &str) -> Result<Reply, Failure> {
        let reply = self.ask(Verb::Get, path, None, None).await?;
        self.success(Verb::Get, path, reply)
    }

    /// Reads unless the server says that the version `etag` still holds: `None` then.
    pub(super) async fn get_if_changed(&self, path: &str, etag: Option<&str>) -> Result<Option<Reply>, Failure> {
        let header = etag.map(|etag| ("If-None-Match", etag));
        let reply = self.ask(Verb::Get, path, None, header).await?;
        if etag.is_some() && reply.status == 304 {
            return Ok(None);
        }
        self.success(Verb::Get, path, reply).map(Some)
    }

    /// Writes.
    pub(super) async fn post(&self, path: &str, body: &impl Serialize) -> Result<Reply, Failure> {
        self.post_text(path, json_text(body)?).await
    }

    /// Writes what was made JSON before.
    pub(super) async fn post_text(&self, path: &str, body: String) -> Result<Reply, Failure> {
        let reply = self.ask(Verb::Write, path, Some(body), None).await?;
        self.success(Verb::Write, path, reply)
    }

    /// Fails once the connection is closed.
    fn check_open(&self) -> Result<(), Failure> {
        if self.with(|memory| memory.is_closed) { Err(Failure::Closed) } else { Ok(()) }
    }

    /// Asks, and gives the answer back whatever its status is. Fails where there is none, where the server asks
    /// to wait, and, without asking, as long as it does and once the connection is closed.
    pub(super) async fn ask(
        &self,
        verb: Verb,
        path: &str,
        body: Option<String>,
        header: Option<(&str, &str)>,
    ) -> Result<Reply, Failure> {
        let (resource, url) = match verb {
            Verb::Get | Verb::Write => (Resource::Core, self.url(path)),
            Verb::Query => (Resource::Graphql, self.graphql_url()),
        };
        let _turn = match (verb, self.address.edition) {
            (Verb::Write, Edition::Github) => Some(WriteTurn::take(self).await?),
            (Verb::Get | Verb::Query | Verb::Write, Edition::Companion | Edition::Github) => None,
        };
        self.check_open()?;
        if let Some(seconds) = self.with(|memory| memory.pace.wait_seconds(resource, now_ms())) {
            return Err(Failure::RateLimited(seconds));
        }
        // GitHub lets a page of another origin send these headers and few others.
        let mut headers = match self.address.edition {
            Edition::Companion => vec![("Accept", "application/json")],
            Edition::Github => {
                vec![("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", GITHUB_VERSION)]
            }
        };
        headers.extend(header);
        let method = if verb == Verb::Get { Method::GET } else { Method::POST };
        let reply = request::send(Call { method, url: &url, token: Some(&self.token), headers: &headers, body }).await;
        let refused = self.with(|memory| match &reply {
            Ok(reply) => memory.pace.take(resource, reply.status, &reply.head, &reply.body, now_ms()),
            Err(_) => {
                memory.pace.fail();
                None
            }
        });
        match refused {
            Some(seconds) => Err(Failure::RateLimited(seconds)),
            None => reply,
        }
    }

    /// The answer, where it is a success; else what is wrong, with the permission that is missing.
    pub(super) fn success(&self, verb: Verb, path: &str, reply: Reply) -> Result<Reply, Failure> {
        match (self.address.edition, permissions::missing(verb, path, reply.status, &reply.body)) {
            (Edition::Github, Some(sentence)) => Err(Failure::Forbidden(sentence)),
            (Edition::Companion | Edition::Github, _) => reply.success(),
        }
    }

    /// A GitHub Enterprise Server has GraphQL beside its `/api/v3`.
    fn graphql_url(&self) -> String {
        let base = self.address.base();
        format!("{}{}", base.strip_suffix("/v3").unwrap_or(base), agent_tasks::paths::GRAPHQL)
    }
}

/// JSON as text.
pub(super) fn json_text(body: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(body).map_err(|_| Failure::Unreadable)
}

/// The turn to write; dropped when the write is over.
struct WriteTurn<'a>(&'a Client);

impl<'a> WriteTurn<'a> {
    /// Waits for the turn; fails as soon as the connection is closed.
    async fn take(client: &'a Client) -> Result<Self, Failure> {
        loop {
            client.check_open()?;
            match client.with(|memory| memory.pace.begin_write(now_ms())) {
                Ok(()) => return Ok(Self(client)),
                Err(ms) => TimeoutFuture::new(ms).await,
            }
        }
    }
}

impl Drop for WriteTurn<'_> {
    fn drop(&mut self) {
        self.0.with(|memory| memory.pace.end_write(now_ms()));
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use agent_tasks::ServerAddress;

    use super::*;

    #[test]
    fn no_clone_asks_once_the_connection_is_closed() {
        let companion = ServerAddress::of_companion_host("127.0.0.1:4180").unwrap();
        for address in [ServerAddress::github(), companion] {
            let client = Client::new(address, "token");
            let clone = client.clone();
            client.close();
            for verb in [Verb::Get, Verb::Query, Verb::Write] {
                let asked = pin!(clone.ask(verb, "/user", None, None));
                let Poll::Ready(reply) = asked.poll(&mut Context::from_waker(Waker::noop())) else {
                    panic!("{verb:?} waits")
                };
                assert_eq!(reply.map(|reply| reply.status), Err(Failure::Closed), "{verb:?}");
            }
        }
    }
}
