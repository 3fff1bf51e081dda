//! Every request that a page makes, with what made it.

use std::sync::{Arc, Mutex};

use chromiumoxide::{
    Page,
    cdp::browser_protocol::network::{EventDataReceived, EventRequestWillBeSent, RequestId},
};
use futures_util::StreamExt as _;

/// A request that left the page, or tried to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRequest {
    /// The whole address.
    pub url: String,
    /// In upper case.
    pub method: String,
    /// The address of the script or document that made it; none for what the person opened.
    pub initiator: Option<String>,
    /// Whether a person's click or key came before it.
    pub has_gesture: bool,
    /// Bytes of the answer so far, as the page gets them.
    pub received: u64,
    id: RequestId,
}

impl SeenRequest {
    /// Scheme, host and port: `http://127.0.0.1:4000`; `data:` and the like for addresses without a host.
    pub fn origin(&self) -> &str {
        let Some((scheme, rest)) = self.url.split_once("://") else {
            return self.url.split_inclusive(':').next().unwrap_or_default();
        };
        let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        &self.url[..scheme.len() + "://".len() + host]
    }
}

/// Collects requests while the page lives.
#[derive(Clone, Default)]
pub struct SeenRequests(Arc<Mutex<Vec<SeenRequest>>>);

impl SeenRequests {
    /// Watches `page` from now on.
    pub async fn watch(page: &Page) -> anyhow::Result<Self> {
        let seen = Self::default();
        let (mut events, kept) = (page.event_listener::<EventRequestWillBeSent>().await?, seen.clone());
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                let stack = event.initiator.stack.as_ref().and_then(|stack| stack.call_frames.first());
                let from_stack = stack.map(|frame| frame.url.clone()).filter(|url| !url.is_empty());
                kept.lock().push(SeenRequest {
                    url: event.request.url.clone(),
                    method: event.request.method.clone(),
                    initiator: event.initiator.url.clone().or(from_stack),
                    has_gesture: event.has_user_gesture == Some(true),
                    received: 0,
                    id: event.request_id.clone(),
                });
            }
        });
        let (mut events, kept) = (page.event_listener::<EventDataReceived>().await?, seen.clone());
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                // A redirect keeps the number: what comes belongs to the newest.
                if let Some(request) = kept.lock().iter_mut().rev().find(|request| request.id == event.request_id) {
                    request.received += event.data_length.unsigned_abs();
                }
            }
        });
        Ok(seen)
    }

    /// All of them so far.
    pub fn all(&self) -> Vec<SeenRequest> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<SeenRequest>> {
        self.0.lock().expect("nothing panics while it holds the requests")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_path() {
        for (url, origin) in [
            ("http://127.0.0.1:4000/a?b", "http://127.0.0.1:4000"),
            ("https://api.github.com", "https://api.github.com"),
            ("data:,", "data:"),
        ] {
            let request = SeenRequest {
                url: url.into(),
                method: "GET".into(),
                initiator: None,
                has_gesture: false,
                received: 0,
                id: RequestId::new(""),
            };
            assert_eq!(request.origin(), origin);
        }
    }
}
