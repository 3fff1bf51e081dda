//! Opening and closing steps: what the baseline cannot do.

use anyhow::Context as _;
use e2e::{Page, workload::LONGEST_STEP};

use crate::{
    stand::{LONGEST, Stand},
    table::{Goal, Table, Unit, Viewer},
};

pub async fn measure(stand: &Stand, runs: usize, table: &mut Table) -> anyhow::Result<()> {
    for _ in 0..runs {
        let page = stand.open_whole(Viewer::Flightdeck, LONGEST).await?;
        for (what, control) in [("collapse all", "collapseAll"), ("expand all", "expandAll")] {
            match pressed(&page, control).await? {
                Some(ms) => note(table, &format!("{what}, to the next paint"), ms),
                None => table.say(format!("{what}: not there yet")),
            }
        }
        page.close().await?;
        toggle(stand, table).await?;
    }
    Ok(())
}

/// Opens and closes the step of 20,000 lines.
async fn toggle(stand: &Stand, table: &mut Table) -> anyhow::Result<()> {
    let log = stand.library.log(LONGEST)?;
    let longest = log.landmarks.iter().find(|landmark| landmark.lines == LONGEST_STEP);
    let seq = longest.context("the log has no longest step")?.seq;
    let page = stand.open(Viewer::Flightdeck, &log.task_id, "").await?;
    let address = format!("{}/steps/{seq}", agent_tasks::paths::task_page(&log.task_id));
    page.value::<String>(&format!("location.hash = '{address}'")).await?;
    page.see_that("the longest step", &format!("Boolean(probe.stepButton({seq}))")).await?;
    page.promised::<f64>("probe.painted()").await?;
    for what in ["close", "open"] {
        let ms: f64 = page.promised(&format!("probe.press(probe.stepButton({seq}))")).await?;
        note(table, &format!("{what} a step of {LONGEST_STEP} lines, to the next paint"), ms);
        page.promised::<f64>("probe.painted()").await?;
    }
    page.close().await
}

fn note(table: &mut Table, what: &str, ms: f64) {
    table.note(what, Unit::Ms, Goal::AtMost(50.0), Viewer::Flightdeck, ms);
}

/// Presses a control by its name in the probe; tells whether it is there.
pub async fn press(page: &Page, control: &str) -> anyhow::Result<bool> {
    Ok(pressed(page, control).await?.is_some())
}

/// How long it took until the next frame was painted, in milliseconds.
async fn pressed(page: &Page, control: &str) -> anyhow::Result<Option<f64>> {
    page.promised(&format!("probe.pressLevel('{control}')")).await
}
