//! The shared parts of the description, found by `$ref`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, value::RawValue};

/// The shared parts, by kind (`schemas`, `responses`, `parameters` …) and name; read when they are asked for.
pub struct Components(BTreeMap<String, BTreeMap<String, Box<RawValue>>>);

impl Components {
    /// Takes over the `components` of a description.
    pub fn new(components: BTreeMap<String, BTreeMap<String, Box<RawValue>>>) -> Self {
        Self(components)
    }

    /// What a reference like `#/components/schemas/issue` names.
    ///
    /// Panics when it names nothing: then the description contradicts itself.
    pub fn get(&self, reference: &str) -> Value {
        let (kind, name) = kind_and_name(reference);
        let raw = self.0.get(kind).and_then(|named| named.get(name));
        let raw = raw.unwrap_or_else(|| panic!("the description refers to '{reference}', which it does not hold"));
        serde_json::from_str(raw.get()).expect("a part of valid JSON is valid")
    }

    /// The value itself, or what it refers to.
    pub fn resolve(&self, value: Value) -> Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.get(reference),
            None => value,
        }
    }

    /// A schema as one document with all the schemas that it refers to, below `components`.
    pub fn bundle(&self, schema: Value) -> Value {
        let mut schemas = Map::new();
        let mut open = references(&schema);
        while let Some(reference) = open.pop() {
            let (_, name) = kind_and_name(&reference);
            if !schemas.contains_key(name) {
                let schema = self.get(&reference);
                open.extend(references(&schema));
                schemas.insert(name.to_owned(), schema);
            }
        }
        serde_json::json!({ "allOf": [schema], "components": { "schemas": schemas } })
    }
}

fn kind_and_name(reference: &str) -> (&str, &str) {
    let path = reference.strip_prefix("#/components/").and_then(|path| path.split_once('/'));
    path.unwrap_or_else(|| panic!("the description refers to '{reference}', which is none of its components"))
}

/// All references in a schema. A reference below `example` is none of ours, but there are none.
fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(map.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}
