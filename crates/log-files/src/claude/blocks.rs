//! The blocks of a message: text, thoughts, calls and their results, pictures.

use acp_events::spoken_picture;
use agent_tasks::event::{Abort, AssistantMessage, AssistantReasoning, UserMessage};
use serde_json::Value;

use super::tools::Calls;
use crate::telling::Telling;

/// How a message begins that the program writes when somebody stopped the agent.
const INTERRUPTED: &str = "[Request interrupted by user";
/// What is said of a picture that comes without words.
const PICTURE: &str = "Picture";

/// What is known of the line that a block is in.
pub struct Line<'a> {
    /// Its own name.
    pub id: &'a str,
    /// Whether the agent speaks.
    pub is_assistant: bool,
    /// Whether the program wrote it, not a person.
    pub is_meta: bool,
    /// Whether it tells in short what was said before.
    pub is_summary: bool,
    /// What the program tells of a call's result beside it.
    pub told: &'a Value,
    /// The call of the sub-agent that it comes from.
    pub parent: Option<&'a str>,
}

impl Line<'_> {
    /// Whether a person speaks, and to the session's own agent.
    fn is_person(&self) -> bool {
        !self.is_assistant && !self.is_meta && !self.is_summary && self.parent.is_none()
    }

    fn name(&self, index: usize) -> String {
        if index == 0 { self.id.to_owned() } else { [self.id, "#", &index.to_string()].concat() }
    }
}

/// Reads the blocks of a message. What a person shows stands under what they say.
pub fn read_all(blocks: &[Value], line: &Line<'_>, calls: &mut Calls, telling: &mut Telling) {
    let is_person = line.is_person() && telling.agent.is_none();
    let shown = |block: &Value| {
        let is_picture = is_person && block["type"] == "image";
        let source = &block["source"];
        is_picture.then(|| spoken_picture(source["media_type"].as_str()?, source["data"].as_str()?)).flatten()
    };
    let said = blocks.iter().position(|block| is_person && block["type"] == "text");
    for (index, block) in blocks.iter().enumerate() {
        if Some(index) == said {
            let pictures: String = blocks.iter().filter_map(shown).collect();
            text(&[block["text"].as_str().unwrap_or_default(), &pictures].concat(), index, line, telling);
        } else if let Some(picture) = shown(block) {
            if said.is_none() {
                text(&[PICTURE, &picture].concat(), index, line, telling);
            }
        } else {
            read(block, index, line, calls, telling);
        }
    }
}

/// Reads a block.
fn read(block: &Value, index: usize, line: &Line<'_>, calls: &mut Calls, telling: &mut Telling) {
    let field = |name: &str| block[name].as_str();
    match (field("type").unwrap_or_default(), line.is_assistant) {
        ("text", _) => text(field("text").unwrap_or_default(), index, line, telling),
        ("thinking", true) => match field("thinking").unwrap_or_default() {
            "" => telling.told.encrypted += 1,
            thought => telling.tell(AssistantReasoning { reasoning_id: line.name(index), content: thought.to_owned() }),
        },
        ("redacted_thinking", true) => telling.told.encrypted += 1,
        ("tool_use" | "server_tool_use" | "mcp_tool_use", true) => calls.begin(block, line.parent, telling),
        (word, _) if word.ends_with("tool_result") && block["tool_use_id"].is_string() => {
            calls.end(block, line.told, telling)
        }
        ("image", false) => telling.info("picture", picture(&block["source"])),
        (word, _) => telling.json_as_it_is(&["claude.", word].concat(), block.clone()),
    }
}

/// Reads a text.
pub fn text(text: &str, index: usize, line: &Line<'_>, telling: &mut Telling) {
    let content = text.to_owned();
    if line.is_assistant {
        telling.tell(AssistantMessage {
            message_id: line.name(index),
            content,
            parent_tool_call_id: line.parent.map(str::to_owned),
            ..AssistantMessage::default()
        });
    } else if text.starts_with(INTERRUPTED) {
        telling.tell(Abort { reason: "user_initiated".to_owned() });
    } else if line.is_summary {
        telling.info("compacted", content);
    } else if line.is_meta || line.parent.is_some() || telling.agent.is_some() {
        telling.info(if line.is_meta { "context" } else { "sub-agent" }, content);
    } else {
        telling.tell(UserMessage { content, source: None });
    }
}

fn picture(source: &Value) -> String {
    let kilobytes = source["data"].as_str().map_or(0, |data| (data.len() * 3 / 4).div_ceil(1024));
    let kind = source["media_type"].as_str().or(source["url"].as_str()).unwrap_or("of an unknown kind");
    ["Picture, ", kind, ", ", &kilobytes.to_string(), " KB"].concat()
}
