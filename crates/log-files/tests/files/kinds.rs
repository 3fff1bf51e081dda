//! Each kind of file, from its bytes to what a reader sees.

use super::common::{document, fixture, open, said, transcripts};
use agent_tasks::Timestamp;
use agent_tasks::event::{PlanStatus, ToolKind};
use log_files::{FileKind, Importer, Refusal};
use session_log::{LogDocument, StepKind, StepState, ToolStep};

fn tools(document: &LogDocument) -> Vec<(ToolStep, StepState, String)> {
    let steps = (0..document.steps()).map(|index| document.step(index).unwrap());
    steps
        .filter_map(|step| match &step.kind {
            StepKind::Tool(tool) => Some((tool.as_ref().clone(), step.state, document.text(&step.text).into_owned())),
            _ => None,
        })
        .collect()
}

#[test]
fn a_session_of_claude_code() {
    let (importer, events) = open("s.jsonl", &fixture("claude.jsonl"));
    let told = importer.told();
    assert_eq!((told.kind, told.lines, told.not_understood), (Some(FileKind::Claude), 20, 1));
    assert_eq!(told.title.as_deref(), Some("Mend the gate"));
    let document = document(&events);
    assert_eq!(
        said(&document),
        [
            "Session Claude Code 2.1.227 model-one",
            "Info file-history-snapshot",
            "Prompt Mend the **gate**",
            "Reasoning The hinge first.",
            "Message I look at it.",
            "Tool Bash Failed",
            "Tool Edit Succeeded",
            "Tool Task Succeeded",
            "Info sub-agent",
            "Tool Grep Succeeded",
            "Plan 2",
            "Tool TodoWrite Succeeded",
            "Info compact_boundary",
            "Info compacted",
            "Unknown claude.weather-report",
            "Stop user_initiated",
            "Message Stopped.",
            "Tool Bash Cancelled",
        ]
    );
    let tools = tools(&document);
    let (run, _, output) = &tools[0];
    assert_eq!(
        (run.command.as_deref(), run.exit_code, run.title.as_deref()),
        (Some("make gate"), Some(2), Some("Build the gate"))
    );
    assert!(output.contains("no hinge"), "{output}");
    let (edit, ..) = &tools[1];
    assert_eq!(
        (edit.kind, edit.diffstat(), edit.locations[0].path.as_str()),
        (ToolKind::Edit, Some((1, 1)), "gate.txt")
    );
    assert_eq!(tools[3].0.parent_id.as_deref(), Some("t3"), "a sub-agent's call belongs to the call that began it");
    let StepKind::Plan(plan) = &document.step(10).unwrap().kind else { panic!("no plan") };
    assert_eq!(plan.entries[1].status, PlanStatus::InProgress);
    let usage = document.usage().unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens, usage.cache_read_tokens), (Some(110), Some(29), Some(40)));
}

#[test]
fn a_session_of_codex() {
    let (importer, events) = open("rollout.jsonl", &fixture("codex.jsonl"));
    let told = importer.told();
    assert_eq!((told.kind, told.not_understood, told.encrypted), (Some(FileKind::Codex), 1, 1));
    let document = document(&events);
    assert_eq!(
        said(&document),
        [
            "Session Codex 0.149.0",
            "Info context",
            "Info settings",
            "Prompt Paint the fence",
            "Reasoning **Brushes first**",
            "Tool exec_command Failed",
            "Tool apply_patch Succeeded",
            "Plan 2",
            "Tool update_plan Succeeded",
            "Tool local_shell Succeeded",
            "Tool web_search Succeeded",
            "Message The fence is `white`.",
            "Info compacted",
            "Unknown codex.world_state",
            "Stop user_initiated",
        ]
    );
    let tools = tools(&document);
    let (run, _, output) = &tools[0];
    assert_eq!(
        (run.command.as_deref(), run.exit_code, output.as_str()),
        (Some("cat fence.txt"), Some(1), "cat: fence.txt: no such file\n")
    );
    let (patch, ..) = &tools[1];
    assert_eq!(
        (patch.kind, patch.diffstat(), patch.locations[0].path.as_str()),
        (ToolKind::Edit, Some((1, 0)), "fence.txt")
    );
    assert_eq!((tools[3].0.command.as_deref(), tools[3].2.as_str()), (Some("ls"), "fence.txt\n"));
    assert_eq!(tools[4].0.title.as_deref(), Some("drying time of paint"));
    assert_eq!(document.usage().unwrap().context_size, Some(272_000));
}

