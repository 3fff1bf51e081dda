//! The events of a workload: steps of every kind, in the proportions of a long session.

use agent_tasks::EventBody;
use agent_tasks::event::{
    AssistantMessage, AssistantMessageDelta, AssistantPlan, AssistantReasoning, AssistantReasoningDelta,
    AssistantTurnEnd, AssistantTurnStart, AssistantUsage, Location, PermissionCompleted, PermissionOption,
    PermissionOptionKind, PermissionRequest, PermissionRequested, PermissionResult, PlanEntry, PlanStatus,
    SessionError, SessionInfo, SessionRequested, SessionShutdown, SessionStart, SupervisionReport, ToolContent,
    ToolExecutionComplete, ToolExecutionPartialResult, ToolExecutionStart, ToolKind, ToolResult, UserMessage,
};
use serde_json::json;

use super::{dice::Dice, lines::Lines};

/// What the last message says.
pub const LAST_WORDS: &str = "That was all of it.";
/// The lines of the longest step, where the log is long enough for it.
pub const LONGEST_STEP: usize = 20_000;
/// The most lines of output that one event carries.
const LINES_PER_EVENT: usize = 200;

/// A command with its output, and where it is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Landmark {
    /// The number of its first event.
    pub seq: u64,
    /// The number of its first line.
    pub first_line: usize,
    /// How many lines it has.
    pub lines: usize,
}

/// Makes the events, step after step.
#[derive(Debug)]
pub struct Events {
    dice: Dice,
    lines: Lines,
    /// Lines of the whole log.
    total: usize,
    /// Events made so far.
    made: u64,
    /// Names given so far: of messages, thoughts, calls, requests.
    names: u64,
    has_long_line: bool,
    has_longest_step: bool,
    has_sub_agent: bool,
    is_over: bool,
    /// Every command that was run.
    pub landmarks: Vec<Landmark>,
}

impl Events {
    /// The events of a log of so many lines.
    pub fn new(total: usize, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let lines = Lines::new(total, Dice::new(dice.below(usize::MAX) as u64));
        Self {
            dice,
            lines,
            total,
            made: 0,
            names: 0,
            has_long_line: false,
            has_longest_step: false,
            has_sub_agent: false,
            is_over: false,
            landmarks: Vec::new(),
        }
    }

    /// The events of the next step; `None` after the last one.
    pub fn step(&mut self) -> Option<Vec<EventBody>> {
        if self.is_over {
            return None;
        }
        let events = if self.made == 0 {
            self.opening()
        } else if self.lines.left() == 0 {
            self.is_over = true;
            self.ending()
        } else {
            self.any()
        };
        self.made += events.len() as u64;
        Some(events)
    }

    fn opening(&mut self) -> Vec<EventBody> {
        vec![
            SessionRequested { agent_id: Some("rehearsal".into()), ..SessionRequested::default() }.into(),
            UserMessage { content: format!("Work through {} lines.", self.total), source: None }.into(),
            SessionInfo { info_type: SessionInfo::LAUNCH.into(), message: "Starting".into(), url: None }.into(),
            SessionStart { session_id: "workload".into(), producer: "workload".into(), ..SessionStart::default() }
                .into(),
            AssistantTurnStart { turn_id: "turn".into() }.into(),
        ]
    }

    fn ending(&mut self) -> Vec<EventBody> {
        let message_id = self.name("message");
        vec![
            AssistantMessage { message_id, content: LAST_WORDS.into(), ..AssistantMessage::default() }.into(),
            AssistantTurnEnd { turn_id: "turn".into(), stop_reason: Some("end_turn".into()) }.into(),
            SessionShutdown {
                report: Some(SupervisionReport { layer: "workload".into(), ..SupervisionReport::default() }),
                ..SessionShutdown::default()
            }
            .into(),
        ]
    }

    fn any(&mut self) -> Vec<EventBody> {
        let given = self.lines.next();
        if !self.has_longest_step && given > self.total * 3 / 5 {
            self.has_longest_step = true;
            return self.command(LONGEST_STEP.min(self.total / 5), None);
        }
        if !self.has_long_line && given > self.total * 2 / 5 {
            self.has_long_line = true;
            return self.long_line();
        }
        if !self.has_sub_agent && given > self.total / 5 {
            self.has_sub_agent = true;
            return self.sub_agent();
        }
        match self.dice.below(200) {
            0..24 => self.message(),
            24..44 => self.thought(),
            44..122 => {
                let lines = self.dice.between(1, 120);
                self.command(lines, None)
            }
            122..124 => {
                let lines = self.dice.between(500, 2_000);
                self.command(lines, None)
            }
            124..148 => self.look(ToolKind::Read, "Read"),
            148..160 => self.look(ToolKind::Search, "Search"),
            160..176 => self.edit(),
            176..180 => self.look(ToolKind::Fetch, "Fetch"),
            180..183 => self.look(ToolKind::Move, "Move"),
            183..185 => self.look(ToolKind::Delete, "Delete"),
            185..187 => self.look(ToolKind::Think, "Think"),
            187..189 => self.look(ToolKind::Other, "Tool"),
            189..192 => self.permission(),
            192..195 => self.plan(),
            195..197 => self.prompt(),
            197..199 => self.usage(),
            _ => self.trouble(),
        }
    }

