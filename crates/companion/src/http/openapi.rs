//! The OpenAPI 3.1 description, made from the list of calls and the types.

use std::collections::BTreeMap;

use agent_tasks::{
    ApiError,
    paths::{COMPANION_BASE, Method, PAIRINGS},
};
use axum::{http::header, response::IntoResponse};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::operations::{OPERATIONS, Operation};

const ABOUT: &str = "GitHub's Agent tasks API, served by a companion on your own machine, with what it adds. \
    Tasks, sessions and refusals are whole by GitHub's own description, so that its client libraries can list, \
    start and read tasks here. The user, the repositories and the branches have GitHub's names and types, but only \
    the fields that it takes to choose among them.";
const TOKEN: &str =
    "`Authorization: Bearer TOKEN`; `Authorization: token TOKEN`, as GitHub's client sends it, is the same.";

/// Refusals that the guards give on every call, and that of a database that is locked.
const EVERY_CALL: [u16; 6] = [400, 401, 403, 421, 429, 503];
/// That of a full disk, for calls that write.
const EVERY_WRITE: [u16; 1] = [507];

/// `GET /openapi.json`
pub async fn serve() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], include_str!("../../openapi.json"))
}

/// The description as it should stand in `openapi.json`.
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut schemas = settings.into_generator();
    let mut by_path: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let described = describe(operation, &mut schemas);
        let method = match operation.method {
            Method::Get => "get",
            Method::Post => "post",
        };
        by_path.entry(operation.path).or_insert_with(|| json!({}))[method] = described;
    }
    let description = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Flightdeck companion",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}
        },
        "servers": [{"url": COMPANION_BASE}],
        "security": [{"token": []}],
        "paths": by_path,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": TOKEN}},
            "schemas": schemas.take_definitions(true)
        }
    });
    sorted(description)
}

/// With the keys of every object in order: the file must not change with how serde_json was built.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<_, _> = fields.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        plain => plain,
    }
}

fn describe(operation: &Operation, schemas: &mut SchemaGenerator) -> Value {
    let mut parameters = path_parameters(operation.path);
    if let Some(query) = operation.query {
        parameters.extend(query_parameters(&query(schemas).to_value()));
    }
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": responses(operation, schemas)
    });
    if let Some(body) = operation.body {
        described["requestBody"] =
            json!({"required": true, "content": {"application/json": {"schema": body(schemas)}}});
    }
    if operation.path == PAIRINGS {
        described["security"] = json!([]);
    }
    described
}

fn responses(operation: &Operation, schemas: &mut SchemaGenerator) -> Value {
    let mut content = Map::new();
    for (media_type, schema) in operation.answer.contents {
        let schema = schema.map_or_else(|| json!({}), |schema| json!({"schema": schema(schemas)}));
        content.insert((*media_type).to_owned(), schema);
    }
    let mut answers = Map::new();
    let good = if content.is_empty() {
        json!({"description": "Taken; the log shows what came of it"})
    } else {
        json!({"description": "Done", "content": content})
    };
    answers.insert(operation.answer.status.to_string(), good);
    let refusal = json!({
        "description": "Refused; the message says why",
        "content": {"application/json": {"schema": schemas.subschema_for::<ApiError>()}}
    });
    let writes = if operation.method == Method::Post { &EVERY_WRITE[..] } else { &[] };
    for status in EVERY_CALL.iter().chain(writes).chain(operation.refusals) {
        answers.insert(status.to_string(), refusal.clone());
    }
    Value::Object(answers)
}

fn path_parameters(path: &str) -> Vec<Value> {
    let names = path.split('{').skip(1).filter_map(|part| part.split_once('}'));
    names.map(|(name, _)| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}})).collect()
}

fn query_parameters(schema: &Value) -> Vec<Value> {
    let properties: BTreeMap<_, _> = schema["properties"].as_object().into_iter().flatten().collect();
    properties
        .into_iter()
        .map(|(name, schema)| {
            let mut schema = schema.clone();
            let description = schema.as_object_mut().and_then(|fields| fields.remove("description"));
            json!({"name": name, "in": "query", "required": false, "description": description, "schema": schema})
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_description_is_that_of_the_code() {
        let committed: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
        assert!(
            committed == document(),
            "crates/companion/openapi.json is stale; renew it with\n  \
             cargo run -p companion --bin flightdeck -- openapi > openapi.json.new && mv openapi.json.new crates/companion/openapi.json"
        );
    }
}
