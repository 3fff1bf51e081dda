//! What the page asked GitHub for in a story, and how a story makes it ask.

use anyhow::{Context as _, ensure};
use github_stand_in::{Request, StandIn, World};
use serde_json::json;

use crate::{Deck, GITHUB_NAME, Page, Site, until};

/// GitHub.com's API.
const GITHUB_COM: &str = "https://api.github.com";
/// The operation that lists a user's tasks.
const LIST: &str = "agent-tasks/list-tasks";
/// Operations that fill the prompt field's choices.
const OF_PICKERS: [&str; 2] = ["repos/list-branches", "repos/get-content"];

impl Deck {
    /// The same page and the same GitHub, but the page knows it as GitHub.com: its links lead where GitHub's do.
    pub async fn at_github_com(world: World) -> anyhow::Result<Self> {
        let deck = Self::set_up_at(world, |_| GITHUB_COM.to_owned()).await?;
        deck.page.send_elsewhere(GITHUB_COM, &deck.stand_in.address()).await?;
        Ok(deck)
    }

    /// With another address in the `config.json`.
    pub async fn set_up_at(world: World, base: impl FnOnce(&StandIn) -> String) -> anyhow::Result<Self> {
        let stand_in = StandIn::start(world).await?;
        let connection = json!({ "name": GITHUB_NAME, "base": base(&stand_in), "edition": "github" });
        let config = json!({ "connections": [connection] });
        let host = Site::dist()?.with_file("config.json", config.to_string()).start().await?;
        Ok(Self { host, stand_in, page: Page::blank().await? })
    }

    /// Every request so far but those for the prompt field's choices.
    pub fn asked(&self) -> Vec<Request> {
        let mut requests = self.stand_in.requests();
        requests
            .retain(|request| request.operation.as_deref().is_none_or(|operation| !OF_PICKERS.contains(&operation)));
        requests
    }

    /// Wakes the page until it asks for its tasks; the request, once it was answered.
    pub async fn poll(&self) -> anyhow::Result<Request> {
        let before = self.stand_in.count(LIST);
        until("the page to ask for its tasks", async || {
            if self.stand_in.count(LIST) == before {
                self.page.wake().await?;
            }
            let mut lists = self.lists();
            let asked = (lists.len() > before).then(|| lists.swap_remove(before));
            Ok(asked.filter(|request| request.status.is_some()))
        })
        .await
    }

    /// Polls twice: from the second one on the page knows the version of the list.
    pub async fn settle(&self) -> anyhow::Result<()> {
        until("a poll that finds nothing new", async || Ok((self.poll().await?.status == Some(304)).then_some(())))
            .await
    }

    /// The requests for the list of tasks.
    pub fn lists(&self) -> Vec<Request> {
        let mut requests = self.stand_in.requests();
        requests.retain(|request| request.operation.as_deref() == Some(LIST));
        requests
    }

    /// Nothing was asked since there were `count` requests, however often the page is woken.
    pub async fn see_silence_since(&self, count: usize) -> anyhow::Result<()> {
        for _ in 0..3 {
            self.page.wake().await?;
        }
        // A request that the page made now would be there when its own clock has moved on.
        let since = self.page.age_ms().await?;
        self.page.see_that("a moment to pass", &format!("performance.now() > {since} + 100")).await?;
        let requests = self.stand_in.requests();
        ensure!(requests.len() == count, "asked meanwhile: {:#?}", requests.get(count..).context("fewer requests")?);
        Ok(())
    }
}
