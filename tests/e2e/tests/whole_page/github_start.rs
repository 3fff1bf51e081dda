//! Start a task at GitHub: what arrives is what was chosen, once, and a refusal is told beside the field.

use anyhow::ensure;
use e2e::{Deck, Page, deck_story};
use github_stand_in::{Access, Fault, World};
use serde_json::{Value, json};

const CREATE: &str = "agent-tasks/create-task-in-repo";
const TITLE: &str = "Paint the fence";

/// What arrived at GitHub to start tasks: the paths and the bodies.
fn starts(deck: &Deck) -> Vec<(String, Value)> {
    let requests = deck.stand_in.requests().into_iter();
    let starts = requests.filter(|request| request.operation.as_deref() == Some(CREATE));
    starts.map(|request| (request.path, request.body.unwrap_or_default())).collect()
}

/// The only start, whose body is this.
fn see_start(deck: &Deck, repository: &str, body: &Value) -> anyhow::Result<()> {
    let (arrived, expected) = (starts(deck), (format!("/agents/repos/{repository}/tasks"), body.clone()));
    ensure!(arrived == [expected], "{arrived:#?} arrived");
    Ok(())
}

/// GitHub has this many tasks, and the list shows as many rows.
async fn see_tasks(deck: &Deck, count: usize) -> anyhow::Result<()> {
    let tasks = deck.stand_in.world(|world| world.tasks.len());
    ensure!(tasks == count, "GitHub has {tasks} tasks");
    e2e::until(&format!("{count} rows"), async || Ok((deck.page.count(".task-row").await? == count).then_some(())))
        .await
}

