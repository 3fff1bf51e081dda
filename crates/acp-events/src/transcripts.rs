//! The translation of recorded conversations: what two real agents said, told as events.

use std::{collections::BTreeMap, path::PathBuf};

use agent_tasks::event::{EventBody, PermissionOptionKind, ToolContent, ToolExecutionComplete, ToolKind};
use serde_json::Value;

use super::*;

/// What a reader of the log ends up with.
#[derive(Default, Debug)]
struct Log {
    messages: String,
    thoughts: String,
    /// The output by tool call, as told by partial results and the end.
    outputs: BTreeMap<String, String>,
    commands: Vec<String>,
    kinds: Vec<ToolKind>,
    ends: Vec<ToolExecutionComplete>,
    asked: Vec<agent_tasks::event::PermissionRequested>,
    unknown: Vec<String>,
    infos: Vec<String>,
    usages: usize,
    bytes: usize,
}

impl Log {
    fn exit_codes(&self) -> Vec<i64> {
        let parts = self.ends.iter().filter_map(|end| end.result.as_ref()).flat_map(|result| &result.contents);
        parts
            .filter_map(|part| if let ToolContent::Terminal { exit_code, .. } = part { *exit_code } else { None })
            .collect()
    }

    fn output(&self) -> &str {
        self.outputs.values().find(|output| !output.is_empty()).map_or("", String::as_str)
    }

    fn diffs(&self) -> Vec<(&str, Option<&str>, &str)> {
        let parts = self.ends.iter().filter_map(|end| end.result.as_ref()).flat_map(|result| &result.contents);
        parts
            .filter_map(|part| match part {
                ToolContent::Diff { path, old_text, new_text } => {
                    Some((path.as_str(), old_text.as_deref(), new_text.as_str()))
                }
                _ => None,
            })
            .collect()
    }

