//! A whole log as a file. A companion's call; servers that have an outline have it too.

use serde::{Deserialize, Serialize};

/// What the file is to hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct LogQuery {
    /// `jsonl` unless told otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<LogFormat>,
}

/// How a log is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// The events, a line of JSON each, as everywhere in this API.
    #[default]
    Jsonl,
    /// Messages as the agent sent them, a line of JSON each: those that began or ended a tool call, asked for
    /// permission, told a plan, or were not understood. Long ones are cut. What it says piece by piece (messages,
    /// thoughts, output) is whole in the events; its many small messages are not kept.
    Raw,
    /// What a reader sees, as plain text.
    Text,
    /// The same with colours, as a terminal shows them.
    Ansi,
}

impl LogFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Jsonl, Self::Raw, Self::Text, Self::Ansi];

    /// The word in the query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Raw => "raw",
            Self::Text => "text",
            Self::Ansi => "ansi",
        }
    }

    /// What the file's name ends with.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Raw => "raw.jsonl",
            Self::Text => "txt",
            Self::Ansi => "ansi.txt",
        }
    }

    /// The media type of the file.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jsonl | Self::Raw => "application/x-ndjson",
            Self::Text | Self::Ansi => "text/plain; charset=utf-8",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_in_the_query_is_that_of_the_wire() {
        for format in LogFormat::ALL {
            assert_eq!(serde_json::to_value(format).unwrap(), format.as_str());
        }
    }
}
