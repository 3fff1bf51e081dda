//! What a page holds while a log grows and grows.

use std::time::Duration;

use crate::{
    live::Writing,
    open::{self, MEGABYTE},
    stand::Stand,
    table::{Goal, Table, Unit, Viewer},
};

/// Lines a second.
const RATE: usize = 10_000;
/// How long, in seconds.
const SHORT: usize = 60;
const LONG: usize = 600;
/// Looks at what is held while the log grows.
const LOOKS: u32 = 6;
/// How much more may be held at the end than after the first sixth, in parts of a hundred.
const GROWTH_MAX: f64 = 110.0;

pub async fn measure(stand: &Stand, is_long: bool, table: &mut Table) -> anyhow::Result<()> {
    let seconds = if is_long { LONG } else { SHORT };
    let writing = Writing::prepare(stand, RATE, seconds).await?;
    let page = writing.open(stand, Viewer::Flightdeck).await?;
    writing.go()?;
    let mut held = Vec::new();
    let mut nodes = 0.0_f64;
    for _ in 0..LOOKS {
        tokio::time::sleep(Duration::from_secs(seconds as u64) / LOOKS).await;
        let (now, program) = open::held(&page).await?;
        held.push((now.total() + program) / MEGABYTE);
        nodes = nodes.max(page.value("document.querySelectorAll('*').length").await?);
    }
    writing.see_end(&page).await?;
    page.close().await?;
    let viewer = Viewer::Flightdeck;
    for (look, megabytes) in held.iter().enumerate() {
        let what = format!("held after {} s of {RATE} lines a second", (look + 1) * seconds / LOOKS as usize);
        table.note(&what, Unit::Megabytes, Goal::None, viewer, *megabytes);
    }
    let growth = held[held.len() - 1] / held[0] * 100.0;
    table.note("held at the end, in % of the first", Unit::Percent, Goal::AtMost(GROWTH_MAX), viewer, growth);
    table.note("elements in the document, at most", Unit::Count, Goal::AtMost(600.0), viewer, nodes);
    Ok(())
}
