//! A page behind a bad network, whose companion dies now and then: in the end it shows what the companion has.

use std::time::{Duration, Instant};

use agent_tasks::{State, Steer, TaskId, paths};
use anyhow::{Context as _, anyhow, ensure};
use e2e::{Companion, Fault, Page, Proxy, Setting, Stage};
use promises::{Dice, cases, seed, tell};

use crate::million::choose_detail;

/// One fault in so many is the companion's death.
const KILL_EVERY: u64 = 10;
/// The cut is shown, and gone again, in so long.
const TOLD_MAX: Duration = Duration::from_secs(3);
/// What the agent does: it talks until it is stopped.
const SCRIPT: &str = "rehearse: endless-talk";

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_network_does_the_page_ends_with_the_companions_log() -> anyhow::Result<()> {
    let companion = Companion::start(Setting::default()).await?;
    let port = port_of(&companion)?;
    let proxy = Proxy::to(port).await?;
    // The page knows nothing of it: its address is the companion's.
    let rule = format!("host-resolver-rules=MAP 127.0.0.1:{port} 127.0.0.1:{}", proxy.port);
    let page = Page::blank_with(&[&rule]).await?;
    let mut stage = Stage { companion, page };
    stage.open().await?;
    let id = stage.companion.start_task(&format!("Weather the storm\n{SCRIPT}")).await?.id;
    stage.page.open(&format!("{}/{}", stage.companion.address, paths::task_page(&id))).await?;
    stage.page.see_in_log("Still running.").await?;
    let faults = cases(20, 50);
    let Stage { companion, page } = &mut stage;
    let times = page.while_requests_fail(storm(companion, page, &proxy, &id, faults)).await?;
    see_the_same(&stage, &id, faults, times).await?;
    let complaints = stage.page.complaints();
    ensure!(complaints.is_empty(), "the page complained:\n{}", complaints.join("\n"));
    stage.companion.see_nothing_left().await?;
    stage.page.close().await?;
    stage.companion.end().await
}

/// How long it took at most until the page said that it is cut off, and that it is back.
#[derive(Default)]
struct Times {
    told: Duration,
    back: Duration,
    kills: u64,
}

async fn storm(
    companion: &mut Companion,
    page: &Page,
    proxy: &Proxy,
    id: &TaskId,
    faults: u64,
) -> anyhow::Result<Times> {
    let mut dice = Dice::new(seed());
    let mut times = Times::default();
    for number in 1..=faults {
        if number % KILL_EVERY == 0 {
            kill(companion, page, proxy, id, &mut times).await?;
            continue;
        }
        let ms = |dice: &mut Dice, most| Duration::from_millis(1 + dice.below(most));
        let fault = match dice.below(5) {
            0 => Fault::Cut,
            1 => Fault::Reset,
            2 => Fault::HalfClose,
            3 => Fault::Delay(ms(&mut dice, 700)),
            _ => Fault::Slow(ms(&mut dice, 20)),
        };
        proxy.suffer(fault, ms(&mut dice, 800)).await;
    }
    page.see_no("Reconnecting").await?;
    Ok(times)
}

async fn kill(
    companion: &mut Companion,
    page: &Page,
    proxy: &Proxy,
    id: &TaskId,
    times: &mut Times,
) -> anyhow::Result<()> {
    page.see_no("Reconnecting").await?;
    companion.kill().await?;
    let dead = Instant::now();
    page.see("Reconnecting").await?;
    times.told = times.told.max(dead.elapsed());
    companion.restart().await?;
    proxy.lead_to(port_of(companion)?);
    let alive = Instant::now();
    page.see_no("Reconnecting").await?;
    times.back = times.back.max(alive.elapsed());
    times.kills += 1;
    // What ran is over; the agent is told to go on.
    companion.see_state(id, &State::Failed).await?;
    let go_on = serde_json::to_value(Steer::user_message(SCRIPT))?;
    let (status, body) = companion.post(&paths::steer(id), &go_on).await?;
    ensure!(status == 202, "{status}: {body}");
    companion.see_state(id, &State::InProgress).await?;
    Ok(())
}

async fn see_the_same(stage: &Stage, id: &TaskId, faults: u64, times: Times) -> anyhow::Result<()> {
    stage.companion.stop_task(id).await?;
    stage.companion.see_state(id, &State::Cancelled).await?;
    stage.page.see_in_header("Weather the storm", "Stopped").await?;
    let events = stage.companion.events(id).await?;
    let told = e2e::steps_of(&events)?;
    choose_detail(&stage.page, "Open all").await?;
    let mut shown = Vec::new();
    e2e::until("the whole log", async || {
        shown = stage.page.read_log().await?;
        let numbers: Vec<u64> = shown.iter().map(|step| step.seq).collect();
        if numbers == told { Ok(Some(())) } else { Err(anyhow!("the API has {told:?}, the page {numbers:?}")) }
    })
    .await?;
    stage.page.reload().await?;
    stage.page.see_in_header("Weather the storm", "Stopped").await?;
    choose_detail(&stage.page, "Open all").await?;
    e2e::until("the same log, read afresh", async || {
        let afresh = stage.page.read_log().await?;
        if afresh == shown { Ok(Some(())) } else { Err(anyhow!("before:\n{shown:#?}\nafresh:\n{afresh:#?}")) }
    })
    .await?;
    let Times { told, back, kills } = times;
    tell(
        "C2",
        faults,
        true,
        &format!(
            "{} events over {faults} faults, {kills} of them kill -9: every step once, in order, letter for letter as read afresh",
            events.len()
        ),
    );
    tell(
        "C1",
        kills,
        told <= TOLD_MAX && back <= TOLD_MAX,
        &format!(
            "reconnecting shown {} ms after a kill at most, gone {} ms after the return",
            told.as_millis(),
            back.as_millis()
        ),
    );
    Ok(())
}

fn port_of(companion: &Companion) -> anyhow::Result<u16> {
    companion.address.rsplit(':').next().and_then(|port| port.parse().ok()).context("the address has no port")
}
