//! The page on a host that has nothing but its files.

use e2e::{Companion, Deck, FRAME_PATH, Page, Setting, Site, StaticHost, deck_story_on};
use github_stand_in::{StandIn, Task, World};
use serde_json::json;

/// Tells one story twice: on a host that sends no header of its own, and under the headers that the build writes.
#[tokio::test(flavor = "multi_thread")]
async fn every_address_works_from_any_folder_with_and_without_headers() -> anyhow::Result<()> {
    for (name, site) in [("plain-host", Site::dist()?), ("host-with-headers", Site::dist()?.with_its_headers()?)] {
        let mut world = World::new();
        world.put(Task::new("t-1", "Mend the gate", World::HELLO_WORLD, "completed"));
        world.serves_events = true;
        let said = json!({"id": "e-1", "timestamp": "2026-01-05T09:10:00Z", "type": "user.message",
            "data": {"content": "It hangs askew."}});
        world.events.insert("t-1".into(), vec![said]);
        let deck = Deck::set_up(site.at("/a/deep/path/"), world, &[]).await?;
        deck_story_on(name, deck, async |deck| {
            deck.open().await?;
            deck.page.click_role("link", "Mend the gate").await?;
            deck.page.see_in_log("It hangs askew.").await?;
            let address = deck.page.address().await?;
            anyhow::ensure!(address == format!("{}#/tasks/t-1", deck.host.site()), "the address is {address}");
            deck.page.reload().await?;
            deck.page.see_in_log("It hangs askew.").await?;
            deck.page.go_back().await?;
            deck.page.see_role("textbox", "Prompt").await?;
            deck.page.see_role("link", "Mend the gate").await?;
            let tab = deck.page.new_tab().await?;
            tab.open(&address).await?;
            tab.see_in_log("It hangs askew.").await?;
            let of_tab = tab.complaints();
            anyhow::ensure!(of_tab.is_empty(), "the deep link complained:\n{}", of_tab.join("\n"));
            tab.close().await
        })
        .await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_with_nothing_but_files_serves_it_from_any_folder() -> anyhow::Result<()> {
    let host = StaticHost::start().await?;
    let page = Page::blank().await?;
    for fragment in ["", "#/tasks/0193"] {
        page.while_requests_fail(async {
            page.open(&format!("{}{fragment}", host.site())).await?;
            page.see("Flightdeck").await?;
            page.see_that("the page has started", "document.querySelectorAll('main').length === 1").await
        })
        .await?;
    }
    // Its policy comes with it: nothing that it needs was refused, and a stranger is.
    page.see_that("a request to a stranger is refused by the policy", A_STRANGER_IS_REFUSED).await?;
    let complaints = page.complaints();
    assert!(complaints.iter().all(|complaint| complaint.contains("stranger.test")), "{complaints:#?}");
    page.close().await
}

/// Asks a stranger for something, once, and tells whether the policy has refused it.
const A_STRANGER_IS_REFUSED: &str = "(() => {
    if (globalThis.refused === undefined) {
        globalThis.refused = [];
        addEventListener('securitypolicyviolation', (event) => globalThis.refused.push(event.effectiveDirective));
        fetch('https://stranger.test/').catch(() => {});
    }
    return globalThis.refused.includes('connect-src');
})()";

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_the_policy_does_not_name_is_said_to_be_forbidden_not_away() -> anyhow::Result<()> {
    let host = StaticHost::start().await?;
    let page = Page::blank().await?;
    page.while_requests_fail(async {
        page.open(&host.site()).await?;
        page.click_role("radio", "GitHub Enterprise").await?;
        page.type_into("Address", "ghe.example.com").await?;
        page.type_into("Token", "a-token").await?;
        page.click_role("button", "Connect").await?;
        page.see("policy does not let it ask https://ghe.example.com").await
    })
    .await?;
    page.close().await
}

