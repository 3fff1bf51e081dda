//! Log files of every kind, as events: bytes in, events out. Pure: no DOM, no file, no clock.
//!
//! [`Importer`] recognises the kind by what the first lines say, not by the name, and reads on as bytes arrive; it
//! keeps no more than the line that it is in. What it does not understand becomes an event that shows it as it is,
//! and is counted. The events are numbered from 1, so that `session_log::LogDocument` takes them as they come.
//!
//! | kind | where such files are | shapes that were seen |
//! | --- | --- | --- |
//! | [`FileKind::Events`] | a download of this page; a saved answer of `…/events` | events as on the wire, one a line or in a window |
//! | [`FileKind::Copilot`] | `~/.copilot/session-state/*/events.jsonl` | Copilot CLI 0.0.369 to 1.0: envelope with `id timestamp parentId type data` |
//! | [`FileKind::Claude`] | `~/.claude/projects/*/*.jsonl`, also `subagents/agent-*.jsonl` there, and `--output-format stream-json` | Claude Code 1.0.35 to 2.1: messages in the shape of its API; its maker calls the format internal |
//! | [`FileKind::Codex`] | `~/.codex/sessions/**/rollout-*.jsonl` | Codex 0.4x to 0.149: `{timestamp, type, payload}`; before that bare items |
//! | [`FileKind::Acp`] | recordings of the Agent Client Protocol | JSON-RPC, one message a line, bare or as `{ts, dir, msg}` |
//! | [`FileKind::Text`] | CI logs, `script` recordings, anything else | text, with a terminal's colours or without |
//!
//! The formats of agents change without notice. Everything here goes by shape, not by version.

mod acp;
mod claude;
mod codex;
mod events;
mod importer;
mod kind;
mod lines;
mod telling;
mod text;

pub use importer::{Importer, LINE_BYTES_MAX, Refusal};
pub use kind::FileKind;
pub use telling::Told;
