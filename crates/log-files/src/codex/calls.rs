//! Tool calls of Codex, from the call to its output; commands tell their end a second time, with the exit code.

use std::collections::{HashMap, VecDeque};
use std::path::Path;

use acp_events::{Worktree, command_line};
use agent_tasks::event::{
    AssistantPlan, Location, PlanEntry, PlanStatus, ToolContent, ToolError, ToolExecutionComplete, ToolExecutionStart,
    ToolKind, ToolResult,
};
use serde_json::{Value, json};

use super::output::{Output, output_of};
use super::patch;
use crate::telling::Telling;

/// The calls that have begun.
#[derive(Debug)]
pub struct Calls {
    worktree: Worktree,
    /// By their names.
    known: HashMap<String, Call>,
    /// Those that have ended, the first one first.
    ended: VecDeque<String>,
    /// How many there have been.
    begun: usize,
}

#[derive(Debug)]
struct Call {
    /// How many began before it.
    place: usize,
    changes: Vec<ToolContent>,
    /// How its end was told.
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    None,
    /// By what the model got.
    Output,
    /// By what was shown, which tells more.
    Shown,
}

/// So many calls that have ended are remembered: their end may be told again.
const ENDED_MAX: usize = 64;

impl Default for Calls {
    fn default() -> Self {
        Self { worktree: Worktree::new(Path::new("/")), known: HashMap::new(), ended: VecDeque::new(), begun: 0 }
    }
}

impl Calls {
    /// Paths below `folder` are shown from there.
    pub fn work_in(&mut self, folder: &str) {
        self.worktree = Worktree::new(Path::new(folder));
    }

    /// The model calls a tool; `word` is the item's type.
    pub fn begin(&mut self, item: &Value, word: &str, telling: &mut Telling) {
        let field = |name: &str| item[name].as_str();
        let name = field("name").unwrap_or(word.trim_end_matches("_call"));
        let given = [&item["arguments"], &item["input"], &item["action"]].into_iter().find(|it| !it.is_null());
        let input = match given {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
            Some(given) => given.clone(),
            None => Value::Null,
        };
        let id = field("call_id").or(field("id")).map_or_else(|| telling.told.lines.to_string(), str::to_owned);
        if let Some(plan) = plan(&input).filter(|_| name == "update_plan") {
            telling.tell(plan);
        }
        let mut start = self.start(&id, name, &input);
        let changes = self.changes(&input);
        if !changes.is_empty() {
            start.kind = Some(ToolKind::Edit);
            start.command = None;
            start.locations = places(&changes);
        }
        telling.tell(start);
        self.know(&id, changes);
        // A search by the server has no output of its own.
        if word == "web_search_call" || (field("status") == Some("completed") && field("call_id").is_none()) {
            self.end(&id, End::Output, Output::default(), telling);
        }
    }

    /// What the model got from a tool.
    pub fn output(&mut self, item: &Value, telling: &mut Telling) {
        let Some(id) = item["call_id"].as_str() else {
            telling.json_as_it_is("codex.output", item.clone());
            return;
        };
        let output = output_of(if item["output"].is_null() { &item["tools"] } else { &item["output"] });
        self.end(id, End::Output, output, telling);
    }

    /// A call was shown to begin.
    pub fn shown_begin(&mut self, shown: &Value, telling: &mut Telling) {
        let Some(id) = shown["call_id"].as_str().filter(|&id| !self.known.contains_key(id)) else { return };
        let name = shown["invocation"]["tool"].as_str().unwrap_or("shell");
        let start = self.start(id, name, shown);
        telling.tell(start);
        self.know(id, Vec::new());
    }