/// Two servers are on offer and one is connected: a task of the other leads to its form, and is shown after it.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_of_a_server_that_is_not_connected_leads_to_its_form() -> anyhow::Result<()> {
    let mut world = World::new();
    world.put(Task::new("t-1", "Mend the gate", World::HELLO_WORLD, "completed"));
    world.serves_events = true;
    let said = json!({"id": "e-1", "timestamp": "2026-01-05T09:10:00Z", "type": "user.message",
        "data": {"content": "It hangs askew."}});
    world.events.insert("t-1".into(), vec![said]);
    let stand_in = StandIn::start(world).await?;
    let offer = |name: &str, base: &str| json!({"name": name, "base": base, "edition": "github"});
    let offers = [offer("Home", &stand_in.address()), offer("Works", &stand_in.enterprise_address())];
    let config = json!({ "connections": offers }).to_string();
    let host = Site::dist()?.with_file("config.json", config).start().await?;
    let deck = Deck { host, stand_in, page: Page::blank().await? };
    deck_story_on("not-connected", deck, async |deck| {
        let page = &deck.page;
        page.open(&deck.host.site()).await?;
        page.see("Connect to your agents").await?;
        page.type_into("Token", World::TOKEN).await?;
        page.click_role("button", "Connect").await?;
        page.see_role("link", "Mend the gate").await?;
        let works = deck.stand_in.enterprise_address();
        page.open(&format!("{}#/tasks/t-1?server={works}", deck.host.site())).await?;
        page.see("on a server that is not connected").await?;
        page.see(&works).await?;
        page.type_into("Token", World::TOKEN).await?;
        page.click_role("button", "Connect").await?;
        page.see_in_log("It hangs askew.").await?;
        page.see_no("on a server that is not connected").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_reaches_a_companion_that_allows_it_and_no_other() -> anyhow::Result<()> {
    let host = StaticHost::start().await?;
    let configuration = format!("[page]\nallow_origin = [\"{}\"]\n", host.address);
    let allowing = Companion::start(Setting { configuration: &configuration, ..Setting::default() }).await?;
    let silent = Companion::start(Setting::default()).await?;
    let page = Page::blank().await?;
    page.while_requests_fail(async {
        page.open(&host.site()).await?;
        page.see("Flightdeck").await?;
        let token = allowing.new_token("deck").await?;
        page.see_that("the list, with its links", &told(&allowing, &token, "200 with links")).await?;
        page.see_that("a refusal that can be read", &told(&allowing, "wrong", "401 without links")).await?;
        let token = silent.new_token("deck").await?;
        page.see_that("nothing from the other companion", &told(&silent, &token, "nothing")).await
    })
    .await?;
    page.close().await?;
    allowing.end().await?;
    silent.end().await
}

/// Asks a companion for its tasks, once, as the page does, and tells whether this is what came of it.
fn told(companion: &Companion, token: &str, expected: &str) -> String {
    let headers = format!("{{ authorization: 'Bearer {token}', 'x-github-api-version': '2026-03-10' }}");
    format!(
        "(() => {{
            const told = globalThis.told ??= {{}};
            if (!('{token}' in told)) {{
                told['{token}'] = '';
                fetch('{}/api/agents/tasks', {{ headers: {headers} }}).then(
                    (answer) => {{
                        const links = answer.headers.get('link') ? 'with' : 'without';
                        told['{token}'] = `${{answer.status}} ${{links}} links`;
                    }},
                    () => {{ told['{token}'] = 'nothing' }},
                );
            }}
            return told['{token}'] === '{expected}';
        }})()",
        companion.address
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn inside_a_frame_there_is_nothing_to_click() -> anyhow::Result<()> {
    let host = StaticHost::start().await?;
    let page = Page::blank().await?;
    page.open(&format!("{}{FRAME_PATH}", host.address)).await?;
    page.see_that("the page knows that it is framed", "frames[0].document.documentElement.dataset.framed === ''")
        .await?;
    let nothing = "frames[0].document.body.innerText.trim() === '' && \
        frames[0].document.querySelectorAll('a, button, input, select, textarea, [tabindex]').length === 0";
    page.see_that("nothing is shown in the frame", nothing).await?;
    page.close().await
}
