//! When GitHub refuses, breaks or is slow: what the page says, that nothing is lost, and that it comes back.

use std::time::Duration;

use anyhow::ensure;
use e2e::{Deck, Page, deck_story};
use github_stand_in::{ALWAYS, EVERY, Fault, GRAPHQL, Task, Token, World};

const LIST: &str = "agent-tasks/list-tasks";
const DRAFT: &str = "Half a thought about plums";
const GATE: &str = "Mend the gate";
const FENCE: &str = "Paint the fence";
/// What the page says while it catches up by itself.
const RECONNECTING: &str = "Reconnecting… The list is as it was when the connection was lost";
/// What the page says of a list that it cannot read.
const UNREAD: &str = "The list of tasks could not be read.";
/// What `Retry-After` says.
const RETRY_SECONDS: u32 = 2;

/// A task at work and one that has ended.
fn world() -> World {
    let mut world = World::new();
    world.put(Task::new("t-gate", GATE, World::HELLO_WORLD, "in_progress"));
    world.put(Task::new("t-fence", FENCE, World::HELLO_WORLD, "completed"));
    world
}

async fn see_both_rows(page: &Page) -> anyhow::Result<()> {
    page.see_in_row(GATE, "Running").await?;
    page.see_in_row(FENCE, "Done").await
}

