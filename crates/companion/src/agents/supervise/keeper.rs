//! The keeper: a process of its own beside the companion, which waits for the companion's end and then ends
//! what the companion left, also when that was killed and could do nothing any more.

use std::{
    io::Read,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::{
    process::{Child, Command},
    time::{Instant, sleep},
};

use super::{Account, KILL_PATIENCE, Roll, Supervisor, Tree, reap};

/// The hidden subcommand that is the keeper.
pub const KEEPER_COMMAND: &str = "keeper";
/// From SIGTERM to SIGKILL for what a killed companion left: it has nobody to talk to any more.
const LEFT_GRACE: Duration = Duration::from_millis(500);
/// How long to wait before a keeper that ended is started again.
const AGAIN_PAUSE: Duration = Duration::from_secs(5);

/// Keeps a keeper for the sessions noted in `folder` running, as long as the runtime lives.
pub fn start(folder: PathBuf) {
    tokio::spawn(async move {
        loop {
            match spawn(&folder) {
                Ok(child) => wait(child).await,
                Err(error) => {
                    tracing::warn!(%error, "no keeper: what a killed companion leaves ends at its next start")
                }
            }
            sleep(AGAIN_PAUSE).await;
        }
    });
}

/// Its input is a pipe that only the companion holds open: the kernel closes it, however the companion ends.
fn spawn(folder: &Path) -> std::io::Result<Child> {
    Command::new("/proc/self/exe")
        .arg0("flightdeck")
        .arg(KEEPER_COMMAND)
        .arg(folder)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // A Ctrl+C in the companion's terminal is not meant for it.
        .process_group(0)
        .spawn()
}

async fn wait(mut child: Child) {
    let pid = child.id().map(u32::cast_signed);
    pid.into_iter().for_each(reap::leave_to_runtime);
    // Not `wait` alone: that closes the input, which tells the keeper that the companion has ended.
    let input = child.stdin.take();
    let ended = child.wait().await;
    drop(input);
    pid.into_iter().for_each(reap::runtime_is_done);
    tracing::warn!(?ended, "the keeper has ended; another one is started");
}

/// Is the keeper: waits until its input ends, then ends what is noted in `folder`.
pub async fn keep(folder: PathBuf) -> anyhow::Result<()> {
    let roll = Roll::open(&folder)?;
    let companion = std::os::unix::process::parent_id().cast_signed();
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    let left = roll.left().into_iter().filter(|entry| entry.companion.0 == companion);
    let trees = left.map(|entry| (entry.session.clone(), Supervisor::left(entry)));
    let ends = trees.map(|(session, tree): (String, Tree)| {
        let roll = roll.clone();
        async move {
            let mut account = Account::begin();
            tree.end(&mut account, LEFT_GRACE, Instant::now() + LEFT_GRACE + KILL_PATIENCE).await;
            if tree.is_empty().await {
                roll.strike(&session);
            }
        }
    });
    futures_util::future::join_all(ends).await;
    Ok(())
}
