//! The second part of the page's program: what is loaded after the first paint.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use e2e::{DIST, Page, Site};

/// The button that opens a panel of the second part.
const CONNECTIONS: &str = "Connections: Not connected";
const NOT_LOADED: &str = "This part of the page could not be loaded";
/// A program that any browser takes, and that is not ours.
const STRANGER: &[u8] = b"\0asm\x01\0\0\0";

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_loaded_is_told_and_asked_for_again() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (dist, lost) = (folder.path().join("dist"), folder.path().join("lost.wasm"));
    copy_folder(Path::new(DIST), &dist)?;
    let later = second_part(&dist)?;
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

fn second_part(dist: &Path) -> anyhow::Result<PathBuf> {
    let paths = fs::read_dir(dist)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    let is_later = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("later-") && name.ends_with(".wasm")
    };
    paths.into_iter().find(is_later).context("the page has no second part")
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
