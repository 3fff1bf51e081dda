//! JSON Schemas of the types whose wire form serde does not derive.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::event::EventBody;
use crate::{Artifact, State, Timestamp, task::WireArtifact};

impl JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time", "description": "RFC 3339, UTC."})
    }
}

impl JsonSchema for State {
    fn schema_name() -> Cow<'static, str> {
        "State".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<_> = State::KNOWN.iter().map(State::as_str).collect();
        json_schema!({"type": "string", "enum": words, "description": "Where a task or a session stands."})
    }
}

impl JsonSchema for Artifact {
    fn schema_name() -> Cow<'static, str> {
        "Artifact".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        WireArtifact::json_schema(generator)
    }
}

impl JsonSchema for EventBody {
    fn schema_name() -> Cow<'static, str> {
        "EventBody".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "What happened. Types that are not in the list may come from a newer server.",
            "required": ["type", "data"],
            "properties": {"type": {"type": "string", "examples": EventBody::TYPES}, "data": {}}
        })
    }
}
