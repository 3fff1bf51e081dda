//! The language of the scripts: TOML, a list of steps.

use include_dir::{Dir, include_dir};
use serde::Deserialize;

/// The scripts, part of the program.
static SCRIPTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../tests/scripts");

/// A script.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// What it shows, for people who read the script.
    #[serde(rename = "description")]
    _description: String,
    /// The pause after each piece of text, in milliseconds.
    #[serde(default)]
    pub pace_ms: u64,
    /// Somebody has to log in first, in this way.
    #[serde(default)]
    pub login: Option<String>,
    /// What happens before the agent speaks ACP.
    #[serde(default)]
    pub opening: Vec<Step>,
    /// What happens in a turn.
    #[serde(default)]
    pub step: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A thought, in pieces.
    Think(String),
    /// A message in markdown, in pieces.
    Say(String),
    /// The plan, whole.
    Plan(Vec<Entry>),
    /// A title for the session.
    Title(String),
    /// A real program in the worktree, its output as it comes.
    Run(Run),
    /// A real program that is left running.
    Start(Vec<String>),
    /// A file, shown.
    Read(String),
    /// A real change of a file.
    Edit(Edit),
    /// A permission request.
    Ask(Ask),
    /// Lines of output that no program printed.
    Output(Output),
    /// Tokens used.
    Usage(Usage),
    /// A pause, in milliseconds.
    Wait(u64),
    /// Steps again and again.
    Repeat(Repeat),
    /// The turn fails with this message.
    Fail(String),
    /// The process ends.
    Crash(Crash),
    /// Lines on standard output that are no messages.
    Print(Vec<String>),
    /// Bytes on standard output.
    PrintBytes(Vec<u8>),
    /// One line of so many bytes on standard output.
    LongLine(usize),
    /// Lines on standard error.
    Complain(Vec<String>),
    /// An update of a kind that no client knows.
    Unknown(String),
    /// From here on cancel and SIGTERM are ignored.
    Deaf(bool),
    /// The process halts itself, as SIGSTOP does.
    Halt(bool),
    /// Messages as fast as they can be written.
    Flood(Flood),
    /// So many bytes on standard output that are neither text nor messages.
    Garbage(usize),
    /// So many requests, whose answers are not waited for.
    Pester(u64),
}

/// Messages as fast as they can be written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flood {
    /// How many.
    pub messages: u64,
    /// How much text is in each, in bytes.
    pub bytes: usize,
}

/// An entry of a plan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What to do.
    pub content: String,
    /// `pending`, `in_progress` or `completed`.
    pub status: String,
}

/// A program to run.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// Whether its end is never told.
    #[serde(default)]
    pub leave_open: bool,
}

/// A change of a file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Below the worktree.
    pub path: String,
    /// The text to replace; the new text is appended when absent.
    #[serde(default)]
    pub find: Option<String>,
    /// The new text.
    pub text: String,
}

/// A permission request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// What for.
    pub title: String,
    /// The command it wants to run.
    #[serde(default)]
    pub argv: Vec<String>,
    /// What happens when it may.
    #[serde(default)]
    pub allow: Vec<Step>,
    /// What happens when it may not.
    #[serde(default)]
    pub reject: Vec<Step>,
}

/// Lines of output.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// How many.
    pub lines: usize,
    /// Each of them; `{n}` is its number.
    pub text: String,
    /// How many go into one message.
    #[serde(default = "default_chunk")]
    pub chunk: usize,
}

fn default_chunk() -> usize {
    100
}

/// Tokens used.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// In the context now.
    pub used: u64,
    /// That fit into the context.
    pub size: u64,
}

/// Steps again and again.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// How often.
    pub times: u64,
    /// What.
    pub step: Vec<Step>,
}

/// The end of the process.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crash {
    /// Its exit code.
    pub code: i32,
    /// What it says on standard error before.
    #[serde(default)]
    pub words: String,
}

impl Script {
    /// The script of that name, when there is a good one.
    pub fn find(name: &str) -> Option<Self> {
        Self::parse(name).ok()
    }

    /// The script of that name.
    pub fn parse(name: &str) -> anyhow::Result<Self> {
        let file = SCRIPTS.get_file(format!("{name}.toml"));
        let text = file.and_then(|file| file.contents_utf8());
        Ok(toml::from_str(text.ok_or_else(|| anyhow::anyhow!("there is no script '{name}'"))?)?)
    }

    /// The names of all scripts, sorted.
    pub fn names() -> Vec<String> {
        let stems = SCRIPTS.files().filter(|file| file.path().extension().is_some_and(|it| it == "toml"));
        let mut names: Vec<String> =
            stems.filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned())).collect();
        names.sort();
        names
    }
}
