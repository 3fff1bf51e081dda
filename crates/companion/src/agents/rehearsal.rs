//! The rehearsal agent: a real ACP agent process without a model. It plays a script of `tests/scripts/`
//! with real commands and real edits in the worktree, so that the page is alive on any machine and tests
//! are exact. It always says what it is.

mod acting;
mod calls;
mod script;
mod stage;

use std::{
    io::BufRead,
    process::exit,
    sync::Arc,
    thread::{self, JoinHandle},
};

use anyhow::Context;
use serde_json::{Value, json};

use self::{
    acting::{Actor, Interruption},
    script::Script,
    stage::Stage,
};

/// The variable that names a script to be played whatever the prompt says; its opening comes before
/// the first message.
const SCRIPT_VARIABLE: &str = "REHEARSAL_SCRIPT";
/// The variable that names a message, by its method, at which the process ends: before it does anything about
/// it, or, with ` answered` after the name, right afterwards. `answer` is the answer to the agent's own request.
const CRASH_VARIABLE: &str = "REHEARSAL_CRASH_AT";
/// The exit code of such an end.
const CRASHED: i32 = 70;
/// The prompt names a script after this word.
const PROMPT_WORD: &str = "rehearse:";
/// What is played when nothing else was asked for.
const DEFAULT_SCRIPT: &str = "tour";

/// Speaks ACP on standard input and output until the input ends.
pub fn rehearse() -> anyhow::Result<()> {
    let stage = Arc::new(Stage::set()?);
    stage.obey_signals();
    let forced = std::env::var(SCRIPT_VARIABLE).ok();
    if let Some(script) = forced.as_deref().and_then(Script::find) {
        // Whatever interrupts an opening is the point of it.
        let _ = Actor::new(Arc::clone(&stage), script.pace_ms).act(&script.opening);
    }
    let crash_at = std::env::var(CRASH_VARIABLE).unwrap_or_default();
    let mut agent = Rehearsal { stage, forced, crash_at, turn: None };
    for line in std::io::stdin().lock().lines() {
        let line = line.context("reading the client's messages")?;
        if let Ok(message) = serde_json::from_str(&line) {
            agent.take_or_crash(&message)?;
        }
    }
    agent.leave();
    Ok(())
}

struct Rehearsal {
    stage: Arc<Stage>,
    /// The script that was set from outside.
    forced: Option<String>,
    /// The message at which it crashes, if any.
    crash_at: String,
    /// The turn that is being played.
    turn: Option<JoinHandle<()>>,
}

impl Rehearsal {
    fn take_or_crash(&mut self, message: &Value) -> anyhow::Result<()> {
        let name = message["method"].as_str().unwrap_or("answer");
        if self.crash_at == name {
            exit(CRASHED);
        }
        self.take(message)?;
        if self.crash_at.strip_suffix(" answered") == Some(name) {
            exit(CRASHED);
        }
        Ok(())
    }

    fn take(&mut self, message: &Value) -> anyhow::Result<()> {
        let id = &message["id"];
        match message["method"].as_str() {
            Some("initialize") => self.stage.respond(id, hello(self.crash_at.starts_with("session/close"))),
            Some("session/close") => self.stage.respond(id, json!({})),
            Some("session/new") => match self.forced.as_deref().and_then(Script::find).and_then(|it| it.login) {
                Some(login) => self.stage.refuse(id, -32000, &login),
                None => self.stage.respond(id, json!({"sessionId": format!("rehearsal-{}", std::process::id())})),
            },
            Some("session/prompt") => self.play(message),
            Some("session/cancel") => {
                self.stage.cancel();
                Ok(())
            }
            Some(other) if !id.is_null() => self.stage.refuse(id, -32601, &format!("'{other}' is not rehearsed")),
            Some(_) => Ok(()),
            None => {
                self.stage.answered(message);
                Ok(())
            }
        }
    }

    fn play(&mut self, message: &Value) -> anyhow::Result<()> {
        let id = message["id"].clone();
        let text = message["params"]["prompt"][0]["text"].as_str().unwrap_or_default();
        let wanted = self.forced.clone().or_else(|| named_in(text)).unwrap_or_else(|| DEFAULT_SCRIPT.into());
        let Some(script) = Script::find(&wanted) else {
            let known = Script::names().join(", ");
            return self.stage.refuse(&id, -32602, &format!("there is no script '{wanted}'; there are {known}"));
        };
        if self.turn.as_ref().is_some_and(|turn| !turn.is_finished()) {
            return self.stage.refuse(&id, -32602, "a turn is being played already");
        }
        self.stage.begin(&message["params"]["sessionId"]);
        let stage = Arc::clone(&self.stage);
        self.turn = Some(thread::spawn(move || perform(&stage, &script, &id)));
        Ok(())
    }

    /// The input ended: so does the play, unless it is a deaf one.
    fn leave(self) {
        self.stage.cancel();
        if let Some(turn) = self.turn {
            // A panic was told on standard error already.
            let _ = turn.join();
        }
    }
}

fn perform(stage: &Arc<Stage>, script: &Script, id: &Value) {
    let result = Actor::new(Arc::clone(stage), script.pace_ms).act(&script.step);
    let told = match result {
        Ok(()) => stage.respond(id, json!({"stopReason": "end_turn", "usage": stage.usage()})),
        Err(Interruption::Cancelled) => stage.respond(id, json!({"stopReason": "cancelled"})),
        Err(Interruption::Failed(message)) => stage.refuse(id, -32603, &message),
        Err(Interruption::Broken(error)) => Err(error),
    };
    if let Err(error) = told {
        eprintln!("the rehearsal broke off: {error:#}");
    }
}

fn hello(can_close: bool) -> Value {
    let can = if can_close { json!({"close": {}}) } else { json!({}) };
    json!({
        "protocolVersion": 1,
        "agentCapabilities": {"loadSession": false, "promptCapabilities": {}, "sessionCapabilities": can},
        "authMethods": [],
        "agentInfo": {"name": "rehearsal", "title": "Rehearsal", "version": env!("CARGO_PKG_VERSION")},
    })
}

/// The script that a prompt asks for.
fn named_in(prompt: &str) -> Option<String> {
    let (_, rest) = prompt.split_once(PROMPT_WORD)?;
    let name = rest.split_whitespace().next()?;
    Some(name.trim_matches(|char: char| !char.is_alphanumeric()).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_may_name_its_script() {
        for (prompt, expected) in [
            ("rehearse: permission", Some("permission")),
            ("Please\nrehearse:long-output.", Some("long-output")),
            ("Fix the login button", None),
            ("rehearse:", None),
        ] {
            assert_eq!(named_in(prompt).as_deref(), expected, "{prompt}");
        }
    }

    #[test]
    fn every_script_can_be_read() {
        let names = Script::names();
        for needed in ["tour", "quick", "permission", "crash", "endless", "deaf", "garbage", "unicode"] {
            assert!(names.iter().any(|name| name == needed), "{needed} is missing");
        }
        for name in names {
            Script::parse(&name).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}
