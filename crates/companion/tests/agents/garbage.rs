//! Agents that break, and agents that are none.

use agent_tasks::EventBody;
use companion::agents::{Profile, RunEnd};

use crate::harness::{Ended, Setup};

async fn check(setup: Setup, words: &[&str]) -> Ended {
    let ended = setup.finish().await;
    let RunEnd::Failed(sentence) = &ended.outcome.end else { panic!("{:?}", ended.outcome.end) };
    for word in words {
        assert!(sentence.contains(word), "{word:?} is not in {sentence:?}");
    }
    ended
}

#[tokio::test]
async fn an_agent_that_is_not_there_is_named() {
    let mut setup = Setup::script("quick");
    setup.profile = Profile { command: "no-such-agent".into(), name: "Nobody".into(), ..setup.profile };
    let ended =
        check(setup, &["Nobody could not be started", "'no-such-agent' was not found on PATH", "Install it"]).await;
    assert!(ended.seen.is_empty());
}

#[tokio::test]
async fn a_crash_is_told_with_the_agents_last_words() {
    check(Setup::forced("crash-at-start"), &["exit code 3", "the configuration file of this rehearsal is broken"])
        .await;
    let ended = check(Setup::script("crash"), &["exit code 101", "panicked at a rehearsed place"]).await;
    assert_eq!(ended.output(), "so far so good\n", "what came before the crash is kept");
    let end = ended.tool_ends()[0];
    assert_eq!(end.error.as_ref().unwrap().code.as_deref(), Some("cancelled"));
}

#[tokio::test]
async fn an_error_answer_is_told() {
    let ended = check(Setup::script("fail"), &["the rehearsed model is out of order", "Start again"]).await;
    assert!(ended.message().contains("I begin"));
    check(Setup::script("no-such-script"), &["there is no script 'no-such-script'", "quick"]).await;
    check(Setup::forced("login"), &["is not logged in", "in a terminal"]).await;
}

#[tokio::test]
async fn noise_is_shown_and_survived() {
    let ended = Setup::script("garbage").finish().await;
    assert_eq!(ended.outcome.end, RunEnd::TurnEnded("end_turn".into()));
    let noise: Vec<_> = ended
        .seen
        .iter()
        .filter_map(|event| match &event.body {
            EventBody::SessionInfo(info) if info.info_type == "stdout" => Some(info.message.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(noise.len(), 5, "{noise:?}");
    assert_eq!(noise[0], "Welcome to the agent!");
    assert!(ended.types().contains(&"acp.horoscope_update"), "what nobody knows is shown all the same");
    assert!(ended.message().ends_with("and this."));
}

#[tokio::test]
async fn a_program_that_is_no_agent_fails_with_its_own_words() {
    let ended = check(Setup::forced("garbage-only"), &["exit code 2", "error: unknown option"]).await;
    assert!(ended.types().contains(&"session.info"));
    let mut setup = Setup::script("quick");
    setup.profile = Profile { command: "cat".into(), args: vec!["/dev/zero".into()], ..setup.profile };
    setup.limits.line_bytes = 100_000;
    check(setup, &["a line of more than 100000 bytes", "line_bytes"]).await;
    let mut setup = Setup::script("quick");
    setup.profile = Profile { command: "yes".into(), args: vec![], ..setup.profile };
    check(setup, &["not one message of the Agent Client Protocol", "Check its command"]).await;
}

#[tokio::test]
async fn a_line_over_the_limit_ends_the_session_and_one_below_does_not() {
    let mut setup = Setup::script("long-line");
    setup.limits.line_bytes = 1024 * 1024;
    check(setup, &["a line of more than 1048576 bytes", "line_bytes"]).await;
    let ended = Setup::script("long-line").finish().await;
    assert_eq!(ended.outcome.end, RunEnd::TurnEnded("end_turn".into()));
}
