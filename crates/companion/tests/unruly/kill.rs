//! kill -9 of the companion while sessions run: nobody of theirs is left, and nobody else is touched.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use agent_tasks::State;

use crate::{
    ALONE,
    companion::{Companion, eventually},
    processes,
};

/// From the kill to the last process's end, without another start.
const GONE_MAX: Duration = Duration::from_secs(2);
/// Sessions that run at the kill.
const BUSY: [&str; 10] = [
    "steady",
    "polite",
    "deaf to cancel and SIGTERM",
    "setsid",
    "nohup",
    "double fork",
    "all of these",
    "keeps forking",
    "halts itself",
    "flood of messages",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_companion_leaves_nothing_behind_even_when_it_is_not_started_again() {
    let _alone = ALONE.lock().await;
    for uses_cgroups in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let mut companion = Companion::start(folder.path(), uses_cgroups);
        let mut sessions = Vec::new();
        for mode in BUSY {
            let id = companion.task(mode, "be busy").await;
            companion.until(&id, "begun", |task| task.started_at.is_some()).await;
            sessions.push((companion.session(&id).await, id));
        }
        for (session, _) in &sessions {
            eventually("it runs", || !processes::marked(session).is_empty()).await;
        }
        // A stranger whose environment looks like a session's.
        let (alike, _) = &sessions[0];
        let mut stranger = tokio::process::Command::new("sleep");
        stranger.arg("86400").env("FLIGHTDECK_SESSION", format!("{alike}0")).kill_on_drop(true);
        let mut stranger = stranger.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let before: usize = sessions.iter().map(|(session, _)| processes::marked(session).len()).sum();

        let killed = Instant::now();
        companion.kill();
        eventually("nobody is left", || sessions.iter().all(|(it, _)| processes::marked(it).is_empty())).await;
        let gone = killed.elapsed();
        assert!(gone <= GONE_MAX, "{gone:?}");
        assert!(stranger.try_wait().unwrap().is_none(), "a stranger is nobody's");

        let ready = companion.start_again();
        for (_, id) in &sessions {
            let task = companion.look(id).await;
            assert_eq!(task.state, State::Failed, "{task:?}");
            assert!(task.error.unwrap().message.contains("send a follow-up"));
        }
        assert!(stranger.try_wait().unwrap().is_none(), "a stranger is nobody's after the start, either");
        promises::tell(
            "S13",
            10,
            gone <= GONE_MAX,
            &format!(
                "cgroups {uses_cgroups}: {before} processes of 10 sessions gone after {} ms, ready again after {} ms; a \
                 stranger with a like mark lives",
                gone.as_millis(),
                ready.as_millis()
            ),
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_keeper_could_not_end_the_next_start_does() {
    let _alone = ALONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let mut companion = Companion::start(folder.path(), false);
    let id = companion.task("all of these", "be busy").await;
    let session = companion.session(&id).await;
    eventually("six run", || processes::marked(&session).len() >= 6).await;
    for keeper in processes::called(&format!("keeper {}", folder.path().display())) {
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(keeper.cast_signed()), nix::sys::signal::Signal::SIGKILL)
            .unwrap();
    }
    companion.kill();
    assert!(!processes::marked(&session).is_empty(), "they live on");
    companion.start_again();
    assert_eq!(processes::marked(&session), [0; 0], "gone when the next one answers");
    assert_eq!(companion.look(&id).await.state, State::Failed);
    assert_eq!(processes::zombies(companion.pid()), 0);
}
