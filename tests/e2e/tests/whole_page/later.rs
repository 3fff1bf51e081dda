//! The parts of the page's program that are loaded later, with their sheets.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use e2e::{DIST, Page, Site};

/// The button that opens a panel of a later part.
const CONNECTIONS: &str = "Connections: Not connected";
const NOT_LOADED: &str = "This part of the page could not be loaded";
/// A program that any browser takes, and that is not ours.
const STRANGER: &[u8] = b"\0asm\x01\0\0\0";

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_loaded_is_told_and_asked_for_again() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (dist, lost) = (folder.path().join("dist"), folder.path().join("lost.wasm"));
    copy_folder(Path::new(DIST), &dist)?;
    let later = file_of(&dist, "later-", ".wasm")?;
    let host = Site::of(&dist).start().await?;
    let page = Page::blank().await?;
    page.while_requests_fail(async {
        fs::rename(&later, &lost)?;
        page.open(&host.site()).await?;
        page.see_role("button", CONNECTIONS).await?;
        page.click_role("button", CONNECTIONS).await?;
        page.see(NOT_LOADED).await?;
        // The page goes on without it.
        page.see_role("textbox", "Prompt").await?;
        fs::write(&later, STRANGER)?;
        page.click_role("button", "Try again").await?;
        page.see(NOT_LOADED).await?;
        fs::rename(&lost, &later)?;
        page.click_role("button", "Try again").await?;
        page.see("Add a connection").await?;
        page.see_no(NOT_LOADED).await
    })
    .await?;
    page.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_comes_before_anybody_asks_for_it() -> anyhow::Result<()> {
    let host = Site::dist()?.start().await?;
    let page = Page::blank().await?;
    page.while_requests_fail(async {
        page.open(&host.site()).await?;
        page.see_that("what is behind the closed panel", "document.querySelector('.connections-panel') !== null").await
    })
    .await?;
    page.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_shown_without_the_sheets_that_it_needs() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (dist, lost) = (folder.path().join("dist"), folder.path().join("lost.css"));
    copy_folder(Path::new(DIST), &dist)?;
    let sheet = file_of(&dist, "prose-", ".css")?;
    let host = Site::of(&dist).start().await?;
    let page = Page::blank().await?;
    page.while_requests_fail(async {
        fs::rename(&sheet, &lost)?;
        page.open(&host.site()).await?;
        page.see_role("button", CONNECTIONS).await?;
        page.click_role("button", CONNECTIONS).await?;
        page.see(NOT_LOADED).await?;
        fs::rename(&lost, &sheet)?;
        page.click_role("button", "Try again").await?;
        page.see("Add a connection").await?;
        let is_applied = "[...document.styleSheets].some(({ href }) => href?.includes('/prose-'))";
        page.see_that("the sheet in its place", is_applied).await
    })
    .await?;
    page.close().await
}

fn file_of(dist: &Path, beginning: &str, ending: &str) -> anyhow::Result<PathBuf> {
    let paths = fs::read_dir(dist)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    let is_meant = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with(beginning) && name.ends_with(ending)
    };
    paths.into_iter().find(is_meant).with_context(|| format!("the page has no {beginning}…{ending}"))
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_folder(&source, &target)?;
        } else {
            fs::copy(source, target)?;
        }
    }
    Ok(())
}
