//! What OpenCode and Codex do through the companion's API, from the prompt to the last process.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    time::{Duration, Instant},
};

use agent_tasks::{
    Event, EventBody, State, Steer, Task,
    event::{PermissionOptionKind, PermissionRequested, ToolContent},
};
use real_agents::{
    lab::{Asks, Lab, RealAgent, processes_of},
    scenario::{LONG_OUTPUT_LINES, UNICODE_TEXT},
};

/// From a stop to the last process's end.
const STOP_MAX: Duration = Duration::from_secs(5);

/// Writes each story as one test per agent.
macro_rules! stories {
    ($($story:ident,)*) => {
        mod opencode {
            $(#[tokio::test]
            async fn $story() {
                super::$story(super::RealAgent::OpenCode).await.unwrap();
            })*
        }
        mod codex {
            $(#[tokio::test]
            async fn $story() {
                super::$story(super::RealAgent::Codex).await.unwrap();
            })*
        }
    };
}

stories! {
    an_edit_with_a_command,
    a_failing_command,
    twenty_thousand_lines_of_output,
    unicode_and_ansi,
    permission_allowed,
    permission_rejected,
    stop_in_mid_command,
    stop_what_left_its_terminal,
    stop_what_ignores_a_hang_up,
    stop_a_daemon,
    stop_what_ignores_signals,
    stop_while_it_waits_for_permission,
    a_follow_up_goes_on_in_the_same_worktree,
}

async fn an_edit_with_a_command(agent: RealAgent) -> anyhow::Result<()> {
    let lab = Lab::start(agent, Asks::Never).await?;
    let task = run(&lab, "scenario: edit").await?;
    assert_eq!(task.state, State::Completed);
    let branch = task.branch().expect("the changes are told as an artifact");
    assert_eq!((branch.additions, branch.deletions, branch.changed_files), (Some(1), Some(0), Some(1)));
    assert!(lab.diff(&task).await?.contains("+hello from the scripted model"));
    let log = lab.log(&task).await?;
    assert!(output(&log).contains("hello from the scripted model"));
    assert!(says(&log, "Wrote **greeting.txt** and read it back."));
    assert!(processes_of(&task).is_empty());
    Ok(())
}

async fn a_failing_command(agent: RealAgent) -> anyhow::Result<()> {
    let lab = Lab::start(agent, Asks::Never).await?;
    let task = run(&lab, "scenario: failing").await?;
    let log = lab.log(&task).await?;
    assert_eq!(exit_codes(&log), [3]);
    assert!(output(&log).contains("about to fail"));
    assert_eq!(task.state, State::Completed, "the turn ended by itself, whatever the command did");
    Ok(())
}

async fn twenty_thousand_lines_of_output(agent: RealAgent) -> anyhow::Result<()> {
    let lab = Lab::start(agent, Asks::Never).await?;
    let task = run(&lab, "scenario: long").await?;
    let output = output(&lab.log(&task).await?);
    let lines: Vec<&str> = output.lines().collect();
    match agent {
        RealAgent::Codex => {
            let expected: Vec<String> = (1..=LONG_OUTPUT_LINES).map(|line| line.to_string()).collect();
            assert_eq!(lines, expected, "every line once, in order");
        }
        // OpenCode cuts long output itself; what it sends is kept.
        RealAgent::OpenCode => assert!(lines.contains(&"20000"), "the output ends with {:?}", lines.last()),
    }
    Ok(())
}

async fn unicode_and_ansi(agent: RealAgent) -> anyhow::Result<()> {
    let lab = Lab::start(agent, Asks::Never).await?;
    let task = run(&lab, "scenario: unicode").await?;
    let log = lab.log(&task).await?;
    let output = output(&log);
    assert!(output.contains(UNICODE_TEXT), "{output:?}");
    assert!(output.contains("\u{1b}[31mred\u{1b}[0m"), "colours reach the page: {output:?}");
    assert!(says(&log, "Ünïcode 日本語 👩‍👩‍👧 works."));
    Ok(())
}

