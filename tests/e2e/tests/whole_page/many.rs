//! 200 tasks in the list.

use std::collections::BTreeSet;

use agent_tasks::State;
use anyhow::ensure;
use e2e::{Setting, story_with};

const TASKS: usize = 200;
/// The most rows that the page may hold: those of a screen, and a few beyond each edge.
const ROWS_MAX: usize = 60;
/// Less than a screen, in pixels.
const STRIDE_PX: u32 = 500;
/// Further down than the list goes, in pixels.
const LOWEST_PX: u32 = 1_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_tasks_are_reached_by_scrolling() -> anyhow::Result<()> {
    let setting = Setting { configuration: "[limits]\nrunning = 1\n", ..Setting::default() };
    story_with("many", setting, async |stage| {
        let (page, companion) = (&stage.page, &stage.companion);
        let mut ids = Vec::new();
        for number in 1..=TASKS {
            ids.push(companion.start_task(&format!("Plant tree {number}\nrehearse: endless")).await?.id);
        }
        companion.see_state(&ids[0], &State::InProgress).await?;
        stage.open().await?;
        page.see_in_row(&format!("Plant tree {TASKS}"), "Queued").await?;
        page.see_role("heading", &format!("Working {TASKS}")).await?;
        page.screenshot("two-hundred-tasks").await?;

        let mut found = BTreeSet::new();
        for stride in 0.. {
            page.scroll_to(stride * STRIDE_PX).await?;
            let titles = e2e::until("rows on the screen", async || {
                let titles = page.rows_on_screen().await?;
                Ok((!titles.is_empty()).then_some(titles))
            })
            .await?;
            let rows = page.count(".task-row").await?;
            ensure!(rows <= ROWS_MAX, "{rows} rows are in the page");
            found.extend(titles);
            if page.is_at_bottom().await? {
                break;
            }
        }
        let expected: BTreeSet<String> = (1..=TASKS).map(|number| format!("Plant tree {number}")).collect();
        ensure!(found == expected, "not reached: {:?}", expected.difference(&found).collect::<Vec<_>>());
        page.see_in_row("Plant tree 1", "Running").await?;
        page.screenshot("two-hundred-tasks-end").await?;

        // Those that wait first, or each would have its turn.
        for id in ids.iter().rev() {
            companion.stop_task(id).await?;
        }
        page.see_role("heading", &format!("Done {TASKS}")).await?;
        e2e::until("the last row to be stopped", async || {
            page.scroll_to(LOWEST_PX).await?;
            Ok(page.row("Plant tree 1").await?.contains("Stopped").then_some(()))
        })
        .await
    })
    .await
}
