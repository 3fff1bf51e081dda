//! The list of GitHub's tasks: names and pull requests in few requests, thousands of rows, and tasks that are odd.

use std::collections::BTreeSet;

use anyhow::ensure;
use e2e::{Deck, Page, deck_story, deck_story_on};
use github_stand_in::{GRAPHQL, Pull, Task, World};

/// The most requests for a page of the list, with all that it leaves out.
const REQUESTS_MAX: usize = 4;
/// High enough for a hundred rows: those out of sight are not in the page.
const TALL_PX: i64 = 8_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_tasks_with_names_and_pulls_cost_four_requests() -> anyhow::Result<()> {
    // One in 25 is put away.
    let deck = Deck::at_github_com(World::with_tasks(104)).await?;
    deck_story_on("github-hundred", deck, async |deck| {
        let page = &deck.page;
        page.resize(1280, TALL_PX).await?;
        deck.open().await?;
        for (title, words) in [
            ("Task 0: tidy the shed", ["octocat/hello-world", "#1", "Merged", "Checks passed"]),
            ("Task 3: tidy the shed", ["octocat/hello-world", "#4", "Draft", "Checks failed"]),
            ("Task 15: tidy the shed", ["octocat/hello-world", "#16", "Open", "Checks under way"]),
            ("Task 1: tidy the shed", ["octocat/spoon-knife", "Running", "", "octocat"]),
            ("Task 2: tidy the shed", ["octo-org/octo-repo", "Done", "", "octocat"]),
        ] {
            for word in words {
                page.see_in_row(title, word).await?;
            }
        }
        see_link(page, "#16", "https://github.com/octocat/hello-world/pull/16").await?;
        for heading in ["Needs you 18", "Working 19", "Done 63"] {
            page.see_role("heading", heading).await?;
        }
        let asked = deck.asked();
        let operations: Vec<_> = asked.iter().filter_map(|request| request.operation.as_deref()).collect();
        ensure!(asked.len() <= REQUESTS_MAX && operations.contains(&GRAPHQL), "{operations:?}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_tasks_on_twenty_pages_are_all_reached() -> anyhow::Result<()> {
    let mut world = World::with_tasks(2_000);
    world.tasks.iter_mut().for_each(|task| task.archived_at = None);
    deck_story("github-thousands", world, async |deck| {
        let page = &deck.page;
        page.resize(1280, TALL_PX).await?;
        deck.open().await?;
        for heading in ["Needs you 400", "Working 400", "Done 1200"] {
            page.see_role("heading", heading).await?;
        }
        let mut found = BTreeSet::new();
        for screen in 0.. {
            page.scroll_to(screen * (TALL_PX as u32 - 200)).await?;
            let titles = e2e::until("rows on the screen", async || {
                let titles = page.rows_on_screen().await?;
                Ok((!titles.is_empty()).then_some(titles))
            })
            .await?;
            found.extend(titles);
            if page.is_at_bottom().await? {
                break;
            }
        }
        let expected: BTreeSet<_> = (0..2_000).map(|number| format!("Task {number}: tidy the shed")).collect();
        ensure!(found == expected, "not reached: {:?}", expected.difference(&found).collect::<Vec<_>>());
        let pages: Vec<_> =
            deck.lists().iter().filter_map(|list| list.query_value("page").map(str::to_owned)).collect();
        let in_order: Vec<_> = (1..=20).map(|number| number.to_string()).collect();
        ensure!(pages == in_order, "the pages that were asked for: {pages:?}");
        // The last page's pull requests were looked up like the first one's.
        page.see_in_row("Task 1998: tidy the shed", "#1999").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_odd_or_unknown_shows_as_itself() -> anyhow::Result<()> {
    let mut world = World::new();
    let mut pull = Pull::new(77, 7, World::HELLO_WORLD, "Paint the door");
    (pull.is_draft, pull.checks) = (false, Some("SUCCESS".into()));
    world.put(Task::hibernating("t-state", World::HELLO_WORLD));
    world.put(Task::with_unknown_field("t-field", World::HELLO_WORLD));
    world.put(Task::without_addresses("t-address", World::HELLO_WORLD));
    world.put(Task::without_repository("t-nowhere"));
    world.put(Task::with_resource_artifact("t-resource", &pull));
    let mut custom = Task::new("t-agent", "Write the manual", World::HELLO_WORLD, "in_progress");
    custom.custom_agent = Some("docs".into());
    world.put(custom);
    world.pulls.push(pull);
    let deck = Deck::at_github_com(world).await?;
    deck_story_on("github-odd", deck, async |deck| {
        deck.open().await?;
        let page = &deck.page;
        for (title, words) in [
            ("Sleep through the winter", ["hibernating", "octocat/hello-world", "Stop"]),
            ("Watch the weather", ["Running", "octocat/hello-world", "Stop"]),
            ("Work without an address", ["Done", "octocat/hello-world", "octocat"]),
            ("Paint the door", ["Open", "#7", "Checks passed"]),
            ("Write the manual", ["Running", "docs", "Stop"]),
            ("Work anywhere", ["Done", "octocat", ""]),
        ] {
            for word in words {
                page.see_in_row(title, word).await?;
            }
        }
        // An unknown state counts as at work.
        page.see_role("heading", "Working 3").await?;
        let stop = "document.querySelector('[aria-label=\"Stop session: Sleep through the winter\"]')";
        page.see_that("a Stop that can be pressed", &format!("{stop}?.matches(':enabled:not([aria-disabled=true])')"))
            .await?;
        see_link(page, "#7", "https://github.com/octocat/hello-world/pull/7").await?;
        page.while_requests_fail(async {
            for (title, state) in [("Sleep through the winter", "hibernating"), ("Work anywhere", "Done")] {
                page.click_role("link", title).await?;
                page.see_in_header(title, state).await?;
                page.go_back().await?;
            }
            page.see_role("heading", "Working 3").await
        })
        .await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_has_everybodys_tasks() -> anyhow::Result<()> {
    let mut world = World::new();
    world.put(Task::new("t-gate", "Mend the gate", World::HELLO_WORLD, "completed"));
    let mut fence = Task::new("t-fence", "Paint the fence", World::HELLO_WORLD, "in_progress");
    fence.creator = 2;
    world.put(fence);
    deck_story_on("github-repository", Deck::at_github_com(world).await?, async |deck| {
        deck.open().await?;
        let page = &deck.page;
        page.see_in_row("Mend the gate", "octocat/hello-world").await?;
        ensure!(page.row("Paint the fence").await?.is_empty(), "another person's task is among one's own");
        page.click_role("link", "octocat/hello-world").await?;
        page.see_in_row("Paint the fence", "monalisa").await?;
        page.see_in_row("Mend the gate", "Done").await?;
        deck.stand_in.world(|world| world.task_mut("t-fence").become_state("failed"));
        e2e::until("the repository's list to change", async || {
            page.wake().await?;
            Ok(page.row("Paint the fence").await?.contains("Failed").then_some(()))
        })
        .await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enterprise_server_is_read_the_same_way() -> anyhow::Result<()> {
    let mut world = World::with_tasks(6);
    world.put(Task::without_addresses("t-address", World::HELLO_WORLD));
    let deck = Deck::set_up_at(world, |stand_in| stand_in.enterprise_address()).await?;
    deck_story_on("github-enterprise", deck, async |deck| {
        deck.open().await?;
        let page = &deck.page;
        page.see_in_row("Task 0: tidy the shed", "#1").await?;
        page.see_in_row("Work without an address", "octocat/hello-world").await?;
        deck.settle().await?;
        deck.stand_in.world(|world| world.task_mut("t-address").become_state("failed"));
        deck.poll().await?;
        page.see_in_row("Work without an address", "Failed").await?;
        page.while_requests_fail(async {
            page.click_role("link", "Work without an address").await?;
            page.see("the agent gave up").await
        })
        .await
    })
    .await
}

/// Waits for a link with this text that leads to a page of GitHub, in a tab of its own.
async fn see_link(page: &Page, text: &str, address: &str) -> anyhow::Result<()> {
    let link = format!("[...document.querySelectorAll('a')].find((link) => link.innerText === '{text}')");
    page.see_that(
        &format!("'{text}' to lead to {address}"),
        &format!("((link) => link?.href === '{address}' && link.target === '_blank' && link.rel.includes('noopener'))({link})"),
    )
    .await
}
