//! The line of a group: neighbours of one kind, or all that was done between two messages, in one line that opens into
//! them.

use agent_tasks::event::ToolKind;
use leptos::prelude::*;
use session_log::{Group, Layout, LogDocument, Step, StepClass, StepKind};

use super::WORTH_TELLING_MS;
use crate::session::log_view::{LogContext, LogScreen};
use crate::session::visible_text::VisibleLine;
use crate::ui::{counted, elapsed, grouped};

/// The most names that a line tells; the page cuts them where the room ends.
const NAMES_MAX: usize = 12;
/// The longest name, in characters.
const NAME_CHARS_MAX: usize = 60;
/// The most steps whose sorts are counted for a line.
const COUNTED_MAX: usize = 2_000;

/// What the line says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Told {
    word: String,
    title: String,
    names: String,
    /// From the beginning of the first step to the end of the last one, in milliseconds.
    ms: u64,
}

/// The line of the group that a step begins.
#[component]
pub fn GroupLine(context: LogContext, screen: LogScreen, group: Group) -> impl IntoView {
    let members: Vec<usize> = screen.with_layout(|layout| members(layout, group).collect());
    let Told { word, title, names, ms } = context.document.with_untracked(|document| tell(document, group, &members));
    let toggle = move |_| {
        screen.arrange(context, |layout, document| layout.set_group(document, group.first, !group.is_open));
    };
    view! {
        <div class="step-group">
            <button
                type="button"
                class="step-group-line"
                tabindex="-1"
                aria-expanded=group.is_open.to_string()
                on:click=toggle
            >
                <span class="step-group-mark" aria-hidden="true"></span>
                <span class="step-header-word">{word}</span>
                <span class="step-group-title">
                    <span class="step-group-count"><VisibleLine text=title /></span>
                    <span class="step-group-names"><VisibleLine text=names /></span>
                </span>
                <span class="step-header-facts">{(ms >= WORTH_TELLING_MS).then(|| elapsed(ms))}</span>
            </button>
        </div>
    }
}

/// The newest change of a step of a group.
pub fn revision(document: &LogDocument, layout: &Layout, group: Group) -> u64 {
    let steps = members(layout, group).filter_map(|member| document.step(member));
    steps.map(Step::revision).max().unwrap_or_default()
}

/// The steps that a line tells of.
fn members(layout: &Layout, group: Group) -> impl Iterator<Item = usize> {
    layout.members(group).take(COUNTED_MAX)
}

fn tell(document: &LogDocument, group: Group, members: &[usize]) -> Told {
    let steps: Vec<&Step> = members.iter().filter_map(|&member| document.step(member)).collect();
    let names: Vec<String> = match group.class {
        Some(_) => steps.iter().take(NAMES_MAX).map(|step| name(step)).filter(|name| !name.is_empty()).collect(),
        None => sorts(&steps),
    };
    let began = steps.first().map(|step| step.started_at);
    let ended = steps.iter().filter_map(|step| step.ended_at).max();
    let title = match group.class {
        Some(StepClass::Read) => counted(group.steps, "file"),
        Some(StepClass::Search) => [&grouped(group.steps), " times"].concat(),
        Some(StepClass::Fetch) => counted(group.steps, "page"),
        Some(_) => [&tool_name(steps.first()), " ", &grouped(group.steps), " times"].concat(),
        None => counted(group.steps, "step"),
    };
    Told {
        word: word(group.class).to_owned(),
        title: title.trim().to_owned(),
        names: names.join(", "),
        ms: began.zip(ended).map_or(0, |(began, ended)| ended.since(began)),
    }
}

fn word(class: Option<StepClass>) -> &'static str {
    match class {
        Some(StepClass::Read) => "Read",
        Some(StepClass::Search) => "Searched",
        Some(StepClass::Fetch) => "Fetched",
        Some(_) => "Tool",
        None => "Work",
    }
}

/// What a call was about, in few words: the file's name, or its title.
fn name(step: &Step) -> String {
    let StepKind::Tool(tool) = &step.kind else { return String::new() };
    let name = match tool.locations.first() {
        Some(place) => place.path.rsplit('/').next().unwrap_or_default(),
        None => tool.title.as_deref().unwrap_or_default(),
    };
    name.chars().take(NAME_CHARS_MAX).collect()
}

fn tool_name(step: Option<&&Step>) -> String {
    let Some(StepKind::Tool(tool)) = step.map(|step| &step.kind) else { return String::new() };
    if tool.kind == ToolKind::Think { "Think".to_owned() } else { tool.name.chars().take(NAME_CHARS_MAX).collect() }
}

/// How many of which sort: `3 commands, 1 change`.
fn sorts(steps: &[&Step]) -> Vec<String> {
    let sorts: [(&str, &[StepClass]); 6] = [
        ("command", &[StepClass::Run]),
        ("change", &[StepClass::Edit]),
        ("read", &[StepClass::Read]),
        ("search", &[StepClass::Search, StepClass::Fetch]),
        ("thought", &[StepClass::Reasoning]),
        ("other step", &[StepClass::Tool, StepClass::Agent, StepClass::Info, StepClass::Unknown]),
    ];
    let count =
        |classes: &[StepClass]| steps.iter().filter(|step| classes.contains(&StepClass::of(step, false))).count();
    let told = sorts.iter().map(|(word, classes)| (count(classes), *word)).filter(|(count, _)| *count > 0);
    told.map(|(count, word)| match (word, count) {
        ("search", count) if count > 1 => [&grouped(count), " searches"].concat(),
        (word, count) => counted(count, word),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use agent_tasks::Event;
    use serde_json::json;
    use session_log::{Level, Showing};

    fn told(calls: &[(&str, &str)], level: Level) -> Told {
        let mut document = LogDocument::default();
        let mut say = |kind: &str, payload: serde_json::Value| {
            let seq = document.last_seq() + 1;
            let event: Event = serde_json::from_value(json!({
                "seq": seq, "session_id": "s", "id": "e", "timestamp": agent_tasks::Timestamp::from_ms(seq as i64 * 500),
                "type": kind, "data": payload,
            }))
            .unwrap();
            document.apply(&event);
        };
        for (index, (kind, path)) in calls.iter().enumerate() {
            say(
                "tool.execution_start",
                json!({"toolCallId": index.to_string(), "toolName": "mcp", "kind": kind, "locations": [{"path": path}]}),
            );
            say("tool.execution_complete", json!({"toolCallId": index.to_string(), "success": true}));
        }
        let mut layout = Layout::default();
        layout.set_showing(&document, &Showing { level, ..Showing::default() });
        layout.sync(&document);
        let group = layout.group(1).unwrap();
        let members: Vec<usize> = layout.members(group).collect();
        tell(&document, group, &members)
    }

    #[test]
    fn a_group_tells_how_many_of_what() {
        let reads = told(&[("read", "src/a.rs"), ("read", "b.rs"), ("read", "/c/d.rs")], Level::Steps);
        assert_eq!(
            (reads.word.as_str(), reads.title.as_str(), reads.names.as_str()),
            ("Read", "3 files", "a.rs, b.rs, d.rs")
        );
        assert_eq!(reads.ms, 2_500);
        let others = told(&[("other", "x"); 4], Level::Steps);
        assert_eq!((others.word.as_str(), others.title.as_str()), ("Tool", "mcp 4 times"));
        let work = told(&[("execute", "x"), ("read", "x"), ("search", "x"), ("search", "x")], Level::Messages);
        assert_eq!((work.title.as_str(), work.names.as_str()), ("4 steps", "1 command, 1 read, 2 searches"));
    }
}
