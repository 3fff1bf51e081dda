//! Finding in a log of a million lines.

use e2e::workload::{FREQUENT, FREQUENT_EVERY, RARE, RARE_LINES};
use serde::Deserialize;

use crate::{
    live::longest,
    stand::{LOADING, LONGEST, Stand},
    table::{Goal, Table, Unit, VIEWERS, Viewer},
};

#[derive(Debug, Deserialize)]
struct Found {
    hits: usize,
    first: f64,
    all: f64,
    long_tasks: Vec<f64>,
}

pub async fn measure(stand: &Stand, runs: usize, table: &mut Table) -> anyhow::Result<()> {
    for run in 0..runs {
        for viewer in VIEWERS {
            let page = stand.open_whole(viewer, LONGEST).await?;
            if viewer == Viewer::Flightdeck {
                page.press("f", true).await?;
                let has_field = e2e::until("the find field", async || {
                    Ok(page.value::<bool>("Boolean(probe.sight.findField())").await?.then_some(()))
                });
                if has_field.await.is_err() {
                    table.say("find: not there yet".into());
                    return page.close().await;
                }
            }
            // The server begins to read a log when the bar is opened: the first search of the first run comes soon after.
            let just_opened = RARE.to_uppercase();
            let searches = [
                (just_opened.as_str(), RARE_LINES, Some(", read since the bar was opened")),
                (RARE, RARE_LINES, None),
                (FREQUENT, LONGEST / FREQUENT_EVERY, None),
            ];
            for (word, hits, state) in searches {
                if state.is_some() && (viewer == Viewer::Baseline || run > 0) {
                    continue;
                }
                let script = match viewer {
                    Viewer::Baseline => format!(
                        "probe.painted().then(() => ({{ ...viewer.find('{word}'), tasks: probe.longTasks.length }}))
                            .then(async ({{ tasks, ...found }}) => {{
                                await probe.painted();
                                await probe.painted();
                                return {{ ...found, long_tasks: probe.longTasks.slice(tasks) }};
                            }})"
                    ),
                    Viewer::Flightdeck => format!("probe.find('{word}', {hits})"),
                };
                // A search that never ends must not end the bench.
                page.value::<bool>(&format!("({script}).then((found) => {{ probe.found = found }}) && true")).await?;
                let found: Found =
                    e2e::until_within(LOADING, "all hits", async || page.value("probe.found ?? null").await).await?;
                page.value::<bool>("delete probe.found").await?;
                let mut note = |part: &str, goal, figure| {
                    let (state, goal) = state.map_or(("", goal), |state| (state, Goal::None));
                    table.note(&format!("find {hits} hits{state}: {part}"), Unit::Ms, goal, viewer, figure);
                };
                anyhow::ensure!(found.hits == hits, "{viewer:?} found {} of {hits}", found.hits);
                note("the first", Goal::AtMost(50.0), found.first);
                note("all", Goal::Times(0.1), found.all);
                note("longest task over 50 ms", Goal::AtMost(50.0), longest(&found.long_tasks));
            }
            page.close().await?;
        }
    }
    Ok(())
}
