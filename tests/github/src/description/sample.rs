//! Values made from a schema, and official examples repaired where they do not keep to it.

use serde_json::{Map, Value, json};

/// A value made from the schema alone: what is required, and no more.
pub fn made(document: &Value) -> Value {
    make(document, document)
}

/// The value, changed where it breaks the schema: fields that are not named are left out, missing ones are made.
pub fn repaired(document: &Value, value: Value) -> Value {
    repair(document, document, value)
}

/// The schema itself, or what it refers to within the document, out of any wrapping that says nothing.
pub fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    loop {
        let pointer = schema.get("$ref").and_then(Value::as_str).and_then(|found| found.strip_prefix('#'));
        let sole = schema["allOf"].as_array().filter(|parts| parts.len() == 1 && !says_more(schema));
        schema = match (pointer, sole) {
            (Some(pointer), _) => document.pointer(pointer).expect("a bundled schema holds what it refers to"),
            (None, Some(parts)) => &parts[0],
            (None, None) => return schema,
        };
    }
}

/// Whether a schema says anything beside its `allOf`.
fn says_more(schema: &Value) -> bool {
    ["type", "properties", "required", "anyOf", "oneOf"].iter().any(|word| schema.get(*word).is_some())
}

/// The properties and the required names of a schema and of all that it combines with `allOf`.
#[derive(Default)]
struct Shape<'a> {
    properties: Map<String, Value>,
    required: Vec<&'a str>,
    /// Whether it takes fields that it does not name.
    is_open: bool,
}

fn shape<'a>(document: &'a Value, schema: &'a Value, shape_so_far: &mut Shape<'a>) {
    let schema = resolved(document, schema);
    let properties = schema["properties"].as_object().into_iter().flatten();
    shape_so_far.properties.extend(properties.map(|(name, inner)| (name.clone(), inner.clone())));
    shape_so_far.required.extend(schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str));
    shape_so_far.is_open |= schema.get("additionalProperties").is_some_and(|more| more != false);
    for part in schema["allOf"].as_array().into_iter().flatten() {
        shape(document, part, shape_so_far);
    }
}

fn make(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    for chosen in [schema.get("example"), schema.get("default"), schema["enum"].get(0), schema.get("const")] {
        if let Some(chosen) = chosen.filter(|chosen| has_type(schema, chosen)) {
            return chosen.clone();
        }
    }
    if let Some(branch) = branches(schema).find(|branch| resolved(document, branch)["type"] == "null") {
        return make(document, branch);
    }
    if let Some(branch) = branches(schema).next() {
        return make(document, branch);
    }
    match (types(schema).as_slice(), schema["format"].as_str()) {
        (names, _) if names.contains(&"null") => Value::Null,
        (["string"], Some("date-time")) => json!("2025-01-01T00:00:00Z"),
        (["string"], Some("uri")) => json!("https://api.github.com/"),
        (["string"], _) => json!("text"),
        (["integer" | "number"], _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
        (["boolean"], _) => json!(false),
        (["array"], _) => json!([]),
        _ => repair(document, schema, json!({})),
    }
}

fn repair(document: &Value, schema: &Value, value: Value) -> Value {
    let schema = resolved(document, schema);
    if let Some(branch) = best_branch(document, schema, &value) {
        return repair(document, branch, value);
    }
    if !has_type(schema, &value) || schema["enum"].as_array().is_some_and(|values| !values.contains(&value)) {
        return make(document, schema);
    }
    match value {
        Value::Object(fields) => {
            let mut wanted = Shape::default();
            shape(document, schema, &mut wanted);
            let Shape { properties, required, is_open } = wanted;
            let mut kept = Map::new();
            for (name, inner) in fields {
                match properties.get(&name) {
                    Some(property) => {
                        kept.insert(name, repair(document, property, inner));
                    }
                    None if is_open || properties.is_empty() => {
                        kept.insert(name, inner);
                    }
                    None => {}
                }
            }
            for name in required {
                if !kept.contains_key(name) {
                    let made = properties.get(name).map_or(Value::Null, |property| make(document, property));
                    kept.insert(name.to_owned(), made);
                }
            }
            Value::Object(kept)
        }
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| repair(document, &schema["items"], item)).collect())
        }
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => scalar,
    }
}

fn branches(schema: &Value) -> impl Iterator<Item = &Value> {
    ["anyOf", "oneOf"].into_iter().flat_map(|word| schema[word].as_array().into_iter().flatten())
}

/// The branch that shares the type and the most fields with the value.
fn best_branch<'a>(document: &'a Value, schema: &'a Value, value: &Value) -> Option<&'a Value> {
    branches(schema).max_by_key(|branch| {
        let branch = resolved(document, branch);
        let mut wanted = Shape::default();
        shape(document, branch, &mut wanted);
        let fields = value.as_object().into_iter().flatten();
        let shared = fields.filter(|(name, _)| wanted.properties.contains_key(*name)).count();
        (has_type(branch, value), shared)
    })
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(name) => vec![name.as_str()],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn has_type(schema: &Value, value: &Value) -> bool {
    let names = types(schema);
    names.is_empty()
        || names.iter().any(|name| match *name {
            "null" => value.is_null(),
            "boolean" => value.is_boolean(),
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            _ => false,
        })
}