    /// A call was shown to end.
    pub fn shown_end(&mut self, shown: &Value, word: &str, telling: &mut Telling) {
        let Some(id) = shown["call_id"].as_str() else {
            telling.note(word, shown);
            return;
        };
        self.shown_begin(shown, telling);
        let text = |name: &str| shown[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let result = &shown["result"];
        let mut output = match (text("aggregated_output").or_else(|| text("formatted_output")), result) {
            (Some(text), _) => Output { text: Some(text), ..Output::default() },
            (None, Value::Null) => {
                let parts: Vec<String> = ["stdout", "stderr"].into_iter().filter_map(text).collect();
                Output { text: (!parts.is_empty()).then(|| parts.join("\n")), ..Output::default() }
            }
            (None, Value::Object(_)) if result.get("Err").is_some() => {
                Output { success: Some(false), ..output_of(&result["Err"]) }
            }
            (None, result) => output_of(result.get("Ok").and_then(|ok| ok.get("content")).unwrap_or(result)),
        };
        output.exit_code = shown["exit_code"].as_i64();
        output.success = shown["success"].as_bool().or(output.success);
        self.end(id, End::Shown, output, telling);
    }

    /// The file is over.
    pub fn finish(&mut self, telling: &mut Telling) {
        let mut left: Vec<_> = self.known.drain().filter(|(_, call)| call.end == End::None).collect();
        left.sort_by_key(|(_, call)| call.place);
        for (id, _) in left {
            telling.cut_off(id);
        }
    }

    fn end(&mut self, id: &str, how: End, output: Output, telling: &mut Telling) {
        let mut contents = output.others;
        if let Some(call) = self.known.get_mut(id) {
            // What was shown tells more than what the model got.
            if call.end == End::Shown {
                return;
            }
            let is_first = call.end == End::None;
            call.end = how;
            if output.success != Some(false) {
                contents.extend(call.changes.iter().cloned());
            }
            if is_first {
                self.note_end(id);
            }
        }
        let failed = output.success == Some(false) || output.exit_code.is_some_and(|code| code != 0);
        if let Some(code) = output.exit_code {
            contents.push(ToolContent::Terminal { text: None, exit_code: Some(code), signal: None });
        }
        let message = match output.exit_code {
            Some(code) => ["exit code ", &code.to_string()].concat(),
            None => "the tool says that it failed".to_owned(),
        };
        telling.tell(ToolExecutionComplete {
            tool_call_id: id.to_owned(),
            success: !failed,
            result: Some(ToolResult { content: output.text, detailed_content: None, contents }),
            error: failed.then_some(ToolError { message, code: None }),
        });
    }

    fn start(&self, id: &str, name: &str, input: &Value) -> ToolExecutionStart {
        let kind = kind_of(name);
        let command = ["command", "cmd", "code"].iter().find_map(|field| command_of(&input[*field]));
        // Some tools are given a text of their own.
        let command = command.or_else(|| input.as_str().map(str::to_owned)).filter(|_| kind == ToolKind::Execute);
        let path = input["path"].as_str().map(|path| self.worktree.relative(path));
        let title = input["query"].as_str().or(input["url"].as_str()).map(str::to_owned).or_else(|| path.clone());
        let arguments = if input.is_string() { json!({"input": input}) } else { input.clone() };
        ToolExecutionStart {
            tool_call_id: id.to_owned(),
            tool_name: name.to_owned(),
            arguments,
            kind: Some(kind),
            title,
            command,
            locations: path.into_iter().map(|path| Location { path, line: None }).collect(),
            ..ToolExecutionStart::default()
        }
    }

    /// The changes that a patch makes, given as itself, as a field, or as a word of a command.
    fn changes(&self, input: &Value) -> Vec<ToolContent> {
        let words =
            [input, &input["input"], &input["patch"]].into_iter().chain(["command", "cmd"].iter().flat_map(|field| {
                match &input[*field] {
                    Value::Array(words) => words.iter().collect::<Vec<_>>(),
                    word => vec![word],
                }
            }));
        let patch = words.filter_map(Value::as_str).find(|word| word.contains(patch::BEGIN));
        patch.map(|patch| patch::changes(patch, &self.worktree)).unwrap_or_default()
    }

    fn know(&mut self, id: &str, changes: Vec<ToolContent>) {
        self.known.insert(id.to_owned(), Call { place: self.begun, changes, end: End::None });
        self.begun += 1;
    }

    /// Notes that a call has ended; forgets the one that did so long ago.
    fn note_end(&mut self, id: &str) {
        self.ended.push_back(id.to_owned());
        if self.ended.len() > ENDED_MAX
            && let Some(oldest) = self.ended.pop_front()
            // Its name may have been given to another call.
            && self.known.get(&oldest).is_some_and(|call| call.end != End::None)
        {
            self.known.remove(&oldest);
        }
    }
}

/// A plan in what a tool is given.
pub fn plan(input: &Value) -> Option<AssistantPlan> {
    let entry = |step: &Value| {
        let status = match step["status"].as_str()? {
            "completed" => PlanStatus::Completed,
            "in_progress" => PlanStatus::InProgress,
            _ => PlanStatus::Pending,
        };
        Some(PlanEntry { content: step["step"].as_str()?.to_owned(), priority: String::new(), status })
    };
    let entries = input["plan"].as_array()?.iter().map(entry).collect::<Option<Vec<_>>>()?;
    Some(AssistantPlan { entries })
}

/// A command; of a shell that only passes one on, that one.
fn command_of(value: &Value) -> Option<String> {
    if let Some([shell, flag, command]) = value.as_array().map(Vec::as_slice)
        && let (Some(shell), Some("-lc" | "-c"), Some(command)) = (shell.as_str(), flag.as_str(), command.as_str())
        && shell.ends_with("sh")
    {
        return Some(command.to_owned());
    }
    command_line(value)
}

fn places(changes: &[ToolContent]) -> Vec<Location> {
    let mut places: Vec<Location> = Vec::new();
    for change in changes {
        if let ToolContent::Diff { path, .. } = change
            && places.iter().all(|place| place.path != *path)
        {
            places.push(Location { path: path.clone(), line: None });
        }
    }
    places
}

fn kind_of(name: &str) -> ToolKind {
    match name {
        "shell" | "shell_command" | "local_shell" | "exec_command" | "exec" | "write_stdin" | "container.exec"
        | "bash" | "unified_exec" | "js" => ToolKind::Execute,
        "apply_patch" => ToolKind::Edit,
        "view_image" | "read_file" | "list_dir" => ToolKind::Read,
        "grep_files" | "tool_search" => ToolKind::Search,
        "web_search" | "web_fetch" => ToolKind::Fetch,
        "update_plan" => ToolKind::Think,
        _ => ToolKind::Other,
    }
}
