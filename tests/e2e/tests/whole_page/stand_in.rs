//! What stories of a hosted page stand on: a host of nothing but files, and a stand-in for GitHub of another origin.

use e2e::{Page, Site, StaticHost};
use github_stand_in::{StandIn, Task, World};
use serde_json::json;

const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,">
<script type="module" src="page.js"></script><button>List tasks</button><button>Send a stray header</button><p></p>"#;

const SCRIPT: &str = r#"
const shown = document.querySelector('p');
const { api, token } = await (await fetch('config.json')).json();
const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json', 'X-GitHub-Api-Version': '2022-11-28' };
const list = async (more) => {
    const answer = await fetch(`${api}/agents/tasks?per_page=1`, { headers: { ...headers, ...more } });
    const names = answer.status === 200 ? (await answer.json()).tasks.map(({ name }) => name) : [];
    const readable = ['ETag', 'Link', 'X-RateLimit-Remaining', 'Date'].filter((name) => answer.headers.has(name));
    return { text: `${answer.status} ${names} ${readable}`, tag: answer.headers.get('ETag') };
};
const [first, second] = document.querySelectorAll('button');
first.onclick = async () => {
    const { text, tag } = await list({});
    shown.innerText = `${text} / ${(await list({ 'If-None-Match': tag })).text}`;
};
second.onclick = async () => {
    shown.innerText = await list({ 'Idempotency-Key': 'k' }).then(() => 'sent', () => 'refused');
};
shown.innerText = 'ready';
"#;

/// A page on a host of its own that asks the stand-in.
async fn stage(path: &str) -> anyhow::Result<(tempfile::TempDir, StaticHost, StandIn)> {
    let mut world = World::new();
    world.put(Task::new("t-1", "Mend the gate", World::HELLO_WORLD, "queued"));
    world.put(Task::new("t-2", "Mend the gate", World::HELLO_WORLD, "completed"));
    let stand_in = StandIn::start(world).await?;
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("index.html"), PAGE)?;
    std::fs::write(folder.path().join("page.js"), SCRIPT)?;
    std::fs::write(folder.path().join("config.json"), "{}")?;
    std::fs::create_dir(folder.path().join("below"))?;
    std::fs::write(folder.path().join("below/a.wasm"), "\0asm")?;
    let config = json!({ "api": stand_in.address(), "token": World::TOKEN });
    let policy =
        format!("default-src 'none'; script-src 'self'; img-src data:; connect-src 'self' {}", stand_in.address());
    let site = Site::of(folder.path()).at(path).with_file("config.json", config.to_string());
    let site =
        site.with_headers(&format!("/*\n  Content-Security-Policy: {policy}\n/page.js\n  Cache-Control: no-cache\n"))?;
    Ok((folder, site.start().await?, stand_in))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hosted_page_asks_github_of_another_origin() -> anyhow::Result<()> {
    let (_folder, host, stand_in) = stage("/some/deep/path/").await?;
    let page = Page::blank().await?;
    page.open(&host.site()).await?;
    page.see("ready").await?;
    assert!(
        page.requests().iter().all(|request| [host.address.as_str(), "data:", "about:"].contains(&request.origin()))
    );
    page.click_role("button", "List tasks").await?;
    // GitHub's `Date` is none of the headers that a page may read.
    page.see("200 Mend the gate ETag,Link,X-RateLimit-Remaining / 304").await?;
    assert_eq!((stand_in.count("agent-tasks/list-tasks"), stand_in.preflights() > 0), (2, true));
    assert!(stand_in.requests()[1].is_conditional);
    let requests = page.requests();
    let asked = requests.iter().filter(|request| request.origin() == stand_in.address() && request.method == "GET");
    let script = format!("{}page.js", host.site());
    assert!(
        asked.clone().count() == 2 && asked.clone().all(|request| request.initiator.as_ref() == Some(&script)),
        "{requests:#?}"
    );
    assert_eq!(stand_in.complaints(), Vec::<String>::new());
    assert_eq!(page.complaints(), Vec::<String>::new());
    page.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stray_header_is_refused_by_the_browser_and_told() -> anyhow::Result<()> {
    let (_folder, host, stand_in) = stage("/").await?;
    // A browser that finds the page's host under another name: what flags are for.
    let page = Page::blank_with(&["host-resolver-rules=MAP deck.test 127.0.0.1"]).await?;
    page.open(&host.site().replace("127.0.0.1", "deck.test")).await?;
    page.see("ready").await?;
    page.while_requests_fail(async {
        page.click_role("button", "Send a stray header").await?;
        page.see("refused").await
    })
    .await?;
    assert_eq!(stand_in.count("agent-tasks/list-tasks"), 0);
    let complaints = stand_in.complaints();
    assert!(complaints.len() == 1 && complaints[0].contains("'idempotency-key'"), "{complaints:?}");
    page.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_of_files_rewrites_nothing() -> anyhow::Result<()> {
    let (_folder, host, _stand_in) = stage("/some/deep/path/").await?;
    let get = async |path: &str| -> anyhow::Result<(u16, String, String)> {
        let answer = reqwest::get(format!("{}{path}", host.address)).await?;
        let header = |name: &str| answer.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        Ok((answer.status().as_u16(), header("content-type"), header("cache-control")))
    };
    for (path, status, media_type, caching) in [
        ("/some/deep/path/", 200, "text/html; charset=utf-8", ""),
        ("/some/deep/path/index.html", 200, "text/html; charset=utf-8", ""),
        ("/some/deep/path/page.js", 200, "text/javascript; charset=utf-8", "no-cache"),
        ("/some/deep/path/below/a.wasm", 200, "application/wasm", ""),
        ("/some/deep/path/config.json", 200, "application/json", ""),
        ("/some/deep/path/tasks/1", 404, "text/plain", ""),
        ("/some/deep/path/below", 404, "text/plain", ""),
        ("/some/deep/path/below/", 404, "text/plain", ""),
        ("/some/deep/path", 404, "text/plain", ""),
        ("/index.html", 404, "text/plain", ""),
        ("/frame.html", 200, "text/html; charset=utf-8", ""),
    ] {
        assert_eq!(get(path).await?, (status, media_type.into(), caching.into()), "{path}");
    }
    assert_eq!(host.requests().len(), 11);
    assert_eq!(host.requests()[5], ("/some/deep/path/tasks/1".into(), 404));
    Ok(())
}
