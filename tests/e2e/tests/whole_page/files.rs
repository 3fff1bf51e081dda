//! Log files from disk: every kind is opened by a drop, on a host that has nothing but the page's files.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use e2e::{Page, StaticHost, until};
use serde_json::{Value, json};

/// The files of each kind, what the page calls it, and words of its log.
const KINDS: [(&str, &str, &[&str]); 5] = [
    ("log-files/tests/fixtures/claude.jsonl", "Claude Code session", &["Mend the gate", "make gate", "I look at it."]),
    ("log-files/tests/fixtures/codex.jsonl", "Codex session", &["Paint the fence", "cat fence.txt", "The fence is"]),
    ("log-files/tests/fixtures/copilot.jsonl", "Copilot CLI session", &["Rake the leaves", "rake"]),
    (
        "acp-events/tests/fixtures/transcripts/opencode-permission-reject.jsonl",
        "Recorded ACP conversation",
        &["Permission", "Prompt"],
    ),
    ("log-files/tests/fixtures/log.txt", "Plain text", &["Compiling garden", "test result: ok. 3 passed"]),
];

fn read(path: &str) -> anyhow::Result<(String, String)> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../crates").join(path);
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((name, std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?))
}

/// Drops files on the page, as the browser tells it: each a text or a list of bytes.
async fn drop_files(page: &Page, files: &[(&str, Value)]) -> anyhow::Result<()> {
    let script = format!(
        "(() => {{
            const carried = new DataTransfer();
            for (const [name, held] of {}) carried.items.add(new File([Array.isArray(held) ? new Uint8Array(held) : held], name, {{ lastModified: 1767225600000 }}));
            const tell = (type) => document.body.dispatchEvent(
                new DragEvent(type, {{ dataTransfer: carried, bubbles: true, cancelable: true }}));
            const isTaken = !tell('dragover');
            return isTaken && !tell('drop');
        }})()",
        json!(files)
    );
    ensure!(page.value::<bool>(&script).await?, "the page did not take the drop");
    Ok(())
}