    fn message(&mut self) -> Vec<EventBody> {
        let message_id = self.name("message");
        let mut content = format!("## Part {}\n\n", self.names);
        let paragraph = self.dice.between(1, 4);
        content += &self.lines.plain(paragraph, "");
        content.push('\n');
        let items = self.dice.between(1, 6);
        content += &self.lines.plain(items, "- `src/lib.rs`: ");
        if self.dice.below(3) == 0 {
            content += "\n```rust\n";
            let code = self.dice.between(3, 20);
            content += &self.lines.plain(code, "    // ");
            content += "```\n";
        }
        vec![
            AssistantMessageDelta { message_id: message_id.clone(), delta_content: content.clone() }.into(),
            AssistantMessage { message_id, content, ..AssistantMessage::default() }.into(),
        ]
    }

    fn thought(&mut self) -> Vec<EventBody> {
        let reasoning_id = self.name("thought");
        let count = self.dice.between(2, 15);
        let content = self.lines.plain(count, "");
        vec![
            AssistantReasoningDelta { reasoning_id: reasoning_id.clone(), delta_content: content.clone() }.into(),
            AssistantReasoning { reasoning_id, content }.into(),
        ]
    }

    fn prompt(&mut self) -> Vec<EventBody> {
        let content = self.lines.plain(2, "");
        vec![UserMessage { content, source: None }.into()]
    }

    fn usage(&mut self) -> Vec<EventBody> {
        let (context_used, context_size) = (Some(self.made), Some(1_000_000));
        vec![AssistantUsage { context_used, context_size, ..AssistantUsage::default() }.into()]
    }

    fn trouble(&mut self) -> Vec<EventBody> {
        let message = self.lines.plain(1, "");
        vec![SessionError { error_type: "query".into(), message, stack: None }.into()]
    }

    fn plan(&mut self) -> Vec<EventBody> {
        let doing = self.dice.below(5);
        let entry = |place: usize| PlanEntry {
            content: format!("Part {} of the plan", place + 1),
            priority: "medium".into(),
            status: match place.cmp(&doing) {
                std::cmp::Ordering::Less => PlanStatus::Completed,
                std::cmp::Ordering::Equal => PlanStatus::InProgress,
                std::cmp::Ordering::Greater => PlanStatus::Pending,
            },
        };
        vec![AssistantPlan { entries: (0..5).map(entry).collect() }.into()]
    }

    fn permission(&mut self) -> Vec<EventBody> {
        let request_id = self.name("request");
        let option =
            PermissionOption { option_id: "allow".into(), name: "Allow".into(), kind: PermissionOptionKind::AllowOnce };
        let permission_request = PermissionRequest {
            kind: "shell".into(),
            title: Some("Prune the trees".into()),
            tool_kind: Some(ToolKind::Execute),
            command: Some("make prune".into()),
            ..PermissionRequest::default()
        };
        let result = PermissionResult::chosen(&option);
        let asked = PermissionRequested { request_id: request_id.clone(), permission_request, options: vec![option] };
        let mut events = vec![asked.into(), PermissionCompleted { request_id, result }.into()];
        let lines = self.dice.between(1, 40);
        self.made += events.len() as u64;
        let command = self.command(lines, None);
        self.made -= events.len() as u64;
        events.extend(command);
        events
    }

    /// A command with so many lines of output; it may be part of a sub-agent's work.
    fn command(&mut self, lines: usize, parent: Option<&str>) -> Vec<EventBody> {
        let call = self.name("call");
        let command = format!("make part-{} --jobs 8", self.names);
        let first_line = self.lines.next();
        let mut events = vec![self.start(&call, ToolKind::Execute, &command, parent)];
        let lines = lines.min(self.lines.left());
        let mut left = lines;
        while left > 0 {
            let count = left.min(LINES_PER_EVENT);
            left -= count;
            events.push(output(&call, self.lines.coloured(count)));
        }
        let exit_code = if self.dice.below(10) == 0 { 2 } else { 0 };
        events.push(end(call, exit_code));
        self.landmarks.push(Landmark { seq: self.made + 1, first_line, lines });
        events
    }

    fn long_line(&mut self) -> Vec<EventBody> {
        let call = self.name("call");
        let start = self.start(&call, ToolKind::Execute, "cat bundle.min.js", None);
        vec![start, output(&call, self.lines.long()), end(call, 0)]
    }

