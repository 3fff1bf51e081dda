//! Turns that end by themselves.

use agent_tasks::EventBody;
use companion::agents::{Control, RunEnd};

use crate::harness::Setup;

#[tokio::test]
async fn a_turn_is_told_from_its_start_to_its_end() {
    let ended = Setup::script("quick").finish().await;
    assert_eq!(ended.outcome.end, RunEnd::TurnEnded("end_turn".into()));
    assert!(ended.outcome.agent_session.is_some());
    let lasting: Vec<_> =
        ended.seen.iter().filter(|event| !event.ephemeral).map(|event| event.body.type_name()).collect();
    assert_eq!(
        lasting,
        [
            "session.start",
            "assistant.turn_start",
            "assistant.reasoning",
            "assistant.message",
            "tool.execution_start",
            "tool.execution_complete",
            "tool.execution_start",
            "tool.execution_complete",
            "assistant.usage",
            "assistant.message",
            "assistant.usage",
            "assistant.turn_end"
        ]
    );
    assert_eq!(ended.output(), "hello from a real process\n");
    assert_eq!(std::fs::read_to_string(ended.worktree.path().join("quick.txt")).unwrap(), "a quick edit\n");
    assert_eq!(ended.signals(), ["stdin closed"], "an agent that ends by itself gets no signal");
}

#[tokio::test]
async fn every_script_that_ends_by_itself_does() {
    for script in ["failing-command", "plan", "unicode", "long-output", "garbage", "loud"] {
        let ended = Setup::script(script).finish().await;
        assert_eq!(ended.outcome.end, RunEnd::TurnEnded("end_turn".into()), "{script}");
    }
}

#[tokio::test]
async fn twenty_thousand_lines_come_whole_through_a_narrow_channel() {
    let ended = Setup::script("long-output").finish().await;
    assert_eq!(ended.output().lines().count(), 20_000);
    assert!(ended.output().ends_with("line 20000: the quick brown fox jumps over the lazy dog\n"));
}

#[tokio::test]
async fn permission_is_asked_and_both_answers_are_obeyed() {
    for (option, is_there, word) in [("allow", true, "Thank you"), ("reject", false, "All right")] {
        let mut running = Setup::script("permission").start();
        let asked = running.see(|body| matches!(body, EventBody::PermissionRequested(_))).await;
        let EventBody::PermissionRequested(asked) = asked else { unreachable!() };
        assert_eq!(asked.permission_request.command.as_deref(), Some("touch permitted.txt"));
        let answer = |request_id: &str, option: &str| Control::Answer {
            request_id: request_id.into(),
            option_id: Some(option.into()),
        };
        running.say(answer("permission-9", "allow")).await;
        running.say(answer(&asked.request_id, "no such option")).await;
        running.say(answer(&asked.request_id, option)).await;
        running.say(answer(&asked.request_id, "allow")).await;
        let ended = running.finish().await;
        assert_eq!(ended.outcome.end, RunEnd::TurnEnded("end_turn".into()));
        assert_eq!(ended.worktree.path().join("permitted.txt").exists(), is_there);
        assert!(ended.message().contains(word), "{}", ended.message());
        assert_eq!(ended.types().iter().filter(|it| **it == "permission.completed").count(), 1);
        assert_eq!(ended.tool_ends().iter().map(|end| end.success).collect::<Vec<_>>(), [is_there]);
    }
}

#[tokio::test]
async fn the_agent_sees_a_small_environment() {
    let ended = Setup::script("environment").finish().await;
    let output = ended.output();
    let allowed = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TMPDIR", "TZ", "PWD", "FLIGHTDECK_SESSION"];
    let is_allowed = |name: &str| allowed.contains(&name) || name.starts_with("LC_") || name.starts_with("XDG_");
    for name in output.lines().filter_map(|line| line.split('=').next()) {
        assert!(is_allowed(name), "{name} reached the agent");
    }
    assert!(output.contains("FLIGHTDECK_SESSION=test-"));
    let withheld = std::env::vars().filter(|(name, _)| !is_allowed(name)).count();
    assert!(withheld > 0, "there was something to keep back");
}

#[tokio::test]
async fn what_the_agent_cannot_do_is_said() {
    let mut setup = Setup::script("quick");
    setup.resume = Some("an earlier session".into());
    setup.model = Some("a model".into());
    let ended = setup.finish().await;
    let notes: Vec<_> = ended
        .seen
        .iter()
        .filter_map(|event| match &event.body {
            EventBody::SessionInfo(info) => Some(info.message.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].contains("without its memory") && notes[1].contains("'a model' is ignored"));
    assert_eq!(ended.outcome.end, RunEnd::TurnEnded("end_turn".into()));
}
