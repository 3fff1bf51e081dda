//! The hosted page in front of a GitHub, for one story: a host of nothing but files whose `config.json` names the
//! stand-in, and a page to open it in.

use std::panic::{AssertUnwindSafe, resume_unwind};

use anyhow::ensure;
use futures_util::FutureExt as _;
use github_stand_in::{StandIn, World};
use serde_json::json;

use crate::{Page, Site, StaticHost};

/// What the host calls the stand-in.
pub const GITHUB_NAME: &str = "GitHub";

/// What a story is told on.
pub struct Deck {
    /// The host of the page.
    pub host: StaticHost,
    /// GitHub.
    pub stand_in: StandIn,
    /// The page, still empty.
    pub page: Page,
}

impl Deck {
    /// A host, a GitHub with this world, and a browser with these flags, without their dashes.
    pub async fn set_up(site: Site, world: World, flags: &[&str]) -> anyhow::Result<Self> {
        let stand_in = StandIn::start(world).await?;
        let connection = json!({ "name": GITHUB_NAME, "base": stand_in.address(), "edition": "github" });
        let config = json!({ "connections": [connection] });
        let host = site.with_file("config.json", config.to_string()).start().await?;
        Ok(Self { host, stand_in, page: Page::blank_with(flags).await? })
    }

    /// Opens the page, types [`World::TOKEN`] into its form, and waits until the page follows GitHub.
    pub async fn open(&self) -> anyhow::Result<()> {
        self.open_with(World::TOKEN).await
    }

    /// The same with another token.
    pub async fn open_with(&self, token: &str) -> anyhow::Result<()> {
        self.page.open(&self.host.site()).await?;
        self.page.see("Connect to your agents").await?;
        self.page.type_into("Token", token).await?;
        self.page.click_role("button", "Connect").await?;
        self.page.see_role("button", "Connections: Live").await
    }
}

/// Tells a story. At its end neither the page nor GitHub must have complained; when it fails, a screenshot is left
/// behind.
pub async fn deck_story(
    name: &str,
    world: World,
    tell: impl AsyncFnOnce(&mut Deck) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    deck_story_on(name, Deck::set_up(Site::dist()?, world, &[]).await?, tell).await
}

/// The same on a deck that was set up otherwise.
pub async fn deck_story_on(
    name: &str,
    mut deck: Deck,
    tell: impl AsyncFnOnce(&mut Deck) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let told = AssertUnwindSafe(tell(&mut deck)).catch_unwind().await;
    let Deck { page, stand_in, .. } = deck;
    if !matches!(told, Ok(Ok(()))) {
        let screenshot = page.screenshot(&format!("failed-{name}")).await;
        eprintln!("story '{name}': {screenshot:?}\nthe page shows:\n{}", page.text().await.unwrap_or_default());
        for request in stand_in.requests() {
            eprintln!(
                "GitHub was asked: {} {} {:?} → {:?}",
                request.method, request.path, request.query, request.status
            );
        }
        eprintln!("complaints of the page: {:#?}\nof GitHub: {:#?}", page.complaints(), stand_in.complaints());
    }
    let (of_page, of_github) = (page.complaints(), stand_in.complaints());
    page.close().await?;
    match told {
        Ok(told) => told?,
        Err(panic) => resume_unwind(panic),
    }
    ensure!(of_page.is_empty(), "the page complained:\n{}", of_page.join("\n"));
    ensure!(of_github.is_empty(), "GitHub complained:\n{}", of_github.join("\n"));
    Ok(())
}