    /// A call whose whole text comes with its end.
    fn look(&mut self, kind: ToolKind, title: &str) -> Vec<EventBody> {
        let call = self.name("call");
        let count = if kind == ToolKind::Read { self.dice.between(10, 80) } else { self.dice.between(1, 20) };
        let content = Some(self.lines.plain(count, ""));
        let title = format!("{title} src/part_{}.rs", self.names);
        let result = Some(ToolResult { content, ..ToolResult::default() });
        vec![
            self.start(&call, kind, &title, None),
            ToolExecutionComplete { tool_call_id: call, success: true, result, error: None }.into(),
        ]
    }

    fn edit(&mut self) -> Vec<EventBody> {
        let call = self.name("call");
        let path = format!("src/part_{}.rs", self.names);
        let around = "fn before() {}\n";
        let count = self.dice.between(2, 40);
        let new_text = format!("{around}{}fn after() {{}}\n", self.lines.plain(count, "// "));
        let old_text = Some(format!("{around}// to be replaced\nfn after() {{}}\n"));
        let contents = vec![ToolContent::Diff { path: path.clone(), old_text, new_text }];
        let result = Some(ToolResult { contents, ..ToolResult::default() });
        vec![
            self.start(&call, ToolKind::Edit, &format!("Edit {path}"), None),
            ToolExecutionComplete { tool_call_id: call, success: true, result, error: None }.into(),
        ]
    }

    fn sub_agent(&mut self) -> Vec<EventBody> {
        let parent = self.name("call");
        let begun = self.made;
        let mut events = vec![self.start(&parent, ToolKind::Think, "Explore the orchard", None)];
        for _ in 0..20 {
            let lines = self.dice.between(1, 30);
            self.made = begun + events.len() as u64;
            let part = self.command(lines, Some(&parent));
            events.extend(part);
        }
        self.made = begun;
        let result = Some(ToolResult { content: Some(self.lines.plain(3, "")), ..ToolResult::default() });
        events.push(ToolExecutionComplete { tool_call_id: parent, success: true, result, error: None }.into());
        events
    }

    fn start(&self, call: &str, kind: ToolKind, title: &str, parent: Option<&str>) -> EventBody {
        let is_command = kind == ToolKind::Execute;
        let path = (!is_command).then(|| format!("src/part_{}.rs", self.names));
        ToolExecutionStart {
            tool_call_id: call.to_owned(),
            tool_name: if is_command { "bash".into() } else { "tool".into() },
            arguments: if is_command { json!({ "command": title }) } else { json!({ "path": path }) },
            parent_tool_call_id: parent.map(str::to_owned),
            kind: Some(kind),
            title: Some(title.to_owned()),
            command: is_command.then(|| title.to_owned()),
            locations: path.into_iter().map(|path| Location { path, line: None }).collect(),
        }
        .into()
    }

    fn name(&mut self, of: &str) -> String {
        self.names += 1;
        format!("{of}-{}", self.names)
    }
}

fn output(call: &str, partial_output: String) -> EventBody {
    ToolExecutionPartialResult { tool_call_id: call.to_owned(), partial_output, replace: false }.into()
}

fn end(tool_call_id: String, exit_code: i64) -> EventBody {
    let ended = ToolContent::Terminal { text: None, exit_code: Some(exit_code), signal: None };
    let result = Some(ToolResult { contents: vec![ended], ..ToolResult::default() });
    ToolExecutionComplete { tool_call_id, success: exit_code == 0, result, error: None }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::lines::numbered;

    /// All events of a log.
    fn all(total: usize, seed: u64) -> (Vec<EventBody>, Vec<Landmark>) {
        let mut events = Events::new(total, seed);
        let mut bodies = Vec::new();
        while let Some(step) = events.step() {
            bodies.extend(step);
        }
        (bodies, events.landmarks)
    }

    #[test]
    fn a_seed_names_its_log_and_landmarks_are_where_they_say() {
        let (events, landmarks) = all(20_000, 7);
        assert_eq!(events, all(20_000, 7).0);
        assert_ne!(events, all(20_000, 8).0);
        for landmark in &landmarks {
            let at = usize::try_from(landmark.seq).unwrap() - 1;
            assert!(matches!(&events[at], EventBody::ToolExecutionStart(_)), "{landmark:?}");
            let EventBody::ToolExecutionPartialResult(part) = &events[at + 1] else { panic!("{landmark:?}") };
            assert!(part.partial_output.contains(&numbered(landmark.first_line)), "{landmark:?}");
        }
        assert!(landmarks.iter().any(|landmark| landmark.lines == 4_000));
    }

    #[test]
    fn every_kind_of_event_of_a_session_is_there() {
        let (events, _) = all(100_000, 1);
        let steps = events.len();
        assert!((100_000 / LINES_PER_EVENT..100_000 / 5).contains(&steps), "{steps} events");
        let absent = ["session.title_changed", "assistant.intent", "tool.execution_progress", "abort"];
        for kind in EventBody::TYPES {
            let is_there = events.iter().any(|event| event.type_name() == *kind);
            assert_eq!(is_there, !absent.contains(kind), "{kind}");
        }
    }
}
