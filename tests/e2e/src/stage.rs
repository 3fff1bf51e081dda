//! A companion and a page for one story, with what must hold at every story's end.

use std::panic::{AssertUnwindSafe, resume_unwind};

use anyhow::ensure;
use futures_util::FutureExt as _;

use crate::{Companion, Page, Setting};

/// What a story is told on.
pub struct Stage {
    /// The companion.
    pub companion: Companion,
    /// The page, still empty.
    pub page: Page,
}

impl Stage {
    /// Opens the link that the companion printed and waits for the Agents page and its connection: who goes on to
    /// another address before that is not let in there.
    pub async fn open(&self) -> anyhow::Result<()> {
        self.page.open(&self.companion.link).await?;
        self.page.see_role("textbox", "Prompt").await?;
        self.page.see_role("button", "Connections: Live").await
    }

    /// Starts a task on the page with the rehearsal agent, and waits until the field is free for the next.
    /// `title` is its first line, `script` what it plays.
    pub async fn start_task(&self, title: &str, script: &str) -> anyhow::Result<()> {
        self.start_task_with("Rehearsal", &format!("{title}\nrehearse: {script}")).await?;
        crate::until("an empty prompt field", async || {
            Ok(self.page.value_of("textbox", "Prompt").await?.is_empty().then_some(()))
        })
        .await
    }

    /// Starts a task on the page.
    pub async fn start_task_with(&self, agent: &str, prompt: &str) -> anyhow::Result<()> {
        self.page.choose("Agent", agent).await?;
        self.page.type_into("Prompt", prompt).await?;
        self.page.click_role("button", "Start task").await
    }
}

/// Tells a story. When it fails, a screenshot and the companion's log are left behind.
pub async fn story(name: &str, tell: impl AsyncFnOnce(&mut Stage) -> anyhow::Result<()>) -> anyhow::Result<()> {
    story_with(name, Setting::default(), tell).await
}

/// Tells a story with another companion.
pub async fn story_with(
    name: &str,
    setting: Setting<'_>,
    tell: impl AsyncFnOnce(&mut Stage) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut stage = Stage { companion: Companion::start(setting).await?, page: Page::blank().await? };
    let told = AssertUnwindSafe(tell(&mut stage)).catch_unwind().await;
    let Stage { companion, page } = stage;
    if !matches!(told, Ok(Ok(()))) {
        let screenshot = page.screenshot(&format!("failed-{name}")).await;
        eprintln!(
            "story '{name}': {screenshot:?}\ncomplaints: {:#?}\ncompanion: {}",
            page.complaints(),
            companion.log()
        );
    }
    let complaints = page.complaints();
    page.close().await?;
    let nothing_left = companion.see_nothing_left().await;
    companion.end().await?;
    match told {
        Ok(told) => told?,
        Err(panic) => resume_unwind(panic),
    }
    ensure!(complaints.is_empty(), "the page complained:\n{}", complaints.join("\n"));
    nothing_left
}
