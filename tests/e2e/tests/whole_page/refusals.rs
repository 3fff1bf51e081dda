//! What is refused is told in a sentence that says what to do, and nothing typed is lost.

use agent_tasks::paths;
use anyhow::ensure;
use e2e::{Companion, Setting, story, story_with};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn bad_prompts_are_refused_beside_the_field_and_kept() -> anyhow::Result<()> {
    story("bad-prompts", async |stage| {
        stage.open().await?;
        let page = &stage.page;
        page.click_role("button", "Start task").await?;
        page.see("The prompt is empty; write what the agent should do.").await?;

        page.set_value("Prompt", "Count\0 the apples").await?;
        page.click_role("button", "Start task").await?;
        page.see("The prompt holds a NUL character; remove it.").await?;
        ensure!(page.value_of("textbox", "Prompt").await? == "Count\0 the apples", "the prompt was not kept");

        let long = "x".repeat(1_000_000);
        page.set_value("Prompt", &long).await?;
        page.click_role("button", "Start task").await?;
        page.see("put the long text into a file of the repository").await?;
        ensure!(page.value_of("textbox", "Prompt").await? == long, "the prompt was not kept");
        page.screenshot("long-prompt").await?;

        page.set_value("Prompt", "Count \u{1b}[31mred\u{7} apples\nrehearse: quick").await?;
        page.click_role("button", "Start task").await?;
        page.see_in_row("Count [31mred apples", "Done").await?;
        page.click_role("link", "Count [31mred apples").await?;
        page.see_in_log("red").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_that_went_away_is_told_beside_the_field() -> anyhow::Result<()> {
    story("branch-gone", async |stage| {
        stage.open().await?;
        stage.page.choose("Base branch", "develop").await?;
        stage.companion.delete_branch("develop")?;
        let page = &stage.page;
        page.while_requests_fail(async {
            stage.start_task_with("Rehearsal", "Count the apples\nrehearse: quick").await?;
            page.see("'local/orchard' has no branch 'develop'; choose one").await
        })
        .await?;
        let kept = stage.page.value_of("textbox", "Prompt").await?;
        ensure!(kept == "Count the apples\nrehearse: quick", "the prompt was not kept: {kept}");
        stage.page.screenshot("branch-gone").await?;
        stage.page.choose("Base branch", "main").await?;
        stage.page.click_role("button", "Start task").await?;
        stage.page.see_in_row("Count the apples", "Done").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_cannot_be_used_ends_in_a_sentence() -> anyhow::Result<()> {
    let program = e2e::binary()?;
    let broken = |id: &str, name: &str, script: &str| {
        format!(
            "[[agent]]\nid = '{id}'\nname = '{name}'\ncommand = '{}'\nargs = ['rehearsal-agent']\n\
             env = {{ REHEARSAL_SCRIPT = '{script}' }}\n",
            program.display()
        )
    };
    let missing = "[[agent]]\nid = 'absent'\nname = 'Absent Agent'\ncommand = 'no-such-agent'\n";
    let configuration = [
        missing.to_owned(),
        broken("crasher", "Crashing Agent", "crash-at-start"),
        broken("mumbler", "Mumbling Agent", "garbage-only"),
        broken("locked", "Locked Agent", "login"),
    ]
    .concat();
    let setting = Setting { configuration: &configuration, ..Setting::default() };
    story_with("bad-agents", setting, async |stage| {
        stage.open().await?;
        let page = &stage.page;
        page.click_text("Other agents").await?;
        page.see("Absent Agent").await?;
        page.see("'no-such-agent' is not on PATH: install it").await?;
        page.screenshot("other-agents").await?;
        for (agent, why, what_to_do) in [
            ("Crashing Agent", "the configuration file of this rehearsal is broken", "run the agent in a terminal"),
            ("Mumbling Agent", "unknown option", "run the agent in a terminal"),
            ("Locked Agent", "is not logged in", "Log in"),
        ] {
            let title = format!("Try the {agent}");
            stage.start_task_with(agent, &title).await?;
            page.see_in_row(&title, "Failed").await?;
            page.click_role("link", &title).await?;
            page.see_in_header(&title, why).await?;
            page.see_in_header(&title, what_to_do).await?;
            page.see_in_log(why).await?;
            page.screenshot(&agent.to_lowercase().replace(' ', "-")).await?;
            page.go_back().await?;
            page.see_role("textbox", "Prompt").await?;
        }
        page.screenshot("bad-agents").await.map(drop)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_breaks_off_in_mid_turn_or_talks_garbage_is_told() -> anyhow::Result<()> {
    story("crash", async |stage| {
        stage.open().await?;
        let page = &stage.page;
        for (script, state, words) in [
            ("crash", "Failed", "panicked at a rehearsed place"),
            ("fail", "Failed", "the rehearsed model is out of order"),
            ("garbage", "Done", "I said a lot of nonsense, and this."),
        ] {
            let title = format!("Try the script {script}");
            stage.start_task(&title, script).await?;
            page.see_in_row(&title, state).await?;
            page.click_role("link", &title).await?;
            page.see_in_header(&title, state).await?;
            page.see_in_log(words).await?;
            page.screenshot(&format!("script-{script}")).await?;
            page.go_back().await?;
            page.see_role("textbox", "Prompt").await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_refuses_in_sentences() -> anyhow::Result<()> {
    let companion = Companion::start(Setting::default()).await?;
    let orchard = paths::repo_tasks("local", "orchard");
    let meadow = paths::repo_tasks("local", "meadow");
    let long = "x".repeat(1_000_000);
    for (path, body, status, sentence) in [
        (&meadow, json!({"prompt": "p"}), 404, "there is no repository 'local/meadow' here"),
        (&orchard, json!({"prompt": "p", "base_ref": "no"}), 422, "has no branch 'no'; choose one that it has"),
        (&orchard, json!({"prompt": "p", "agent_id": "no"}), 422, "`flightdeck agents` lists those on offer"),
        (&orchard, json!({"prompt": " \n"}), 422, "the prompt is empty; write what the agent should do"),
        (&orchard, json!({"prompt": "a\0b"}), 422, "the prompt holds a NUL character; remove it"),
        (&orchard, json!({"prompt": long}), 422, "put the long text into a file"),
        (&orchard, json!({"prompt": 7}), 422, "expected a string"),
    ] {
        let (told, answer) = companion.post(path, &body).await?;
        let words = answer.to_string();
        ensure!(told == status && words.contains(sentence), "{status} '{sentence}' expected: {told} {words}");
    }
    ensure!(companion.tasks().await?.is_empty(), "a refused task was started");
    companion.end().await
}