async fn see_empty_prompt(page: &Page) -> anyhow::Result<()> {
    e2e::until("an empty prompt field", async || Ok(page.value_of("textbox", "Prompt").await?.is_empty().then_some(())))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_alone_is_not_sent() -> anyhow::Result<()> {
    deck_story("github-start", World::new(), async |deck| {
        deck.open().await?;
        let page = &deck.page;
        page.see("No tasks yet").await?;
        page.type_into("Prompt", TITLE).await?;
        page.click_role("button", "Start task").await?;
        page.see_in_row(TITLE, "Queued").await?;
        page.see(&format!("Started: {TITLE}")).await?;
        see_empty_prompt(page).await?;
        page.screenshot("github-started").await?;
        let body = json!({ "prompt": TITLE, "base_ref": "main", "create_pull_request": false });
        see_start(deck, "octocat/hello-world", &body)?;
        see_tasks(deck, 1).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_was_chosen_arrives() -> anyhow::Result<()> {
    let mut world = World::new();
    let knife = world.repositories.iter_mut().find(|repository| repository.name == "spoon-knife").unwrap();
    knife.branches.push("copilot/handle".into());
    knife.files.insert(".github/agents/reviewer.agent.md".into(), "Review.\n".into());
    knife.files.insert(".github/agents/notes.txt".into(), "No agent.\n".into());
    deck_story("github-start-choices", world, async |deck| {
        deck.open().await?;
        let page = &deck.page;
        // The first repository's choices go when another one is chosen.
        page.choose("Base branch", "develop").await?;
        page.choose("Custom agent", "docs").await?;
        page.choose("Repository", "octocat/spoon-knife").await?;
        page.choose("Base branch", "copilot/handle").await?;
        page.choose("Model", "gpt-5.4").await?;
        page.choose("Custom agent", "reviewer").await?;
        page.click_role("checkbox", "Open a pull request").await?;
        page.click_role("checkbox", "Continue on this branch").await?;
        page.type_into("Prompt", "Paint the fence\n\nGreen, as before: “Grüße” & <b>.").await?;
        page.screenshot("github-start-choices").await?;
        page.press("Enter", true).await?;
        page.see_in_row(TITLE, "Queued").await?;
        let body = json!({
            "prompt": "Paint the fence\n\nGreen, as before: “Grüße” & <b>.",
            "model": "gpt-5.4",
            "custom_agent": "reviewer",
            "create_pull_request": true,
            "base_ref": "main",
            "head_ref": "copilot/handle",
        });
        see_start(deck, "octocat/spoon-knife", &body)?;
        see_tasks(deck, 1).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_beside_the_field_and_the_prompt_is_kept() -> anyhow::Result<()> {
    deck_story("github-start-refused", World::new(), async |deck| {
        deck.open().await?;
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        page.choose("Base branch", "develop").await?;
        page.type_into("Prompt", TITLE).await?;
        stand_in.world(|world| world.repositories[0].branches.retain(|branch| branch != "develop"));
        page.while_requests_fail(async {
            page.click_role("button", "Start task").await?;
            page.see_in_form("Base_ref 'develop' does not exist.").await
        })
        .await?;
        let errors = vec![
            json!({ "code": "custom", "message": "the prompt asks for too much" }),
            json!({ "code": "invalid", "message": "no such model" }),
        ];
        stand_in.fail(CREATE, 1, Fault::Invalid(errors));
        page.choose("Base branch", "main").await?;
        page.while_requests_fail(async {
            page.click_role("button", "Start task").await?;
            page.see_in_form("The prompt asks for too much. No such model.").await
        })
        .await?;
        page.screenshot("github-start-422").await?;

        stand_in.world(|world| world.token_mut(World::TOKEN).agent_tasks = Access::Read);
        page.while_requests_fail(async {
            page.click_role("button", "Start task").await?;
            page.see_in_form("This token lacks the permission “Agent tasks: read and write”.").await
        })
        .await?;
        page.screenshot("github-start-403").await?;
        ensure!(page.value_of("textbox", "Prompt").await? == TITLE, "the prompt was not kept");
        see_tasks(deck, 0).await?;

        stand_in.world(|world| world.token_mut(World::TOKEN).agent_tasks = Access::Write);
        page.click_role("button", "Start task").await?;
        page.see_in_row(TITLE, "Queued").await?;
        see_empty_prompt(page).await?;
        see_tasks(deck, 1).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_starts_nothing_twice() -> anyhow::Result<()> {
    deck_story("github-start-cut", World::with_tasks(3), async |deck| {
        deck.open().await?;
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        stand_in.fail(CREATE, 1, Fault::Cut);
        page.type_into("Prompt", TITLE).await?;
        page.while_requests_fail(async {
            page.click_role("button", "Start task").await?;
            page.see_in_row(TITLE, "Queued").await?;
            page.see(&format!("Started: {TITLE}")).await
        })
        .await?;
        see_empty_prompt(page).await?;
        ensure!(starts(deck).len() == 1, "it was started again: {:?}", starts(deck));
        see_tasks(deck, 4).await?;

        // An answer that is none does not start it again either.
        stand_in.fail(CREATE, 1, Fault::NotJson);
        page.type_into("Prompt", "Oil the hinges").await?;
        page.click_role("button", "Start task").await?;
        page.see_in_row("Oil the hinges", "Queued").await?;
        see_empty_prompt(page).await?;
        ensure!(starts(deck).len() == 2, "it was started again: {:?}", starts(deck));
        see_tasks(deck, 5).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_came_to_nothing_keeps_the_prompt_and_does_not_claim_a_task() -> anyhow::Result<()> {
    deck_story("github-start-502", World::new(), async |deck| {
        deck.open().await?;
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        stand_in.fail(CREATE, 1, Fault::Broken(502));
        page.type_into("Prompt", TITLE).await?;
        page.while_requests_fail(async {
            page.click_role("button", "Start task").await?;
            page.see_in_form("The server had a fault (502).").await
        })
        .await?;
        ensure!(page.value_of("textbox", "Prompt").await? == TITLE, "the prompt was not kept");
        ensure!(starts(deck).len() == 1, "it was started again: {:?}", starts(deck));
        see_tasks(deck, 0).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nervous_finger_starts_one_task() -> anyhow::Result<()> {
    deck_story("github-start-once", World::new(), async |deck| {
        deck.open().await?;
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        for (title, count) in [(TITLE, 1), ("Oil the hinges", 2)] {
            // The answer comes when all of the clicks and keys have been made.
            stand_in.fail(CREATE, 1, Fault::Held);
            page.type_into("Prompt", title).await?;
            if count == 1 {
                page.double_click_role("button", "Start task").await?;
            } else {
                for _ in 0..5 {
                    page.press("Enter", true).await?;
                }
            }
            page.see_role("button", "Starting…").await?;
            stand_in.release();
            page.see_in_row(title, "Queued").await?;
            see_empty_prompt(page).await?;
            ensure!(starts(deck).len() == count, "{:?} arrived", starts(deck));
            see_tasks(deck, count).await?;
        }
        Ok(())
    })
    .await
}
