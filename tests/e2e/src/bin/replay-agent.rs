//! An agent that says again what a real one said: it answers each call with what follows that call in a recorded
//! conversation, whatever the client says in between.

use std::{
    collections::VecDeque,
    io::{BufRead as _, Write as _},
};

use anyhow::Context as _;
use serde_json::{Value, json};

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("name a recorded conversation")?;
    let recorded = std::fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
    let mut rest: VecDeque<Value> = recorded.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    for line in std::io::stdin().lock().lines() {
        let asked: Value = serde_json::from_str(&line?)?;
        let (Some(method), false) = (asked["method"].as_str(), asked["id"].is_null()) else { continue };
        answer(&mut rest, method, &asked["id"])?;
    }
    Ok(())
}

/// Says what came from the recorded call of this method to its answer, and after it until the client spoke again.
fn answer(rest: &mut VecDeque<Value>, method: &str, id: &Value) -> anyhow::Result<()> {
    let Some(call) = rest.iter().position(|line| is_of_client(line) && line["msg"]["method"] == method) else {
        let error = json!({"code": -32601, "message": format!("'{method}' was not recorded")});
        return say(&json!({"jsonrpc": "2.0", "id": id, "error": error}));
    };
    let recorded_id = rest[call]["msg"]["id"].clone();
    rest.drain(..=call);
    let mut is_answered = false;
    while let Some(line) = rest.pop_front_if(|line| !(is_answered && is_of_client(line))) {
        let mut message = line["msg"].clone();
        if is_of_client(&line) {
            continue;
        }
        if message["method"].is_null() && message["id"] == recorded_id {
            message["id"] = id.clone();
            is_answered = true;
        }
        say(&message)?;
    }
    Ok(())
}

fn is_of_client(line: &Value) -> bool {
    line["dir"] == "client->agent"
}

fn say(message: &Value) -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    output.write_all(format!("{message}\n").as_bytes())?;
    output.flush().context("the client is gone")
}
