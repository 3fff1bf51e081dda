//! Plays the steps of a script.

use std::{io::Write, path::Path, process::exit, sync::Arc, time::Duration};

use nix::sys::signal::{Signal, raise};
use serde_json::json;

use super::{
    calls::Call,
    script::{Ask, Crash, Edit, Flood, Output, Repeat, Step},
    stage::Stage,
};

/// Text comes in pieces of about so many characters.
const PIECE_CHARS: usize = 24;
/// A long line is written in pieces of so many bytes.
const PRINT_BYTES: usize = 64 * 1024;

/// Why a script was not played to its end.
pub enum Interruption {
    /// The client cancelled.
    Cancelled,
    /// The script says so.
    Failed(String),
    /// The client is gone, or the system refused something.
    Broken(anyhow::Error),
}

impl From<anyhow::Error> for Interruption {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}

/// Plays scripts on a stage.
pub struct Actor {
    stage: Arc<Stage>,
    pace: Duration,
    calls: usize,
    /// What garbage is made of.
    seed: u64,
}

impl Actor {
    /// With a pause of `pace_ms` after each piece of text.
    pub fn new(stage: Arc<Stage>, pace_ms: u64) -> Self {
        Self { stage, pace: Duration::from_millis(pace_ms), calls: 0, seed: 1 }
    }

    /// Plays `steps` in order.
    pub fn act(&mut self, steps: &[Step]) -> Result<(), Interruption> {
        steps.iter().try_for_each(|step| self.step(step))
    }

    fn step(&mut self, step: &Step) -> Result<(), Interruption> {
        self.pause(Duration::ZERO)?;
        match step {
            Step::Think(text) => self.speak("agent_thought_chunk", text),
            Step::Say(text) => self.speak("agent_message_chunk", text),
            Step::Plan(entries) => {
                let entry = |entry: &super::script::Entry| json!({"content": entry.content, "status": entry.status, "priority": "medium"});
                self.update("plan", json!({"entries": entries.iter().map(entry).collect::<Vec<_>>()}))
            }
            Step::Title(title) => self.update("session_info_update", json!({"title": title})),
            Step::Run(run) => {
                let call = self.call();
                call.run(run)
            }
            Step::Start(argv) => self.call().start(argv),
            Step::Read(path) => self.call().read(path),
            Step::Edit(edit) => self.edit(edit),
            Step::Ask(ask) => self.ask(ask),
            Step::Output(output) => self.output(output),
            Step::Usage(usage) => self.update("usage_update", json!({"used": usage.used, "size": usage.size})),
            Step::Wait(ms) => self.pause(Duration::from_millis(*ms)),
            Step::Repeat(Repeat { times, step }) => (0..*times).try_for_each(|_| self.act(step)),
            Step::Fail(message) => Err(Interruption::Failed(message.clone())),
            Step::Crash(crash) => self.crash(crash),
            Step::Print(lines) => Ok(self.stage.print(format!("{}\n", lines.join("\n")).as_bytes())?),
            Step::PrintBytes(bytes) => Ok(self.stage.print(bytes)?),
            Step::LongLine(bytes) => self.long_line(*bytes),
            Step::Complain(lines) => {
                lines.iter().for_each(|line| eprintln!("{line}"));
                Ok(())
            }
            Step::Unknown(kind) => self.update(kind, json!({"note": "no client knows this kind of update"})),
            Step::Deaf(is_deaf) => {
                self.stage.set_deaf(*is_deaf);
                Ok(())
            }
            Step::Halt(is_halted) => {
                if *is_halted {
                    raise(Signal::SIGSTOP).map_err(anyhow::Error::from)?;
                }
                Ok(())
            }
            Step::Flood(flood) => self.flood(flood),
            Step::Garbage(bytes) => self.garbage(*bytes),
            Step::Pester(requests) => (0..*requests).try_for_each(|_| {
                self.pause(Duration::ZERO)?;
                Ok(self.stage.pester("fs/read_text_file", json!({"path": "/etc/hostname"}))?)
            }),
        }
    }

    fn update(&self, kind: &str, update: serde_json::Value) -> Result<(), Interruption> {
        self.stage.update(kind, update)?;
        self.pause(self.pace)
    }

    fn speak(&self, kind: &str, text: &str) -> Result<(), Interruption> {
        let chars: Vec<char> = text.chars().collect();
        for piece in chars.chunks(PIECE_CHARS) {
            let text: String = piece.iter().collect();
            self.update(kind, json!({"content": {"type": "text", "text": text}}))?;
        }
        Ok(())
    }

