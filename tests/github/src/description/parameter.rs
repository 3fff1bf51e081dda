//! A parameter of a path or of a query: text that stands for a value of a type.

use serde_json::{Value, json};

use super::{components::Components, schema::Schema};

/// One parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Whether a request has to have it.
    pub is_required: bool,
    /// Whether its value may hold `/`; only in paths.
    pub may_hold_slashes: bool,
    schema: Schema,
    /// What each element of a list is, for one that may be repeated.
    item_type: Option<String>,
}

impl Parameter {
    /// Reads a parameter of the description.
    pub fn read(mut parameter: Value, components: &Components) -> Self {
        let schema = components.resolve(parameter["schema"].take());
        Self {
            name: parameter["name"].as_str().unwrap_or_default().to_owned(),
            is_required: parameter["required"] == true,
            may_hold_slashes: parameter["x-multi-segment"] == true,
            item_type: (schema["type"] == "array").then(|| schema["items"]["type"].as_str().unwrap_or("string").into()),
            schema: Schema::read(schema, components),
        }
    }

    /// What is wrong with all the values that a request has for it; a list is a parameter said many times.
    pub fn violations(&self, values: &[&str]) -> Vec<String> {
        let typed = match (&self.item_type, values) {
            (None, []) | (Some(_), []) if self.is_required => return vec![format!("'{}' is missing", self.name)],
            (_, []) => return Vec::new(),
            (Some(item_type), values) => values.iter().map(|value| typed(value, item_type)).collect(),
            (None, [value]) => typed(value, self.schema.type_name().unwrap_or("string")),
            (None, _) => return vec![format!("'{}' is said {} times", self.name, values.len())],
        };
        let violations = self.schema.violations(&typed);
        violations.into_iter().map(|violation| format!("'{}': {violation}", self.name)).collect()
    }
}

/// The text as a value of this type; the text itself where it is none, which the schema then refuses.
fn typed(text: &str, name: &str) -> Value {
    match name {
        "integer" => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
        "number" => text.parse::<f64>().map_or_else(|_| json!(text), |number| json!(number)),
        "boolean" => text.parse::<bool>().map_or_else(|_| json!(text), |flag| json!(flag)),
        _ => json!(text),
    }
}