async fn permission_allowed(agent: RealAgent) -> anyhow::Result<()> {
    let lab = Lab::start(agent, Asks::BeforeWriting).await?;
    let task = ask_and_answer(&lab, PermissionOptionKind::AllowOnce).await?;
    assert_eq!(task.state, State::Completed);
    assert!(lab.diff(&task).await?.contains("+somebody allowed it"));
    Ok(())
}

async fn permission_rejected(agent: RealAgent) -> anyhow::Result<()> {
    let lab = Lab::start(agent, Asks::BeforeWriting).await?;
    let task = ask_and_answer(&lab, PermissionOptionKind::RejectOnce).await?;
    assert!(task.state.is_finished());
    assert!(!lab.diff(&task).await?.contains("somebody allowed it"));
    let log = lab.log(&task).await?;
    let denied = |event: &Event| matches!(&event.body, EventBody::PermissionCompleted(answer) if answer.result.kind == "denied-interactively-by-user");
    assert!(log.iter().any(denied));
    Ok(())
}

async fn stop_in_mid_command(agent: RealAgent) -> anyhow::Result<()> {
    stop_a_command(agent, "stop").await
}

async fn stop_what_left_its_terminal(agent: RealAgent) -> anyhow::Result<()> {
    stop_a_command(agent, "stop-setsid").await
}

async fn stop_what_ignores_a_hang_up(agent: RealAgent) -> anyhow::Result<()> {
    stop_a_command(agent, "stop-nohup").await
}

async fn stop_a_daemon(agent: RealAgent) -> anyhow::Result<()> {
    stop_a_command(agent, "stop-daemon").await
}

async fn stop_what_ignores_signals(agent: RealAgent) -> anyhow::Result<()> {
    stop_a_command(agent, "stop-deaf").await
}

