//! A log of a million lines: what its reader does is quick, and little of it is loaded.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, ensure};
use e2e::{
    Page, Setting, Stage, story_with, until_within,
    workload::{LAST_WORDS, Landmark, Library, RARE, Workload, WrittenLog, numbered},
};
use serde_json::json;
use tokio::sync::OnceCell;

const LINES: usize = 1_000_000;
/// The most that may be loaded of the log to show a place of it, in bytes; all of it has a hundred times that.
const LOADED_MAX: u64 = 1_500_000;
/// The most elements that the log may hold in the page.
const ELEMENTS_MAX: usize = 600;
/// How long a companion may search all of it, on a busy machine and without optimisation.
const SEARCHING: Duration = Duration::from_secs(120);
/// Places that are jumped to.
const JUMPS: usize = 20;

/// How many places of the log's screen, of 16 from top to bottom, show no row with its content.
const EMPTY_PLACES: &str = "(() => {
    const { left, top, height } = document.querySelector('[role=log]').getBoundingClientRect();
    const rows = Array.from({ length: 16 }, (_, place) =>
        document.elementFromPoint(left + 40, top + ((place + 0.5) * height) / 16)?.closest('.log-view-rows > *'));
    return rows.filter((row) => !row || row.querySelector('.log-row-absent')).length;
})()";

#[tokio::test(flavor = "multi_thread")]
async fn its_end_is_on_the_screen_before_more_than_a_little_is_loaded() -> anyhow::Result<()> {
    story("million-open", async |stage, log| {
        stage.page.open(&address(stage, log)).await?;
        stage.page.see_in_log(LAST_WORDS).await?;
        see_little(&stage.page).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_a_line_in_its_middle_opens_there() -> anyhow::Result<()> {
    story("million-middle", async |stage, log| {
        let Landmark { seq, first_line, lines } = middle(log)?;
        let line = lines / 2;
        stage.page.open(&format!("{}/steps/{seq}/lines/{}", address(stage, log), line + 1)).await?;
        stage.page.see_in_log(&numbered(first_line + line)).await?;
        see_no_empty_place(&stage.page).await?;
        see_little(&stage.page).await?;
        stage.page.screenshot("million-middle").await.map(drop)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_in_a_closed_step_of_it_is_found() -> anyhow::Result<()> {
    story("million-find", async |stage, log| {
        let page = &stage.page;
        page.open(&address(stage, log)).await?;
        page.see_in_log(LAST_WORDS).await?;
        page.press("f", true).await?;
        page.type_into("Find in the log", RARE).await?;
        until_within(SEARCHING, "three hits", async || {
            Ok(page.value::<bool>("document.querySelector('.find-bar-count').textContent.includes('of 3')").await?.then_some(()))
        })
        .await?;
        for _ in 0..3 {
            page.press("Enter", false).await?;
            let hit = format!(
                "[...document.querySelectorAll('.log-row')].some((row) => row.checkVisibility() && row.innerText.includes({}))",
                json!(RARE)
            );
            page.see_that("the hit", &hit).await?;
        }
        see_few_elements(page).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_one_jumps_there_are_rows() -> anyhow::Result<()> {
    story("million-jumps", async |stage, log| {
        let page = &stage.page;
        page.open(&address(stage, log)).await?;
        page.see_in_log(LAST_WORDS).await?;
        for jump in 0..JUMPS {
            let part = (jump * 7 % JUMPS) as f64 / JUMPS as f64;
            page.see_that(
                "the log to be scrolled",
                &format!(
                    "(() => {{ const log = document.querySelector('[role=log]');
                        log.scrollTop = {part} * (log.scrollHeight - log.clientHeight); return true }})()"
                ),
            )
            .await?;
            see_no_empty_place(page).await?;
            see_few_elements(page).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it_opens_and_closes() -> anyhow::Result<()> {
    story("million-folds", async |stage, log| {
        let page = &stage.page;
        page.open(&address(stage, log)).await?;
        page.see_in_log(LAST_WORDS).await?;
        let before = height(page).await?;
        choose_detail(page, "Open all").await?;
        e2e::until("a taller log", async || Ok((height(page).await? > 4.0 * before).then_some(()))).await?;
        see_no_empty_place(page).await?;
        see_few_elements(page).await?;
        choose_detail(page, "Close all").await?;
        e2e::until("a lower log", async || Ok((height(page).await? <= before).then_some(()))).await?;
        see_no_empty_place(page).await?;
        see_few_elements(page).await
    })
    .await
}

/// Tells a story of a companion that has the log.
async fn story(
    name: &str,
    tell: impl AsyncFnOnce(&mut Stage, &WrittenLog) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    static LIBRARY: OnceCell<Library> = OnceCell::const_new();
    let library = LIBRARY
        .get_or_try_init(async || {
            let database = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("million.sqlite");
            Library::make(database, &[Workload::of(LINES)]).await?.outlined().await
        })
        .await?;
    let log = library.log(LINES)?;
    story_with(name, Setting { library: Some(library), ..Setting::default() }, async |stage| {
        stage.open().await?;
        tell(stage, log).await
    })
    .await
}

fn address(stage: &Stage, log: &WrittenLog) -> String {
    format!("{}/{}", stage.companion.address, agent_tasks::paths::task_page(&log.task_id))
}

/// A command with a hundred lines or more, in the middle of the log.
fn middle(log: &WrittenLog) -> anyhow::Result<Landmark> {
    let found = log.landmarks.iter().find(|landmark| landmark.first_line > LINES / 2 && landmark.lines >= 100);
    found.copied().context("the log has no such command")
}

async fn see_no_empty_place(page: &Page) -> anyhow::Result<()> {
    page.see_that("rows wherever one looks", &format!("{EMPTY_PLACES} === 0")).await
}

/// What the page has asked of the log so far is little, and so is what it shows.
async fn see_little(page: &Page) -> anyhow::Result<()> {
    let asked: Vec<_> =
        page.requests().into_iter().filter(|request| request.url.contains("/api/agents/tasks/")).collect();
    let loaded: u64 = asked.iter().map(|request| request.received).sum();
    ensure!(loaded > 0 && loaded < LOADED_MAX, "{loaded} bytes were loaded:\n{asked:#?}");
    see_few_elements(page).await
}

async fn see_few_elements(page: &Page) -> anyhow::Result<()> {
    let elements = page.count("[role=log] *").await?;
    ensure!(elements <= ELEMENTS_MAX, "{elements} elements are in the log");
    Ok(())
}

/// Chooses how much of the log is open, by the beginning of what the menu says.
/// How much of every step is open.
pub async fn choose_detail(page: &Page, wanted: &str) -> anyhow::Result<()> {
    let press = |selector: &str, text: &str| {
        format!(
            "(() => {{
                const all = [...document.querySelectorAll({selector})];
                const found = all.find((it) => it.checkVisibility() && it.textContent.trim().startsWith({text}));
                found?.click();
                return Boolean(found);
            }})()",
            selector = json!(selector),
            text = json!(text)
        )
    };
    page.see_that("the menu's button", &press("[role=toolbar] button", "Detail")).await?;
    page.see_that(wanted, &press("[role^=menuitem]", wanted)).await
}

async fn height(page: &Page) -> anyhow::Result<f64> {
    page.value("document.querySelector('[role=log]').scrollHeight").await
}