    fn take(&mut self, event: NewEvent) {
        self.bytes += serde_json::to_string(&event.body).unwrap().len();
        assert!(event.raw.as_ref().is_none_or(|raw| raw.len() <= RAW_BYTES_MAX + 40));
        match event.body {
            EventBody::AssistantMessage(message) => self.messages.push_str(&message.content),
            EventBody::AssistantReasoning(thought) => self.thoughts.push_str(&thought.content),
            EventBody::ToolExecutionStart(start) => {
                self.commands.extend(start.command);
                self.kinds.extend(start.kind);
            }
            EventBody::ToolExecutionPartialResult(part) => {
                let output = self.outputs.entry(part.tool_call_id).or_default();
                if part.replace {
                    output.clear();
                }
                output.push_str(&part.partial_output);
            }
            EventBody::ToolExecutionComplete(end) => {
                if let Some(content) = end.result.as_ref().and_then(|result| result.content.clone()) {
                    self.outputs.insert(end.tool_call_id.clone(), content);
                }
                self.ends.push(end);
            }
            EventBody::PermissionRequested(asked) => self.asked.push(asked),
            EventBody::SessionInfo(info) => self.infos.push(info.message),
            EventBody::Unknown(unknown) => self.unknown.push(unknown.r#type),
            EventBody::AssistantUsage(_) => self.usages += 1,
            EventBody::AssistantMessageDelta(_)
            | EventBody::AssistantReasoningDelta(_)
            | EventBody::SessionTitleChanged(_) => {}
            other => panic!("unexpected: {other:?}"),
        }
    }
}

/// Plays the recording `name`: what the agent said until its first prompt was answered.
fn play(name: &str) -> Log {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/transcripts/{name}.jsonl"));
    let text = std::fs::read_to_string(file).unwrap();
    let messages: Vec<Value> = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect();
    let sent = |method: &str| {
        messages.iter().find(|it| it["dir"] == "client->agent" && it["msg"]["method"] == method).unwrap()
    };
    let prompt_id = &sent("session/prompt")["msg"]["id"];
    let cwd = sent("session/new")["msg"]["params"]["cwd"].as_str().unwrap();
    let mut translator = Translator::new(&PathBuf::from(cwd));
    let mut log = Log::default();
    let mut updates = 0;
    for message in &messages {
        if message["msg"]["method"] == "session/cancel" {
            translator.begin_stop();
        }
        if message["dir"] != "agent->client" {
            continue;
        }
        let message = &message["msg"];
        let raw = message.to_string();
        let events = match message["method"].as_str() {
            Some("session/update") => {
                updates += 1;
                translator.update(&message["params"]["update"], &raw)
            }
            Some("session/request_permission") => {
                translator.ask(&message["id"].to_string(), &message["params"], &raw).0
            }
            Some(_) => vec![],
            None if message["id"] == *prompt_id => translator.end_turn(&message["result"]),
            None => {
                if message["result"]["sessionId"].is_string() {
                    translator.configured(&message["result"]);
                }
                vec![]
            }
        };
        events.into_iter().for_each(|event| log.take(event));
        if message["id"] == *prompt_id && message["method"].is_null() {
            break;
        }
    }
    assert!(updates > 3);
    assert_eq!(log.unknown, [""; 0], "{name} has updates of unknown kinds");
    assert!(!format!("{:?}{:?}{:?}", log.diffs(), log.kinds, log.asked).contains(cwd), "{name}: a path is absolute");
    log
}

#[test]
fn success_reads_edits_and_runs() {
    for agent in ["opencode", "codex"] {
        let log = play(&format!("{agent}-success"));
        assert!(log.messages.contains("`add` now **adds**"), "{agent}: {}", log.messages);
        assert!(
            log.thoughts.starts_with("I should look at the file first, then make the smallest change"),
            "{agent}: {}",
            log.thoughts
        );
        assert!(
            log.commands.contains(&"python3 test_calc.py && git diff --stat".to_owned()),
            "{agent}: {:?}",
            log.commands
        );
        assert_eq!(log.exit_codes(), [0], "{agent}");
        let diffs = log.diffs();
        assert_eq!(diffs.len(), 1, "{agent}: {diffs:?}");
        let (path, old, new) = diffs[0];
        assert!(path == "calc.py" && old.unwrap().contains("a - b") && new.contains("a + b"), "{agent}");
        assert!(
            log.outputs
                .values()
                .any(|it| it == "ok\n calc.py | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n")
        );
        assert!(log.outputs.values().any(|it| it.starts_with("def add(a, b):")));
        assert!(log.ends.iter().all(|end| end.success) && log.ends.len() == 3, "{agent}: {:?}", log.ends);
        assert!(log.usages >= 1);
    }
}

#[test]
fn a_failing_command_fails_whatever_the_agent_calls_it() {
    for agent in ["opencode", "codex"] {
        let log = play(&format!("{agent}-failing"));
        assert_eq!(log.exit_codes(), [3], "{agent}");
        assert!(!log.ends[0].success);
        assert_eq!(log.ends[0].error.as_ref().unwrap().message, "exit code 3");
        assert_eq!(
            log.output(),
            "to-stdout\nto-stderr\nls: cannot access '/does/not/exist': No such file or directory\n"
        );
        assert_eq!(log.commands, ["echo to-stdout; echo to-stderr >&2; ls /does/not/exist; exit 3"]);
    }
}

#[test]
fn long_output_is_told_once() {
    let codex = play("codex-longoutput");
    assert_eq!(codex.output().lines().count(), 20_000);
    assert!(codex.output().ends_with("line 20000: the quick brown fox jumps over the lazy dog\n"));
    assert!(codex.bytes < codex.output().len() * 11 / 10, "{} bytes of events", codex.bytes);
    let opencode = play("opencode-longoutput");
    assert!(opencode.output().contains("line 20000: the quick brown fox jumps over the lazy dog"));
    assert_eq!(opencode.exit_codes(), [0]);
}

#[test]
fn unicode_and_control_characters_stay_as_they_are() {
    for agent in ["opencode", "codex"] {
        let log = play(&format!("{agent}-unicode"));
        for part in [
            "\u{1b}[31mred\u{1b}[0m",
            "👩‍💻 🚀 CJK 你好 RTL مرحبا combining e\u{301} zero\u{200b}width",
            "10%\rprogress",
            "nul:\0:end",
            "<script>alert(1)</script> &amp;",
        ] {
            assert!(log.output().contains(part), "{agent}: {part:?} is not in {:?}", log.output());
        }
    }
}

#[test]
fn a_permission_request_says_everything_that_is_needed_to_decide() {
    for agent in ["opencode", "codex"] {
        let log = play(&format!("{agent}-permission-allow"));
        let [edit, run] = &log.asked[..] else { panic!("{agent}: {:?}", log.asked) };
        assert_eq!(edit.permission_request.kind, "write");
        assert_eq!(edit.permission_request.locations[0].path, "made.txt");
        let content = &edit.permission_request.contents[0];
        assert!(
            matches!(content, ToolContent::Diff { new_text, .. } if new_text == "made by the agent\n")
                || matches!(content, ToolContent::Text { text } if text.contains("+made by the agent")),
            "{agent}: {content:?}"
        );
        assert_eq!(run.permission_request.kind, "shell");
        assert_eq!(run.permission_request.command.as_deref(), Some("cat made.txt; rm -f made.txt"));
        let kinds: Vec<_> = run.options.iter().map(|option| option.kind).collect();
        use PermissionOptionKind::{AllowAlways, AllowOnce, RejectOnce};
        assert_eq!(kinds, [AllowOnce, AllowAlways, RejectOnce]);
        assert!(log.ends.iter().all(|end| end.success) && log.ends.len() == 2);
        assert!(log.outputs.values().any(|output| output == "made by the agent\n"));
    }
}

#[test]
fn a_rejected_call_ends_without_success() {
    for (agent, code) in [("opencode", None), ("codex", Some("cancelled"))] {
        let log = play(&format!("{agent}-permission-reject"));
        assert_eq!(log.asked.len(), 1);
        assert_eq!(log.ends.len(), 1, "{agent}");
        assert!(!log.ends[0].success);
        assert_eq!(log.ends[0].error.as_ref().unwrap().code.as_deref(), code);
    }
}

#[test]
fn a_cancelled_call_has_an_end() {
    for agent in ["opencode", "codex"] {
        let log = play(&format!("{agent}-cancel"));
        assert_eq!(log.ends.len(), 1, "{agent}");
        assert!(log.commands[0].contains("sleep 300"));
        assert_eq!(log.ends[0].error.as_ref().unwrap().code.as_deref(), Some("cancelled"), "{agent}");
    }
}

#[test]
fn notes_are_few_and_short() {
    let log = play("codex-permission-allow");
    assert!(log.infos.iter().any(|info| info == "mode: read-only"), "{:?}", log.infos);
    assert!(log.infos.iter().all(|info| info.len() < 300) && log.infos.len() < 4, "{:?}", log.infos);
}
