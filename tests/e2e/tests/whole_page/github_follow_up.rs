//! Say at GitHub what comes next: by a comment that calls the agent, or by a new task on the same branch.

use anyhow::ensure;
use e2e::{Deck, deck_story};
use github_stand_in::{Access, Comment, Fault, Pull, Task, World};
use serde_json::json;

const TITLE: &str = "Mend the gate";
const COMMENT: &str = "issues/create-comment";
const CREATE: &str = "agent-tasks/create-task-in-repo";
const PULL: u64 = 7;

/// A finished task with an open pull request.
fn world() -> World {
    let mut world = World::new();
    let pull = Pull::new(10_007, PULL, World::HELLO_WORLD, TITLE);
    let mut task = Task::new("t-1", TITLE, World::HELLO_WORLD, "completed").with_pull(&pull);
    task.custom_agent = Some("docs".into());
    world.put(task);
    world.pulls.push(pull);
    world
}

/// Opens the task's page. GitHub's public API has no log: the page asks once.
async fn open_task(deck: &Deck) -> anyhow::Result<()> {
    deck.open().await?;
    deck.page
        .while_requests_fail(async {
            deck.page.click_role("link", TITLE).await?;
            deck.page.see("public API does not tell the log").await
        })
        .await
}

async fn see_empty_field(deck: &Deck) -> anyhow::Result<()> {
    e2e::until("an empty field", async || {
        Ok(deck.page.value_of("textbox", "Follow-up").await?.is_empty().then_some(()))
    })
    .await
}

fn see_comments(deck: &Deck, bodies: &[&str]) -> anyhow::Result<()> {
    let comment =
        |body: &&str| Comment { repository: World::HELLO_WORLD, issue: PULL, author: 1, body: body.to_string() };
    let (expected, found) =
        (bodies.iter().map(comment).collect::<Vec<_>>(), deck.stand_in.world(|it| it.comments.clone()));
    ensure!(found == expected, "the comments are {found:#?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_calls_the_agent_to_its_pull_request_once() -> anyhow::Result<()> {
    deck_story("github-comment", world(), async |deck| {
        open_task(deck).await?;
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        page.see("Posts a comment that calls the agent to the pull request.").await?;
        page.type_into("Follow-up", "And the hedge.\n\nGreen, please.").await?;
        page.screenshot("github-follow-up").await?;
        stand_in.fail(COMMENT, 1, Fault::Held);
        page.double_click_role("button", "Send").await?;
        page.see_role("button", "Sending…").await?;
        stand_in.release();
        see_empty_field(deck).await?;
        see_comments(deck, &["@copilot And the hedge.\n\nGreen, please."])?;
        ensure!(stand_in.count(COMMENT) == 1 && stand_in.count(CREATE) == 0, "more than a comment was made");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_that_may_not_be_written_or_was_lost_is_told_and_the_text_is_kept() -> anyhow::Result<()> {
    deck_story("github-comment-refused", world(), async |deck| {
        open_task(deck).await?;
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        page.type_into("Follow-up", "And the hedge.").await?;
        stand_in.world(|world| {
            let token = world.token_mut(World::TOKEN);
            (token.pulls, token.issues) = (Access::Read, Access::None);
        });
        page.while_requests_fail(async {
            page.click_role("button", "Send").await?;
            page.see("This token lacks the permission “Pull requests: read and write”.").await
        })
        .await?;
        see_comments(deck, &[])?;

        stand_in.world(|world| world.token_mut(World::TOKEN).pulls = Access::Write);
        stand_in.fail(COMMENT, 1, Fault::Cut);
        page.while_requests_fail(async {
            page.click_role("button", "Send").await?;
            page.see("It may have arrived all the same").await
        })
        .await?;
        ensure!(page.value_of("textbox", "Follow-up").await? == "And the hedge.", "the text was not kept");
        page.screenshot("github-comment-lost").await?;
        see_comments(deck, &["@copilot And the hedge."])
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_task_goes_on_with_the_branch() -> anyhow::Result<()> {
    deck_story("github-go-on", world(), async |deck| {
        open_task(deck).await?;
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        page.choose("Follow up by", "New task on branch copilot/fix-7").await?;
        page.see("Starts another task that goes on with this branch.").await?;
        page.type_into("Follow-up", "And the hedge.").await?;
        page.press("Enter", true).await?;
        see_empty_field(deck).await?;
        let arrived = stand_in.requests().into_iter().find(|request| request.operation.as_deref() == Some(CREATE));
        let arrived = arrived.map(|request| (request.path, request.body.unwrap_or_default()));
        let body = json!({
            "prompt": "And the hedge.",
            "head_ref": "copilot/fix-7",
            "base_ref": "main",
            "custom_agent": "docs",
        });
        let expected = ("/agents/repos/octocat/hello-world/tasks".to_owned(), body);
        ensure!(arrived.as_ref() == Some(&expected), "{arrived:#?} arrived");
        see_comments(deck, &[])?;
        page.click_role("link", "All tasks").await?;
        page.see_in_row("And the hedge.", "Queued").await?;
        page.see_in_row(TITLE, "Done").await?;
        ensure!(stand_in.count(CREATE) == 1, "it was started more than once");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_pull_request_takes_no_comment() -> anyhow::Result<()> {
    let mut world = world();
    let pull = &mut world.pulls[0];
    (pull.is_merged, pull.is_open, pull.is_draft) = (true, false, false);
    deck_story("github-merged", world, async |deck| {
        open_task(deck).await?;
        let page = &deck.page;
        page.see_role("textbox", "Follow-up").await?;
        page.see("Starts another task that goes on with this branch.").await?;
        ensure!(!page.text().await?.contains("Comment on pull request"), "a comment is on offer");
        Ok(())
    })
    .await
}
