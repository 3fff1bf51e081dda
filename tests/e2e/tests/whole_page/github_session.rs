//! A task of GitHub on the session page: all that GitHub tells of it, and its log where GitHub tells that.

use anyhow::ensure;
use e2e::{Deck, deck_story, deck_story_on};
use github_stand_in::{EVENTS, Pull, Run, Task, World};
use serde_json::{Value, json};

const GATE: &str = "Mend the gate";
const FENCE: &str = "Paint the fence";

/// A task whose last session failed, with a pull request, a price and a run, and one at work.
fn world() -> World {
    let mut world = World::new();
    let mut pull = Pull::new(77, 7, World::HELLO_WORLD, "Hang the gate anew");
    pull.checks = Some("FAILURE".into());
    let mut gate = Task::new("t-gate", GATE, World::HELLO_WORLD, "completed");
    gate.sessions[0].usage = Some(json!({ "type": "ai_credits", "amount": 1_240_000_000_i64 }));
    gate.add_session("It squeaks.\nOil it.");
    gate.become_state("failed");
    let session = &mut gate.sessions[1];
    session.model = Some("claude-sonnet-4.6".into());
    session.usage = Some(json!({ "type": "ai_credits", "amount": 800_000_000_i64 }));
    session.error = Some("The oil ran out".into());
    world.put(gate.with_pull(&pull));
    world.runs.push(Run::of_agent(31, World::HELLO_WORLD, &pull.head, "t-gate"));
    world.pulls.push(pull);
    world.put(Task::new("t-fence", FENCE, World::HELLO_WORLD, "in_progress"));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_log_the_page_shows_all_else_and_leads_to_github() -> anyhow::Result<()> {
    deck_story_on("github-facts", Deck::at_github_com(world()).await?, async |deck| {
        deck.open().await?;
        let page = &deck.page;
        page.while_requests_fail(async {
            page.click_role("link", GATE).await?;
            for fact in ["Failed", "octocat/hello-world", "copilot/fix-7", "claude-sonnet-4.6"] {
                page.see_in_header(GATE, fact).await?;
            }
            page.see_role("region", "Session facts").await
        })
        .await?;
        for words in [
            "It squeaks.\nOil it.",
            "The oil ran out",
            "Session 2 of 2",
            "0.8 AI credits",
            "Session 1 of 2",
            "1.2 AI credits",
            "In all: 2.0 AI credits",
            "Hang the gate anew",
            "Draft",
            "Checks failed",
            "Asked for",
            "Finished",
            "copilot/fix-7 → main",
        ] {
            page.see(words).await?;
        }
        for (text, address) in [
            ("Open the log on GitHub", "https://github.com/octocat/hello-world/copilot/tasks/t-gate"),
            ("Pull request #7", "https://github.com/octocat/hello-world/pull/7"),
            ("Open the run", "https://github.com/octocat/hello-world/actions/runs/31"),
        ] {
            let link = format!("[...document.links].find((link) => link.innerText === '{text}')?.href");
            page.see_that(&format!("'{text}' to lead to {address}"), &format!("{link} === '{address}'")).await?;
        }
        ensure!(page.count("[role=log]").await? == 0, "there is a log viewer without a log");
        page.screenshot("github-session").await?;

        page.go_back().await?;
        page.click_role("link", FENCE).await?;
        page.see_in_header(FENCE, "Running").await?;
        page.see_role("region", "Session facts").await?;
        page.see_no("Connecting…").await?;
        let asked = deck.stand_in.count(EVENTS);
        ensure!(asked == 1, "asked {asked} times for logs that GitHub does not tell");
        page.become_phone().await?;
        page.screenshot("github-session-running-phone").await.map(drop)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_is_not_there_is_told_and_the_list_stays() -> anyhow::Result<()> {
    deck_story("github-404", world(), async |deck| {
        deck.open().await?;
        let page = &deck.page;
        page.see_in_row(FENCE, "Running").await?;
        // Gone at GitHub, still in the list.
        deck.stand_in.world(|world| world.tasks.retain(|task| task.id != "t-gate"));
        page.while_requests_fail(async {
            page.click_role("link", GATE).await?;
            page.see("This session cannot be shown").await?;
            page.see("It may have been removed, or the token may not see it.").await?;
            // As long as its page is open, it is asked for again.
            page.click_role("link", "All tasks").await
        })
        .await?;
        page.see_in_row(GATE, "Failed").await?;
        page.see_in_row(FENCE, "Running").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_github_tells_is_shown_and_grows() -> anyhow::Result<()> {
    let mut world = world();
    world.serves_events = true;
    world.events.insert(
        "t-fence".into(),
        vec![
            event(1, "session.start", json!({ "sessionId": "t-fence-s1" })),
            event(2, "user.message", json!({ "content": "Paint the fence" })),
            event(3, "assistant.message", json!({ "messageId": "m", "content": "I look for" })),
        ],
    );
    deck_story("github-log", world, async |deck| {
        deck.open().await?;
        let page = &deck.page;
        page.click_role("link", FENCE).await?;
        page.see_in_log("I look for").await?;
        let tell =
            |event: Value| deck.stand_in.world(|world| world.events.get_mut("t-fence").map(|log| log.push(event)));
        tell(event(4, "assistant.message", json!({ "messageId": "m", "content": "I look for a brush." })));
        let bash = json!({ "toolCallId": "c", "toolName": "bash", "arguments": { "command": "find brushes" } });
        tell(event(5, "tool.execution_start", bash));
        e2e::until("the log to grow", async || {
            page.wake().await?;
            Ok(page.text_of("log", "Session log").await?.contains("a brush.").then_some(()))
        })
        .await?;
        page.see_in_log("find brushes").await?;
        // The longer form takes the place of the shorter one.
        let text = page.text_of("log", "Session log").await?;
        ensure!(text.matches("I look for").count() == 1, "said twice:\n{text}");
        page.screenshot("github-log").await.map(drop)
    })
    .await
}

fn event(number: u32, kind: &str, data: Value) -> Value {
    json!({ "id": format!("e-{number}"), "timestamp": World::now(), "parentId": null, "type": kind, "data": data })
}
