//! The program as scripts use it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should panic")]

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use agent_tasks::{TaskId, paths};

const PROGRAM: &str = env!("CARGO_BIN_EXE_flightdeck");

/// A companion that runs until it is dropped.
struct Serving {
    child: Child,
    address: String,
    link: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(data: &Path) -> Serving {
    let mut child = Command::new(PROGRAM)
        .args(["serve", "--port", "0", "--no-open", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut line = || lines.next().unwrap().unwrap();
    let (address, link) = (line(), line());
    Serving { child, address, link }
}

fn flightdeck(args: &[&str], data: &Path) -> Output {
    Command::new(PROGRAM).args(args).arg("--data").arg(data).output().unwrap()
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_companion_serves_its_sample_pairs_and_takes_tokens_while_it_runs() {
    let data = tempfile::tempdir().unwrap();
    let serving = serve(data.path());
    let port: u16 = serving.address.strip_prefix("http://127.0.0.1:").unwrap().parse().unwrap();
    assert!(serving.link.starts_with(&format!("http://127.0.0.1:{port}/#pair=")), "{}", serving.link);

    let made = flightdeck(&["token", "new", "--label", "script"], data.path());
    let token = said(&made.stdout).trim_end().to_owned();
    assert!(token.len() >= 64 && token.chars().all(|char| char.is_ascii_hexdigit()), "{token}");
    let client = reqwest::Client::new();
    let repos = async |token: &str| {
        client.get(format!("{}/api/user/repos", serving.address)).bearer_auth(token).send().await.unwrap()
    };
    let listed: Vec<agent_tasks::Repository> = repos(&token).await.json().await.unwrap();
    assert_eq!(listed[0].name, "sample");

    let code = said(&flightdeck(&["link"], data.path()).stdout).trim().split_once("#pair=").unwrap().1.to_owned();
    let pair = client.post(format!("{}/api/agents/pairings", serving.address));
    let paired = pair.json(&serde_json::json!({"code": code})).send().await.unwrap();
    assert_eq!(paired.status(), 201);

    let list = said(&flightdeck(&["token", "list"], data.path()).stdout);
    assert!(list.contains("script") && list.contains("page, paired") && !list.contains(&token), "{list}");
    assert!(flightdeck(&["token", "revoke", "script"], data.path()).status.success());
    assert_eq!(repos(&token).await.status(), 401);

    for file in std::fs::read_dir(data.path()).unwrap() {
        let path = file.unwrap().path();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let holds = |secret: &str| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!holds(&token) && !holds(&code), "{} holds a secret", path.display());
    }
}

#[test]
fn what_cannot_be_done_is_said_with_what_to_do() {
    let data = tempfile::tempdir().unwrap();
    let serving = serve(data.path());
    let port = serving.address.rsplit(':').next().unwrap();
    let other = tempfile::tempdir().unwrap();
    let unused = other.path().join("unused");
    let config = other.path().join("wrong.toml");
    std::fs::write(&config, "[limits]\nrunnign = 3\n").unwrap();
    let (config, folder) = (config.to_str().unwrap(), other.path().to_str().unwrap());
    for (args, data, words) in [
        (&["serve", "--no-open", "--port", "0"][..], data.path(), "another companion"),
        (&["serve", "--no-open", "--port", port][..], other.path(), "is not free"),
        (&["serve", "--no-open", "--port", "0", "--config", config][..], other.path(), "line 2"),
        (&["serve", "--no-open", "--port", "0", "--repo", folder][..], other.path(), "--repo"),
        (&["serve", "--no-open", "--allow-origin", "*"][..], other.path(), "scheme://host"),
        (&["serve", "--no-open", "--allow-origin", "https://x.test/deck/"][..], other.path(), "write https://x.test"),
        (&["serve", "--no-open", "--connect", "http://[::1]:4181"][..], other.path(), "IPv6"),
        (&["link"][..], unused.as_path(), "flightdeck serve"),
        (&["token", "list"][..], unused.as_path(), "flightdeck serve"),
        (&["token", "revoke", "nobody"][..], data.path(), "token list"),
        (&["token", "new", "--label", " "][..], other.path(), "label"),
    ] {
        let output = flightdeck(args, data);
        let error = said(&output.stderr);
        assert!(!output.status.success() && error.contains(words), "{args:?}: {error}");
        assert_eq!(said(&output.stdout), "", "{args:?}");
    }
    assert!(!unused.exists(), "asking makes no folder");
}

#[test]
fn a_terminated_companion_ends_by_itself() {
    let data = tempfile::tempdir().unwrap();
    let mut serving = serve(data.path());
    let pid = nix::unistd::Pid::from_raw(serving.child.id().cast_signed());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
    assert!(serving.child.wait().unwrap().success());
    let mut rest = String::new();
    if let Some(mut out) = serving.child.stdout.take() {
        out.read_to_string(&mut rest).unwrap();
    }
    assert_eq!(rest, "", "two lines and no more");
}

#[tokio::test]
async fn a_killed_companion_leaves_a_whole_log_and_no_process() {
    let data = tempfile::tempdir().unwrap();
    let token = said(&flightdeck(&["token", "new", "--label", "script"], data.path()).stdout).trim().to_owned();
    let client = reqwest::Client::new();
    let get = async |address: &str, path: String| -> serde_json::Value {
        let request = client.get(format!("{address}/api{path}")).bearer_auth(&token);
        request.send().await.unwrap().json().await.unwrap()
    };
    let mut serving = serve(data.path());
    let start = client.post(format!("{}/api{}", serving.address, paths::repo_tasks("local", "sample")));
    let body = serde_json::json!({"prompt": "rehearse: endless", "agent_id": "rehearsal"});
    let task: serde_json::Value = start.bearer_auth(&token).json(&body).send().await.unwrap().json().await.unwrap();
    let id = TaskId(task["id"].as_str().unwrap().to_owned());

    let stream = client.get(format!("{}/api{}", serving.address, paths::events(&id))).bearer_auth(&token);
    let mut stream = stream.header("accept", "text/event-stream").send().await.unwrap();
    let mut seen = String::new();
    while !seen.contains("tool.execution_partial_result") {
        let piece = tokio::time::timeout(std::time::Duration::from_secs(20), stream.chunk()).await;
        seen.push_str(std::str::from_utf8(&piece.expect(&seen).unwrap().unwrap()).unwrap());
    }
    serving.child.kill().unwrap();
    serving.child.wait().unwrap();

    let serving = serve(data.path());
    let task = get(&serving.address, paths::task(&id)).await;
    assert_eq!(task["state"], "failed", "{task}");
    assert!(task["error"]["message"].as_str().unwrap().contains("send a follow-up"), "{task}");
    let log = get(&serving.address, format!("{}?limit=1000", paths::events(&id))).await;
    let log: agent_tasks::EventWindow = serde_json::from_value(log).unwrap();
    let told = seen.lines().filter_map(|line| line.strip_prefix("data: "));
    let told: Vec<agent_tasks::Event> = told.filter_map(|data| serde_json::from_str(data).ok()).collect();
    assert_eq!(log.events[..told.len()], told[..], "what was told is in the log");
    let session = log.events[0].session_id.as_str().to_owned();
    for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
        assert!(!environment.windows(session.len()).any(|window| window == session.as_bytes()), "{process:?} is left");
    }
}
