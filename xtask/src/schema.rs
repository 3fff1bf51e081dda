//! Whether the companion's OpenAPI description is true: Schemathesis asks a running companion all that it describes.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use agent_tasks::paths::{self, COMPANION_BASE};
use anyhow::Context as _;

use crate::{
    command::{command, output, see_success},
    workspace::Workspace,
};

/// The release that is used.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";
/// Answers to a request that fits the description. 403 and 429: pairing codes are made up. 406, 409 and 422: rules between fields,
/// and of the moment, that no description holds.
const FITTING: [&str; 10] = ["2xx", "400", "401", "403", "404", "406", "409", "413", "422", "429"];

/// A companion for this alone; killed when it is dropped.
struct Companion {
    child: Child,
    address: String,
}

impl Drop for Companion {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came of it.
pub struct Found {
    /// The cases that were tried.
    pub cases: u64,
    /// In words.
    pub said: String,
    /// Whether nothing was found.
    pub is_clean: bool,
}

/// Asks the companion `binary` so many examples of each call.
pub fn see_description(workspace: &Workspace, binary: &PathBuf, examples: u32) -> anyhow::Result<Found> {
    let Some(schemathesis) = see_schemathesis(workspace)? else {
        let said = "Python 3 with venv is needed for Schemathesis".to_owned();
        return Ok(Found { cases: 0, said, is_clean: false });
    };
    let folder = workspace.target.join("schemathesis");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let data = folder.join("data");
    let token = output(Command::new(binary).args(["token", "new", "--label", "schema", "--data"]).arg(&data));
    let token = token.context("the companion gave no token")?;
    let companion = Companion::start(binary, &data)?;
    let task = companion.start_task(&token)?;
    let rules = format!(
        "[checks.positive_data_acceptance]\nexpected-statuses = {FITTING:?}\n\
         [parameters]\nowner = \"local\"\nrepo = \"sample\"\ntask_id = \"{task}\"\n"
    );
    std::fs::write(folder.join("schemathesis.toml"), rules)?;
    let mut run = command(workspace, &schemathesis.to_string_lossy())?;
    run.current_dir(&folder)
        .args(["run", &format!("{}/api/openapi.json", companion.address)])
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(["--max-examples", &examples.to_string(), "--request-timeout", "10", "--no-color"])
        // A stream has no end to wait for. Who is refused too often is told 429: a test of its own asks every call
        // without a token.
        .args(["--phases", "examples,coverage,fuzzing", "--exclude-path", "/agents/stream"])
        .args(["--exclude-checks", "ignored_auth"]);
    let ran = run.output().context("Schemathesis could not be started")?;
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    print!("{text}");
    let generated =
        text.split_once(" generated").and_then(|(before, _)| before.rsplit(char::is_whitespace).next()?.parse().ok());
    let summary = text.lines().find(|line| line.contains(" generated")).unwrap_or("no summary").trim().to_owned();
    Ok(Found { cases: generated.unwrap_or(0), said: summary, is_clean: ran.status.success() })
}

impl Companion {
    fn start(binary: &PathBuf, data: &PathBuf) -> anyhow::Result<Self> {
        let mut serve = Command::new(binary);
        serve.args(["serve", "--port", "0", "--no-open", "--data"]).arg(data);
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let stdout = child.stdout.take().context("the companion has no output")?;
        let address = BufReader::new(stdout).lines().next().context("the companion told no address")??;
        Ok(Self { child, address })
    }

    /// A task to ask after; its name.
    fn start_task(&self, token: &str) -> anyhow::Result<String> {
        let host = self.address.trim_start_matches("http://");
        let body = "{\"prompt\": \"rehearse: quick\"}";
        let path = format!("{COMPANION_BASE}{}", paths::repo_tasks("local", "sample"));
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\nconnection: close\r\n\r\n"
        );
        let mut stream = TcpStream::connect(host)?;
        stream.write_all((head + body).as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let task = answer.split_once("\r\n\r\n").map_or("", |(_, task)| task);
        let task: serde_json::Value = serde_json::from_str(task).with_context(|| answer.clone())?;
        task["id"].as_str().map(str::to_owned).context("the task has no name")
    }
}

/// Schemathesis in a folder of its own below `target`; none without Python.
fn see_schemathesis(workspace: &Workspace) -> anyhow::Result<Option<PathBuf>> {
    let folder = workspace.tools.join("schemathesis");
    let program = folder.join("bin/schemathesis");
    if program.exists() {
        return Ok(Some(program));
    }
    let made = command(workspace, "python3")?.args(["-m", "venv"]).arg(&folder).status();
    if !made.is_ok_and(|status| status.success()) {
        return Ok(None);
    }
    let pip = folder.join("bin/pip");
    see_success(command(workspace, &pip.to_string_lossy())?.args(["install", "--quiet", SCHEMATHESIS]))?;
    Ok(Some(program))
}