/// Polls again and sees that what happened at GitHub meanwhile is there, and what was said of the trouble is not.
async fn see_recovery(deck: &Deck, trouble: &str) -> anyhow::Result<()> {
    deck.stand_in.world(|world| world.task_mut("t-gate").become_state("idle"));
    deck.poll().await?;
    deck.page.see_in_row(GATE, "Idle").await?;
    deck.page.see_in_row(FENCE, "Done").await?;
    deck.page.see_no(trouble).await?;
    deck.page.see_role("button", "Connections: Live").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_refused_is_dropped_once_and_asked_for_again() -> anyhow::Result<()> {
    deck_story("github-401", world(), async |deck| {
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        page.open(&deck.host.site()).await?;
        page.type_into("Token", "not-a-token").await?;
        page.while_requests_fail(async {
            page.click_role("button", "Connect").await?;
            page.see("The server does not accept the token.").await
        })
        .await?;
        ensure!(stand_in.requests().len() == 1, "{:#?}", stand_in.requests());

        page.reload().await?;
        page.see_role("textbox", "Token").await?;
        page.type_into("Token", World::TOKEN).await?;
        page.click_role("button", "Connect").await?;
        see_both_rows(page).await?;
        deck.settle().await?;
        page.type_into("Prompt", DRAFT).await?;

        stand_in.world(|world| world.tokens.clear());
        let before = stand_in.requests().len();
        page.while_requests_fail(async {
            page.wake().await?;
            page.see("The server does not accept the token.").await
        })
        .await?;
        page.see_role("textbox", "Token").await?;
        let refused = stand_in.requests().len() - before;
        ensure!((1..=2).contains(&refused), "{refused} requests with a token that is refused");
        deck.see_silence_since(before + refused).await?;
        page.see_that(
            "no token is kept",
            "!JSON.stringify([{ ...sessionStorage }, { ...localStorage }]).includes('github_pat')",
        )
        .await?;
        see_both_rows(page).await?;
        ensure!(page.value_of("textbox", "Prompt").await? == DRAFT, "the draft was not kept");
        page.screenshot("github-token-refused").await?;

        stand_in.world(|world| world.tokens.push(Token::full("github_pat_new", 1)));
        page.type_into("Token", "github_pat_new").await?;
        page.click_role("button", "Connect").await?;
        page.see_no("The server does not accept the token.").await?;
        see_recovery(deck, "could not be read").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_forbidden_names_the_permission_that_is_missing() -> anyhow::Result<()> {
    deck_story("github-403", world(), async |deck| {
        deck.open().await?;
        let page = &deck.page;
        see_both_rows(page).await?;
        deck.settle().await?;
        deck.stand_in.fail(LIST, ALWAYS, Fault::Forbidden(None));
        page.while_requests_fail(async {
            deck.poll().await?;
            page.see("This token lacks the permission “Agent tasks: read”.").await
        })
        .await?;
        see_both_rows(page).await?;
        deck.stand_in.heal(LIST);
        see_recovery(deck, "This token lacks").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_to_wait_is_left_alone_until_then() -> anyhow::Result<()> {
    deck_story("github-429", world(), async |deck| {
        deck.open().await?;
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        see_both_rows(page).await?;
        for fault in
            [Fault::TooMany { retry_after: RETRY_SECONDS }, Fault::SecondaryLimit { retry_after: Some(RETRY_SECONDS) }]
        {
            deck.settle().await?;
            stand_in.fail(EVERY, 1, fault);
            let refused = page
                .while_requests_fail(async {
                    let refused = deck.poll().await?;
                    page.see("The server asks to wait. Try again in").await?;
                    Ok(refused)
                })
                .await?;
            see_both_rows(page).await?;
            let before = stand_in.requests().len();
            // Impatience does not help: without a request of its own, each look ends in the same sentence.
            e2e::until("the wait to be over", async || {
                page.wake().await?;
                Ok((stand_in.requests().len() > before).then_some(()))
            })
            .await?;
            let waited = stand_in.requests()[before].at.duration_since(refused.at);
            ensure!(waited >= Duration::from_secs(RETRY_SECONDS.into()), "asked again after {waited:?}");
            page.see_no("The server asks to wait.").await?;
        }
        see_recovery(deck, "The server asks to wait.").await?;

        deck.settle().await?;
        stand_in.fail(EVERY, 1, Fault::SecondaryLimit { retry_after: None });
        page.while_requests_fail(async {
            deck.poll().await?;
            page.see("The server asks to wait. Try again in 60 s.").await
        })
        .await?;
        deck.see_silence_since(stand_in.requests().len()).await?;
        page.see_in_row(GATE, "Idle").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_that_is_spent_is_told_and_nothing_is_asked_until_it_is_filled() -> anyhow::Result<()> {
    deck_story("github-spent", world(), async |deck| {
        deck.open().await?;
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        see_both_rows(page).await?;
        deck.settle().await?;
        stand_in.world(|world| world.core_remaining = 0);
        page.while_requests_fail(async {
            deck.poll().await?;
            page.see("The server asks to wait. Try again in 60 min.").await
        })
        .await?;
        deck.see_silence_since(stand_in.requests().len()).await?;
        see_both_rows(page).await?;
        page.click_role("button", "Connections: Live").await?;
        page.see("0 of 5,000 requests left, all again at").await?;
        page.screenshot("github-budget-spent").await.map(drop)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_broken_cut_late_or_no_answer_at_all_loses_nothing() -> anyhow::Result<()> {
    deck_story("github-broken", world(), async |deck| {
        deck.open().await?;
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        see_both_rows(page).await?;
        page.type_into("Prompt", DRAFT).await?;
        for (fault, sentence) in [
            (Fault::Broken(500), RECONNECTING),
            (Fault::Broken(502), RECONNECTING),
            (Fault::Broken(503), RECONNECTING),
            (Fault::Cut, RECONNECTING),
            (Fault::NotJson, UNREAD),
        ] {
            stand_in.world(|world| world.task_mut("t-gate").become_state("in_progress"));
            deck.settle().await?;
            see_both_rows(page).await?;
            // Something has to be new, or the answer would be one without a body.
            stand_in.world(|world| world.task_mut("t-gate").custom_agent = Some(format!("{fault:?}")));
            stand_in.fail(LIST, ALWAYS, fault);
            page.while_requests_fail(async {
                deck.poll().await?;
                page.see(sentence).await
            })
            .await?;
            see_both_rows(page).await?;
            stand_in.heal(LIST);
            see_recovery(deck, sentence).await?;
        }

        stand_in.world(|world| world.task_mut("t-gate").become_state("in_progress"));
        stand_in.fail(LIST, 1, Fault::Held);
        let before = stand_in.count(LIST);
        e2e::until("a poll that is held back", async || {
            page.wake().await?;
            Ok((stand_in.count(LIST) > before).then_some(()))
        })
        .await?;
        page.see_in_row(GATE, "Idle").await?;
        page.wake().await?;
        ensure!(stand_in.count(LIST) == before + 1, "asked again while an answer is on its way");
        stand_in.release();
        see_both_rows(page).await?;
        ensure!(page.value_of("textbox", "Prompt").await? == DRAFT, "the draft was not kept");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_broken_at_the_start_is_entered_when_it_is_back() -> anyhow::Result<()> {
    deck_story("github-start-broken", world(), async |deck| {
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        for operation in [LIST, "repos/list-for-authenticated-user"] {
            stand_in.fail(operation, 1, Fault::Broken(502));
        }
        page.open(&deck.host.site()).await?;
        page.type_into("Token", World::TOKEN).await?;
        page.while_requests_fail(async {
            page.click_role("button", "Connect").await?;
            page.see("The list of tasks could not be read. The server had a fault (502).").await?;
            page.screenshot("github-broken").await
        })
        .await?;
        // Nobody touches the page.
        see_both_rows(page).await?;
        page.see_no("could not be read").await?;
        page.choose("Repository", "octocat/hello-world").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_queries_names_and_the_newest_pulls_are_read_one_by_one() -> anyhow::Result<()> {
    deck_story("github-no-graphql", World::with_tasks(20), async |deck| {
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        stand_in.fail(GRAPHQL, ALWAYS, Fault::Forbidden(None));
        page.while_requests_fail(deck.open()).await?;
        page.see_in_row("Task 0: tidy the shed", "octocat/hello-world").await?;
        page.see_in_row("Task 2: tidy the shed", "octo-org/octo-repo").await?;
        page.see_in_row("Task 9: tidy the shed", "Queued").await?;
        page.see_in_row("Task 0: tidy the shed", "copilot/fix-1").await?;
        deck.settle().await?;
        let asked = stand_in.count(GRAPHQL);
        ensure!(asked == 1, "asked {asked} times for what is refused for good");
        Ok(())
    })
    .await
}