#[test]
fn a_session_of_codex_before_lines_had_an_envelope() {
    let file = concat!(
        r#"{"id":"0001","timestamp":"2025-07-01T10:00:00Z","instructions":null,"git":{}}"#,
        "\n",
        r#"{"record_type":"state"}"#,
        "\n",
        r#"{"type":"message","role":"user","content":[{"type":"input_text","text":"Sow"}]}"#,
        "\n",
        r#"{"type":"function_call","name":"shell","arguments":"{\"command\":[\"sow\",\"the seed\"]}","call_id":"c"}"#,
        "\n",
        r#"{"type":"function_call_output","call_id":"c","output":"{\"output\":\"sown\",\"metadata\":{\"exit_code\":0}}"}"#,
        "\n",
    );
    let (importer, events) = open("old.jsonl", file.as_bytes());
    assert_eq!((importer.told().kind, importer.told().not_understood), (Some(FileKind::Codex), 0));
    let document = document(&events);
    assert_eq!(said(&document), ["Session Codex", "Info state", "Prompt Sow", "Tool shell Succeeded"]);
    assert_eq!(tools(&document)[0].0.command.as_deref(), Some("sow 'the seed'"));
}

#[test]
fn a_session_of_copilot_cli() {
    let (importer, events) = open("events.jsonl", &fixture("copilot.jsonl"));
    assert_eq!((importer.told().kind, importer.told().not_understood), (Some(FileKind::Copilot), 1));
    let said = said(&document(&events));
    for step in [
        "Session copilot-agent model-four",
        "Prompt Rake the leaves",
        "Message Raking.",
        "Tool bash Succeeded",
        "Unknown hook.start",
    ] {
        assert!(said.contains(&step.to_owned()), "{step} is not in {said:?}");
    }
}

#[test]
fn recorded_conversations_say_what_the_agents_said() {
    for (name, bytes) in transcripts() {
        let (importer, events) = open(&name, &bytes);
        let told = importer.told();
        assert_eq!(told.kind, Some(FileKind::Acp), "{name}");
        let document = document(&events);
        // What is no message of the protocol, the recorder's notes, is shown and counted.
        let notes = String::from_utf8(bytes).unwrap().lines().filter(|line| !line.contains("\"msg\"")).count() as u64;
        assert_eq!(told.not_understood, notes, "{name}: {:?}", said(&document));
        let steps = said(&document);
        assert!(steps[0].starts_with("Session "), "{name}: {steps:?}");
        assert!(steps.iter().any(|step| step.starts_with("Prompt ")), "{name}: {steps:?}");
        for (tool, state, _) in tools(&document) {
            assert!(state != StepState::Running && state != StepState::Waiting, "{name}: {tool:?} never ends");
        }
        if name.contains("permission-allow") {
            let permissions: Vec<_> = steps.iter().filter(|step| step.starts_with("Permission ")).collect();
            assert_eq!(permissions, ["Permission Succeeded"; 2], "{name}");
        }
        if name.contains("success") {
            assert!(tools(&document).iter().any(|(tool, ..)| tool.diffstat() == Some((1, 1))), "{name}");
        }
    }
}

#[test]
fn text_is_one_step_with_its_colours() {
    let (importer, events) = open("build.log", &fixture("log.txt"));
    assert_eq!((importer.told().kind, importer.told().lines), (Some(FileKind::Text), 5));
    let document = document(&events);
    let (tool, state, text) = tools(&document).remove(0);
    assert_eq!((tool.title.as_deref(), state), (Some("build.log"), StepState::Succeeded));
    assert_eq!(text.as_bytes(), fixture("log.txt"));
    let shown = document.line(&document.step(1).unwrap().text, 3);
    assert_eq!(shown[0].text, "100%");
}