    fn edit(&mut self, edit: &Edit) -> Result<(), Interruption> {
        let before = std::fs::read_to_string(&edit.path).ok();
        let old = before.clone().unwrap_or_default();
        let after = match &edit.find {
            Some(find) => old.replacen(find, &edit.text, 1),
            None => format!("{old}{}", edit.text),
        };
        let call = self.call();
        let path = std::env::current_dir().unwrap_or_default().join(Path::new(&edit.path));
        call.begin("edit", &format!("Edit {}", edit.path), json!({"path": path}), json!([]))?;
        self.pause(self.pace)?;
        if let Err(error) = std::fs::write(&edit.path, &after) {
            return call.end("failed", &json!([call.text(&error.to_string())]));
        }
        call.end("completed", &json!([{"type": "diff", "path": path, "oldText": before, "newText": after}]))
    }

    fn ask(&mut self, ask: &Ask) -> Result<(), Interruption> {
        let call = self.call();
        let command = ask.argv.join(" ");
        let params = json!({
            "toolCall": {
                "toolCallId": call.id, "title": ask.title, "kind": if ask.argv.is_empty() { "other" } else { "execute" },
                "status": "pending", "rawInput": {"command": command},
            },
            "options": [
                {"optionId": "allow", "name": "Allow", "kind": "allow_once"},
                {"optionId": "always", "name": "Always allow", "kind": "allow_always"},
                {"optionId": "reject", "name": "Reject", "kind": "reject_once"},
            ],
        });
        let answer = self.stage.ask("session/request_permission", params)?.ok_or(Interruption::Cancelled)?;
        let outcome = &answer["outcome"];
        if outcome["outcome"] != "selected" {
            return Err(Interruption::Cancelled);
        }
        if outcome["optionId"] == "reject" {
            call.end("failed", &json!([call.text("Permission was not given.")]))?;
            return self.act(&ask.reject);
        }
        if ask.argv.is_empty() {
            call.end("completed", &json!([]))?;
        } else {
            call.execute(&ask.argv, false)?;
        }
        self.act(&ask.allow)
    }

    fn output(&mut self, output: &Output) -> Result<(), Interruption> {
        let call = self.call();
        call.begin_terminal(&format!("print {} lines", output.lines))?;
        let lines: Vec<String> =
            (1..=output.lines).map(|n| output.text.replace("{n}", &n.to_string()) + "\n").collect();
        for chunk in lines.chunks(output.chunk.max(1)) {
            call.print(&chunk.concat())?;
            self.pause(self.pace)?;
        }
        call.end_terminal(0)
    }

    fn long_line(&self, bytes: usize) -> Result<(), Interruption> {
        let piece = [b'x'; PRINT_BYTES];
        let mut left = bytes;
        while left > 0 {
            self.pause(Duration::ZERO)?;
            let length = left.min(PRINT_BYTES);
            self.stage.print(&piece[..length])?;
            left -= length;
        }
        Ok(self.stage.print(b"\n")?)
    }

    fn flood(&self, flood: &Flood) -> Result<(), Interruption> {
        let text = "flood ".repeat(flood.bytes / 6 + 1);
        for _ in 0..flood.messages {
            self.pause(Duration::ZERO)?;
            self.stage
                .update("agent_message_chunk", json!({"content": {"type": "text", "text": &text[..flood.bytes]}}))?;
        }
        Ok(())
    }

    /// The same bytes each time, without rhyme or reason.
    fn garbage(&mut self, bytes: usize) -> Result<(), Interruption> {
        let mut byte = || {
            self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            self.seed.to_be_bytes()[0]
        };
        let garbage: Vec<u8> = (0..bytes).map(|_| byte()).collect();
        Ok(self.stage.print(&garbage)?)
    }

    fn crash(&self, crash: &Crash) -> ! {
        if !crash.words.is_empty() {
            eprintln!("{}", crash.words);
        }
        let _ = std::io::stdout().flush();
        exit(crash.code)
    }

    fn call(&mut self) -> Call {
        self.calls += 1;
        Call::new(Arc::clone(&self.stage), format!("call-{}", self.calls))
    }

    fn pause(&self, pause: Duration) -> Result<(), Interruption> {
        if self.stage.pause(pause) { Ok(()) } else { Err(Interruption::Cancelled) }
    }
}
