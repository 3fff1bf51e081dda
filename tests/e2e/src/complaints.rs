//! What a page complains about: console errors and warnings, exceptions, refused and failed requests.

use std::sync::{Arc, Mutex};

use chromiumoxide::{
    Page,
    cdp::{
        IntoEventKind,
        browser_protocol::{
            log::{EventEntryAdded, LogEntryLevel, LogEntrySource},
            network::{EventLoadingFailed, EventResponseReceived},
        },
        js_protocol::runtime::{ConsoleApiCalledType, EventConsoleApiCalled, EventExceptionThrown},
    },
};
use futures_util::StreamExt as _;

/// The lowest HTTP status that is a refusal.
const REFUSED: i64 = 400;
/// What the browser calls a request that was given up.
const ABORTED: &str = "net::ERR_ABORTED";

/// Collects complaints while the page lives.
#[derive(Clone, Default)]
pub struct Complaints(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    complaints: Vec<String>,
    /// All that was written to the console.
    console: Vec<String>,
    /// Whether failed requests are part of the story now.
    failures_expected: bool,
}

/// What a complaint is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    Code,
    Network,
    /// Nothing to complain about.
    Chatter,
}

impl Complaints {
    /// Listens to `page` from now on.
    pub async fn listen(page: &Page) -> anyhow::Result<Self> {
        page.enable_log().await?;
        let complaints = Self::default();
        complaints
            .hear(page, |event: &EventConsoleApiCalled| {
                let is_complaint = matches!(
                    event.r#type,
                    ConsoleApiCalledType::Error | ConsoleApiCalledType::Warning | ConsoleApiCalledType::Assert
                );
                let words = event
                    .args
                    .iter()
                    .filter_map(|arg| arg.value.clone().map(|value| value.to_string()).or(arg.description.clone()));
                let about = if is_complaint { About::Code } else { About::Chatter };
                Some((about, format!("console: {}", words.collect::<Vec<_>>().join(" "))))
            })
            .await?;
        complaints
            .hear(page, |event: &EventExceptionThrown| {
                let details = &event.exception_details;
                let thrown = details.exception.as_ref().and_then(|thrown| thrown.description.clone());
                Some((About::Code, format!("exception: {} {}", details.text, thrown.unwrap_or_default())))
            })
            .await?;
        complaints
            .hear(page, |event: &EventEntryAdded| {
                let entry = &event.entry;
                let about = if entry.source == LogEntrySource::Network { About::Network } else { About::Code };
                let is_complaint = matches!(entry.level, LogEntryLevel::Error | LogEntryLevel::Warning);
                is_complaint
                    .then(|| (about, format!("browser: {} {}", entry.text, entry.url.clone().unwrap_or_default())))
            })
            .await?;
        complaints
            .hear(page, |event: &EventLoadingFailed| {
                // A request that the page itself gave up, as when it closes a stream, is no failure.
                let is_given_up = event.canceled == Some(true) && event.error_text == ABORTED;
                (!is_given_up).then(|| (About::Network, format!("request failed: {}", event.error_text)))
            })
            .await?;
        complaints
            .hear(page, |event: &EventResponseReceived| {
                let response = &event.response;
                (response.status >= REFUSED)
                    .then(|| (About::Network, format!("{} for {}", response.status, response.url)))
            })
            .await?;
        Ok(complaints)
    }

    /// From now on failed requests are (or are not) part of the story.
    pub fn expect_failures(&self, expected: bool) {
        self.lock().failures_expected = expected;
    }

    /// All complaints so far.
    pub fn heard(&self) -> Vec<String> {
        self.lock().complaints.clone()
    }

    /// All that was written to the console so far, by the page or about it.
    pub fn console(&self) -> Vec<String> {
        self.lock().console.clone()
    }

    async fn hear<E>(&self, page: &Page, complain: fn(&E) -> Option<(About, String)>) -> anyhow::Result<()>
    where
        E: IntoEventKind + Unpin + Send + Sync + 'static,
    {
        let mut events = page.event_listener::<E>().await?;
        let complaints = self.clone();
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                let Some((about, text)) = complain(&event) else { continue };
                let mut heard = complaints.lock();
                heard.console.push(text.clone());
                let is_complaint = match about {
                    About::Code => true,
                    About::Network => !heard.failures_expected,
                    About::Chatter => false,
                };
                if is_complaint {
                    heard.complaints.push(text);
                }
            }
        });
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Heard> {
        self.0.lock().expect("nothing panics while it holds the complaints")
    }
}
