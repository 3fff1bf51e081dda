//! The stand-in with a world to look at by hand: prints where it is and a token, and goes on until Ctrl and C.

use std::time::Duration;

use github_stand_in::{Pull, Run, StandIn, Task, World};
use serde_json::json;

/// Tasks of the generated kind.
const TASKS: usize = 250;
/// How often the task that changes does.
const CHANGE_EVERY: Duration = Duration::from_secs(10);
/// What it goes through.
const STATES: [&str; 4] = ["queued", "in_progress", "waiting_for_user", "completed"];
const CHANGING: &str = "t-changing";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let stand_in = StandIn::start(world()).await?;
    println!("GitHub          {}", stand_in.address());
    println!("GitHub's token  {}", World::TOKEN);
    println!("On the page: Connections, Add a connection, GitHub Enterprise, with that address and token.");
    let mut change = tokio::time::interval(CHANGE_EVERY);
    for state in STATES.into_iter().cycle() {
        tokio::select! {
            _ = change.tick() => stand_in.world(|world| world.task_mut(CHANGING).become_state(state)),
            ended = tokio::signal::ctrl_c() => {
                ended?;
                break;
            }
        }
    }
    // What the page did that GitHub's description does not allow.
    stand_in.complaints().iter().for_each(|complaint| println!("{complaint}"));
    Ok(())
}

/// Tasks of every kind: in all states, odd ones, one that failed and cost something, one with a log and a run.
fn world() -> World {
    let mut world = World::with_tasks(TASKS);
    world.put(Task::new(CHANGING, "Change every ten seconds", World::HELLO_WORLD, "queued"));
    world.put(Task::hibernating("t-state", World::HELLO_WORLD));
    world.put(Task::with_unknown_field("t-field", World::HELLO_WORLD));
    world.put(Task::without_addresses("t-address", World::HELLO_WORLD));
    world.put(Task::without_repository("t-nowhere"));
    let mut pull = Pull::new(77, 7_000, World::HELLO_WORLD, "Hang the gate anew");
    pull.checks = Some("FAILURE".into());
    let mut gate = Task::new("t-gate", "Mend the gate", World::HELLO_WORLD, "completed");
    gate.add_session("It squeaks. Oil it.");
    gate.become_state("failed");
    if let Some(session) = gate.sessions.last_mut() {
        session.model = Some("claude-sonnet-4.6".into());
        session.usage = Some(json!({ "type": "ai_credits", "amount": 1_240_000_000_i64 }));
    }
    world.put(gate.with_pull(&pull));
    world
        .put(Task::new("t-run", "Run until it is stopped", World::HELLO_WORLD, "in_progress").on_branch("run", "main"));
    world.runs.push(Run::of_agent(31, World::HELLO_WORLD, "run", "t-run"));
    world.pulls.push(pull);
    world
}
