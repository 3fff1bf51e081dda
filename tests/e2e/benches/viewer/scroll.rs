//! Going through a log of a million lines: jumps, and the wheel.

use std::time::Duration;

use e2e::Page;
use serde::Deserialize;

use crate::{
    live::longest,
    stand::{LONGEST, Stand},
    table::{Goal, Table, Unit, VIEWERS, Viewer},
};

/// Jumps, one in each frame.
const JUMPS: usize = 600;
const WHEEL: Duration = Duration::from_secs(5);
const WHEEL_PX_PER_SECOND: i64 = 6_000;

#[derive(Debug, Deserialize)]
struct Recorded {
    frames: f64,
    dropped: f64,
    long_tasks: Vec<f64>,
    #[serde(default)]
    seen: Vec<Coverage>,
}

/// What a frame showed.
#[derive(Debug, Deserialize)]
struct Coverage {
    /// Parts of the screen with nothing in them.
    blank: u32,
    /// Parts with the place of something that is still asked for.
    absent: u32,
}

pub async fn measure(stand: &Stand, runs: usize, table: &mut Table) -> anyhow::Result<()> {
    for _ in 0..runs {
        for viewer in VIEWERS {
            let page = stand.open_whole(viewer, LONGEST).await?;
            if viewer == Viewer::Flightdeck && !super::folds::press(&page, "expandAll").await? {
                table.say("scroll: expand all: not there yet; steps are as they were opened".into());
            }
            jumps(&page, viewer, table).await?;
            wheel(&page, viewer, table).await?;
            let nodes: f64 = page.value("probe.sight.log().querySelectorAll('*').length").await?;
            table.note("elements in the log after scrolling", Unit::Count, Goal::AtMost(600.0), viewer, nodes);
            page.close().await?;
        }
    }
    Ok(())
}

async fn jumps(page: &Page, viewer: Viewer, table: &mut Table) -> anyhow::Result<()> {
    // Once with a look at each frame, once without: looking costs.
    let recorded: Recorded = page.promised(&jumping("probe.coverage")).await?;
    note(table, "600 jumps", viewer, &recorded);
    let before = page.worked().await?;
    let recorded: Recorded = page.promised(&jumping("() => undefined")).await?;
    let worked = page.worked().await? - before;
    table.note("600 jumps: a frame's cost", Unit::Ms, Goal::Times(1.1), viewer, per_frame(worked, &recorded));
    Ok(())
}

fn jumping(look: &str) -> String {
    format!(
        "(async () => {{
            const log = probe.sight.log();
            let place = 1;
            const recording = new probe.Recording({look});
            for (let jump = 0; jump < {JUMPS}; jump++) {{
                place = (place * 16807) % 2147483647;
                log.scrollTop = (place / 2147483647) * (log.scrollHeight - log.clientHeight);
                await probe.afterFrame();
            }}
            return recording.stop();
        }})()"
    )
}

async fn wheel(page: &Page, viewer: Viewer, table: &mut Table) -> anyhow::Result<()> {
    let middle = "(() => {
        const log = probe.sight.log();
        log.scrollTop = (log.scrollHeight - log.clientHeight) / 2;
        const { left, top, width, height } = log.getBoundingClientRect();
        return [left + width / 2, top + height / 2];
    })()";
    for is_looked_at in [true, false] {
        let (x, y): (f64, f64) = page.value(middle).await?;
        page.promised::<f64>("probe.painted()").await?;
        let look = if is_looked_at { "probe.coverage" } else { "() => undefined" };
        let before = page.worked().await?;
        page.value::<bool>(&format!("Boolean(probe.recording = new probe.Recording({look}))")).await?;
        page.wheel(x, y, WHEEL_PX_PER_SECOND, WHEEL).await?;
        let recorded: Recorded = page.value("probe.recording.stop()").await?;
        let worked = page.worked().await? - before;
        if is_looked_at {
            note(table, "5 s of wheel", viewer, &recorded);
        } else {
            let cost = per_frame(worked, &recorded);
            table.note("5 s of wheel: a frame's cost", Unit::Ms, Goal::Times(1.1), viewer, cost);
        }
    }
    Ok(())
}

fn note(table: &mut Table, what: &str, viewer: Viewer, recorded: &Recorded) {
    let count = |is: fn(&Coverage) -> bool| recorded.seen.iter().filter(|frame| is(frame)).count() as f64;
    let mut note = |part: &str, unit, goal, figure| table.note(&format!("{what}: {part}"), unit, goal, viewer, figure);
    note("frames dropped", Unit::Count, Goal::AtMost(0.0), recorded.dropped);
    note("frames with a blank place", Unit::Count, Goal::AtMost(0.0), count(|frame| frame.blank > 0));
    note("frames with rows asked for", Unit::Count, Goal::None, count(|frame| frame.absent > 0));
    note("longest task over 50 ms", Unit::Ms, Goal::AtMost(50.0), longest(&recorded.long_tasks));
}

fn per_frame(worked: Duration, recorded: &Recorded) -> f64 {
    worked.as_secs_f64() * 1_000.0 / recorded.frames.max(1.0)
}