async fn open_host() -> anyhow::Result<(StaticHost, Page)> {
    let host = StaticHost::start().await?;
    let page = Page::blank().await?;
    page.while_requests_fail(async {
        page.open(&host.site()).await?;
        page.see_role("heading", "Agents").await
    })
    .await?;
    Ok((host, page))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_reads_files_is_loaded_when_one_is_opened() -> anyhow::Result<()> {
    const IS_LOADED: &str =
        "performance.getEntriesByType('resource').some(({ name }) => /\\/files-[0-9a-f]+\\.wasm$/.test(name))";
    let (_host, page) = open_host().await?;
    page.see_that("what is loaded without a file", "document.querySelector('.connections-panel') !== null").await?;
    ensure!(!page.value::<bool>(IS_LOADED).await?, "the readers of files are loaded for nobody");
    drop_files(&page, &[("garden.txt", json!("one line"))]).await?;
    page.see("Plain text").await?;
    ensure!(page.value::<bool>(IS_LOADED).await?, "the readers of files are no part of their own");
    page.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_log_file_opens_by_a_drop_without_a_server() -> anyhow::Result<()> {
    let (_host, page) = open_host().await?;
    for (path, kind, words) in KINDS {
        let (name, text) = read(path)?;
        drop_files(&page, &[(&name, json!(text))]).await?;
        page.see_address("#/file").await?;
        page.see_role("heading", &name).await?;
        page.see(kind).await?;
        for word in words {
            until(&format!("'{word}' in {name}"), async || {
                let log = page.read_log().await?;
                Ok(log.iter().any(|step| step.text.contains(word)).then_some(()))
            })
            .await?;
        }
    }
    page.screenshot("log-file").await?;
    let (name, text) = read(KINDS[0].0)?;
    drop_files(&page, &[(&name, json!(text)), ("other.txt", json!("x"))]).await?;
    page.see("1 more file was chosen.").await?;
    page.see("1 line was not understood and is shown as written.").await?;
    drop_files(&page, &[("packed.jsonl.gz", json!([0x1f, 0x8b, 8, 0, 0, 0, 0]))]).await?;
    page.see("The file is compressed (gzip). Unpack it, then open what was in it.").await?;
    drop_files(&page, &[("empty.log", json!(""))]).await?;
    page.see("The file is empty.").await?;
    page.reload().await?;
    page.see("No log file is open").await?;
    let complaints = page.complaints();
    ensure!(complaints.is_empty(), "{complaints:#?}");
    page.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_can_be_read_on_while_it_arrives_and_the_page_stays_quick() -> anyhow::Result<()> {
    let (_host, page) = open_host().await?;
    // About 40 MB, made in the page: the file is not sent over the debugger.
    let script = "(() => {
        globalThis.longest = 0;
        new PerformanceObserver((list) => {
            for (const task of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, task.duration);
        }).observe({ entryTypes: ['longtask'] });
        const line = (n) => JSON.stringify({ type: 'user.message', id: `e${n}`, parentId: null,
            timestamp: '2026-01-01T00:00:00.000Z', data: { content: `Line ${n} ` + 'x'.repeat(360) } }) + '\\n';
        const parts = [];
        for (let n = 1; n <= 80000; n++) parts.push(line(n));
        const carried = new DataTransfer();
        carried.items.add(new File(parts, 'events.jsonl'));
        return new Promise((resolve) => setTimeout(() => {
            globalThis.longest = 0;
            document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }));
            resolve(true);
        }, 100));
    })()";
    page.see_that("the file was dropped", &format!("(globalThis.dropped ??= {script}, true)")).await?;
    page.see("% read").await?;
    page.see_in_log("Line 1 x").await?;
    page.see("80,000 lines").await?;
    page.see_no("% read").await?;
    let longest: f64 = page.value("globalThis.longest").await?;
    println!("the longest task while 40 MB were read: {longest} ms");
    page.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_opened_is_saved_as_lines_of_json() -> anyhow::Result<()> {
    let (_host, page) = open_host().await?;
    let (name, text) = read(KINDS[1].0)?;
    drop_files(&page, &[(&name, json!(text))]).await?;
    page.see("Codex session").await?;
    page.keep_downloads().await?;
    page.click_role("button", "Download").await?;
    page.click_role("menuitem", "JSON lines").await?;
    page.see("Saved").await?;
    let saved = page.saved().await?;
    let first: serde_json::Value = serde_json::from_str(saved.lines().next().unwrap_or_default())?;
    ensure!(first["type"] == "session.start" && first["seq"] == 1, "{first}");
    drop_files(&page, &[("again.jsonl", json!(saved))]).await?;
    page.see("Flightdeck log").await?;
    until("the same log", async || {
        let log = page.read_log().await?;
        Ok(log.iter().any(|step| step.text.contains("Paint the fence")).then_some(()))
    })
    .await?;
    page.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_read_in_part_is_saved_as_a_whole() -> anyhow::Result<()> {
    let (_host, page) = open_host().await?;
    // The second slice of the file never comes.
    let hold = "(() => {
        const own = Blob.prototype.arrayBuffer;
        let slices = 0;
        globalThis.isHeld = true;
        Blob.prototype.arrayBuffer = function () {
            slices += 1;
            return globalThis.isHeld && slices > 1 ? new Promise(() => {}) : own.call(this);
        };
        const line = (n) => JSON.stringify({ type: 'user.message', id: `e${n}`, parentId: null,
            timestamp: '2026-01-01T00:00:00.000Z', data: { content: `Line ${n} ` + 'x'.repeat(900) } }) + '\\n';
        const carried = new DataTransfer();
        carried.items.add(new File(Array.from({ length: 6000 }, (_, n) => line(n + 1)), 'events.jsonl'));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }));
        return true;
    })()";
    page.see_that("the file was dropped", &format!("(globalThis.dropped ??= {hold})")).await?;
    page.see_in_log("Line 1 x").await?;
    page.click_role("button", "Stop reading").await?;
    page.see("stopped after").await?;
    page.see_that("the disk to go on", "((globalThis.isHeld = false), true)").await?;
    page.keep_downloads().await?;
    page.click_role("button", "Download").await?;
    page.click_role("menuitem", "JSON lines").await?;
    page.see("Saved").await?;
    let saved = page.saved().await?;
    let said = saved.lines().filter(|line| line.contains("user.message")).count();
    ensure!(said == 6_000, "{said} of 6,000 messages were saved");
    page.close().await
}