#[test]
fn pictures_of_a_person_are_in_what_they_said() {
    let shown = "\n\n![](data:image/png;base64,AA==)\n\n";
    let claude = |blocks: &str| format!(r#"{{"type":"user","message":{{"content":[{blocks}]}}}}"#);
    let picture = r#"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}"#;
    let words = r#"{"type":"text","text":"Look"}"#;
    let codex = |parts: &str| {
        format!(r#"{{"type":"response_item","payload":{{"type":"message","role":"user","content":[{parts}]}}}}"#)
    };
    let part = r#"{"type":"input_image","image_url":"data:image/png;base64,AA=="}"#;
    let look = r#"{"type":"input_text","text":"Look"}"#;
    let screen = r#"{"type":"event_msg","payload":{"type":"user_message","message":"Look"}}"#;
    for (file, prompts) in [
        (claude(&[picture, words].join(",")), vec!["Look"]),
        (claude(picture), vec!["Picture"]),
        (codex(&[look, part].join(",")), vec!["Look"]),
        (codex(part), vec!["Picture"]),
        ([codex(&[look, part].join(",")), screen.to_owned()].join("\n"), vec!["Look"]),
    ] {
        let (_, events) = open("a", file.as_bytes());
        let document = document(&events);
        let steps = (0..document.steps()).map(|index| document.step(index).unwrap());
        let told: Vec<_> =
            steps.filter(|step| matches!(step.kind, StepKind::Prompt)).map(|step| document.text(&step.text)).collect();
        assert_eq!(told, prompts.iter().map(|words| [words, shown].concat()).collect::<Vec<_>>(), "{file}");
    }
    let screen_first = [screen.to_owned(), codex(&[look, part].join(","))].join("\n");
    let (_, events) = open("a", screen_first.as_bytes());
    assert_eq!(said(&document(&events))[1..], ["Prompt Look", "Prompt Picture"], "its words were told already");
}

#[test]
fn a_saved_answer_of_the_server_is_a_log() {
    let event = r#"{"seq":7,"session_id":"s","id":"e","timestamp":"2026-01-01T00:00:00Z","type":"user.message","data":{"content":"Hi"}}"#;
    let (importer, events) = open("events.json", format!("{{\"events\":[{event}],\"total\":1}}").as_bytes());
    assert_eq!(importer.told().kind, Some(FileKind::Events));
    assert_eq!(said(&document(&events)), ["Session ", "Prompt Hi"]);
}

#[test]
fn what_is_not_understood_is_shown_as_it_is() {
    let mut file = fixture("copilot.jsonl");
    file.extend_from_slice(b"not JSON \xff at all\n[1]\n{\"type\":\"user.message\",\"data\":{}}\n");
    let (importer, events) = open("events.jsonl", &file);
    assert_eq!((importer.told().not_understood, importer.told().replaced), (4, 1));
    let document = document(&events);
    let info = (0..document.steps())
        .map(|index| document.step(index).unwrap())
        .find(|step| matches!(step.kind, StepKind::Info(_)));
    assert_eq!(document.text(&info.unwrap().text), "not JSON \u{fffd} at all\n[1]");
    assert_eq!(said(&document).last().unwrap(), "Unknown user.message");
}

#[test]
fn what_cannot_be_read_is_refused_with_a_sentence() {
    for (bytes, refusal) in [
        (&b"\x1f\x8b\x08\x00\x00\x00\x00"[..], Refusal::Compressed("gzip")),
        (b"\x1f\x8b", Refusal::Compressed("gzip")),
        (b"PK\x03\x04abcdef", Refusal::Compressed("zip")),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Refusal::NoText("a picture")),
        (b"%PDF-1.7\n", Refusal::NoText("a PDF document")),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", Refusal::NoText("no text")),
        (b"\xc0\xc1\xfe\xfeab\n", Refusal::NoText("no text")),
        (b"\xff\xfea\x00b\x00", Refusal::Utf16),
        (b"", Refusal::Empty),
    ] {
        let mut importer = Importer::new("x", Timestamp::default());
        assert!(importer.push(bytes).is_empty() && importer.finish().is_empty());
        assert_eq!(importer.refusal(), Some(refusal));
        assert!(refusal.sentence().ends_with('.'));
    }
}