async fn stop_while_it_waits_for_permission(agent: RealAgent) -> anyhow::Result<()> {
    let lab = Lab::start(agent, Asks::BeforeWriting).await?;
    let task = lab.start_task("scenario: permission").await?;
    let task = lab.until(&task, |task| task.state == State::WaitingForUser).await?;
    let log = stop_for_good(agent, "permission", &lab, &task).await?;
    let answers: Vec<&str> = log
        .iter()
        .filter_map(|event| match &event.body {
            EventBody::PermissionCompleted(answer) => Some(answer.result.kind.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(answers, ["cancelled"]);
    Ok(())
}

/// Stops the command of `scenario` once its first word is there.
async fn stop_a_command(agent: RealAgent, scenario: &str) -> anyhow::Result<()> {
    let lab = Lab::start(agent, Asks::Never).await?;
    let task = lab.start_task(&format!("scenario: {scenario}")).await?;
    lab.until_log(&task, |log| log.iter().any(|event| matches!(event.body, EventBody::ToolExecutionStart(_)))).await?;
    lab.until(&task, |task| sleepers(task) > 0).await?;
    stop_for_good(agent, scenario, &lab, &task).await?;
    Ok(())
}

/// Stops the task: nothing is left in time, every tool call is closed, and a follow-up works. Gives the log
/// of the stopped session.
async fn stop_for_good(agent: RealAgent, scenario: &str, lab: &Lab, task: &Task) -> anyhow::Result<Vec<Event>> {
    let asked = Instant::now();
    lab.steer(task, &Steer::abort()).await?;
    let task = lab.until(task, |task| processes_of(task).is_empty()).await?;
    let gone = asked.elapsed();
    println!("{agent:?}, {scenario}: nothing is left after {} ms", gone.as_millis());
    assert!(gone <= STOP_MAX, "{gone:?}");
    let task = lab.until(&task, |task| task.state.is_finished()).await?;
    assert_eq!(task.state, State::Cancelled);
    let log = lab.log(&task).await?;
    let EventBody::SessionShutdown(end) = &log.last().expect("a log").body else { panic!("the log ends otherwise") };
    assert_eq!(end.report.as_ref().expect("a report").remaining, 0);
    let (mut begun, mut ended) = (BTreeSet::new(), BTreeSet::new());
    for event in &log {
        match &event.body {
            EventBody::ToolExecutionStart(call) => drop(begun.insert(call.tool_call_id.as_str())),
            EventBody::ToolExecutionComplete(call) => drop(ended.insert(call.tool_call_id.as_str())),
            _ => {}
        }
    }
    assert_eq!(begun, ended, "every tool call is closed");

    // It only speaks: an agent that asks before it writes would ask again.
    lab.steer(&task, &Steer::user_message("scenario: speak")).await?;
    let task = lab.until(&task, |task| task.session_count == 2 && task.state.is_finished()).await?;
    assert_eq!(task.state, State::Completed, "a follow-up works afterwards");
    assert!(says(&lab.log(&task).await?, "I am here."));
    assert!(processes_of(&task).is_empty());
    Ok(log)
}

/// How many processes of the task only sleep.
fn sleepers(task: &Task) -> usize {
    let sleeps = |process: &PathBuf| {
        let line = std::fs::read(process.join("cmdline")).unwrap_or_default();
        line.starts_with(b"sleep\0")
    };
    processes_of(task).iter().filter(|process| sleeps(process)).count()
}

async fn a_follow_up_goes_on_in_the_same_worktree(agent: RealAgent) -> anyhow::Result<()> {
    let lab = Lab::start(agent, Asks::Never).await?;
    let task = run(&lab, "scenario: edit").await?;
    lab.steer(&task, &Steer::user_message("scenario: failing")).await?;
    let task = lab.until(&task, |task| task.session_count == 2 && task.state.is_finished()).await?;
    assert_eq!(task.state, State::Completed);
    let log = lab.log(&task).await?;
    let resumed = |event: &Event| matches!(&event.body, EventBody::SessionStart(start) if start.resumed);
    assert!(log.iter().any(resumed), "the agent remembers the first session");
    assert_eq!(exit_codes(&log).last(), Some(&3));
    Ok(())
}

async fn run(lab: &Lab, prompt: &str) -> anyhow::Result<Task> {
    let task = lab.start_task(prompt).await?;
    lab.until(&task, |task| task.state.is_finished()).await
}

async fn ask_and_answer(lab: &Lab, kind: PermissionOptionKind) -> anyhow::Result<Task> {
    let task = lab.start_task("scenario: permission").await?;
    let task = lab.until(&task, |task| task.state == State::WaitingForUser).await?;
    let log = lab.log(&task).await?;
    let asked = log.iter().rev().find_map(request).expect("a waiting task has asked");
    let option = asked.options.iter().find(|option| option.kind == kind).expect("the option is on offer");
    lab.steer(&task, &Steer::permission_response(&asked.request_id, Some(option.option_id.clone()))).await?;
    lab.until(&task, |task| task.state.is_finished()).await
}

fn request(event: &Event) -> Option<&PermissionRequested> {
    match &event.body {
        EventBody::PermissionRequested(asked) => Some(asked),
        _ => None,
    }
}

/// What all tool calls put out, as a reader of the log sees it at the end.
fn output(log: &[Event]) -> String {
    let mut calls: Vec<(String, String)> = Vec::new();
    for event in log {
        let (call, text, replaces) = match &event.body {
            EventBody::ToolExecutionPartialResult(part) => {
                (&part.tool_call_id, part.partial_output.clone(), part.replace)
            }
            EventBody::ToolExecutionComplete(end) => {
                let Some(text) = end.result.as_ref().and_then(|result| result.content.clone()) else { continue };
                (&end.tool_call_id, text, true)
            }
            _ => continue,
        };
        match calls.iter_mut().find(|(id, _)| id == call) {
            Some((_, known)) if replaces => *known = text,
            Some((_, known)) => known.push_str(&text),
            None => calls.push((call.clone(), text)),
        }
    }
    calls.into_iter().map(|(_, text)| text).collect()
}

fn says(log: &[Event], text: &str) -> bool {
    log.iter()
        .any(|event| matches!(&event.body, EventBody::AssistantMessage(message) if message.content.contains(text)))
}

fn exit_codes(log: &[Event]) -> Vec<i64> {
    let contents = log.iter().filter_map(|event| match &event.body {
        EventBody::ToolExecutionComplete(end) => Some(&end.result.as_ref()?.contents),
        _ => None,
    });
    let code = |content: &ToolContent| match content {
        ToolContent::Terminal { exit_code, .. } => *exit_code,
        _ => None,
    };
    contents.flatten().filter_map(code).collect()
}
