//! Opening a finished log, until its last screen is painted.

use e2e::{Held, Page};

use crate::{
    stand::{LENGTHS, LONGEST, Stand, opened_at, watch_opening},
    table::{Goal, Table, Unit, VIEWERS, Viewer},
};

/// Bytes of a megabyte.
pub const MEGABYTE: f64 = 1e6;

pub async fn measure(stand: &Stand, runs: usize, table: &mut Table) -> anyhow::Result<()> {
    for lines in LENGTHS {
        let is_longest = lines == LONGEST;
        let goal = |most| if is_longest { Goal::Times(most) } else { Goal::None };
        for _ in 0..runs {
            for viewer in VIEWERS {
                let task = stand.library.log(lines)?.task_id.clone();
                let page = stand.open(viewer, &task, &watch_opening()).await?;
                let opened = opened_at(&page).await?;
                table.note(&cold(lines), Unit::Ms, goal(0.3), viewer, opened);
                let (held, program) = held(&page).await?;
                let what = format!("  memory held, {lines} lines");
                table.note(&what, Unit::Megabytes, goal(0.5), viewer, (held.total() + program) / MEGABYTE);
                let what = format!("  of it buffers and a program's memory, {lines} lines");
                table.note(&what, Unit::Megabytes, Goal::None, viewer, (held.buffers + program) / MEGABYTE);
                let nodes: f64 = page.value("probe.sight.log().querySelectorAll('*').length").await?;
                table.note(&format!("  elements in the log, {lines} lines"), Unit::Count, Goal::None, viewer, nodes);
                page.close().await?;

                let page = stand.open_empty(viewer).await?;
                let go = match viewer {
                    Viewer::Baseline => format!("viewer.open('{task}')"),
                    Viewer::Flightdeck => {
                        format!("location.hash = '{}'", agent_tasks::paths::task_page(&task))
                    }
                };
                page.value::<bool>(&format!(
                    "(() => {{ probe.began = performance.now(); {go}; {} return true }})()",
                    watch_opening()
                ))
                .await?;
                let opened = opened_at(&page).await? - page.value::<f64>("probe.began").await?;
                table.note(&warm(lines), Unit::Ms, goal(0.3), viewer, opened);
                page.close().await?;
            }
        }
    }
    for (of, what) in [("by its address", cold as fn(usize) -> String), ("from the page", warm)] {
        for viewer in VIEWERS {
            let median = |lines| table.median(&what(lines), viewer);
            if let (Some(longest), Some(shortest)) = (median(LONGEST), median(LENGTHS[0])) {
                let what = format!("open {of}: {LONGEST} lines in % of {}", LENGTHS[0]);
                table.note(&what, Unit::Percent, Goal::AtMost(130.0), viewer, longest / shortest * 100.0);
            }
        }
    }
    Ok(())
}

/// What a page holds, and the memory of its program beside that, in bytes.
pub async fn held(page: &Page) -> anyhow::Result<(Held, f64)> {
    Ok((page.held().await?, page.value("probe.programBytes()").await?))
}

fn cold(lines: usize) -> String {
    format!("open by its address, {lines} lines")
}

fn warm(lines: usize) -> String {
    format!("open from the page, {lines} lines")
}
