//! One schema of the description, turned from OpenAPI 3.0 into JSON Schema and compiled when first used.

use std::sync::OnceLock;

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use super::{components::Components, sample, unknown};

/// A schema with all that it refers to.
#[derive(Debug)]
pub struct Schema {
    /// `{allOf: [the schema], components: {schemas: …}}`.
    document: Value,
    validator: OnceLock<Validator>,
}

impl Schema {
    /// Reads a schema of the description.
    pub fn read(schema: Value, components: &Components) -> Self {
        let mut document = components.bundle(schema);
        say_null(&mut document);
        Self { document, validator: OnceLock::new() }
    }

    /// What is wrong with a value, each with its place.
    pub fn violations(&self, value: &Value) -> Vec<String> {
        let say =
            |error: jsonschema::ValidationError<'_>| format!("{}: {error}", place(error.instance_path().as_str()));
        self.validator().iter_errors(value).map(say).collect()
    }

    /// The places of fields that the schema does not name, also where it does not forbid them.
    pub fn unknown_fields(&self, value: &Value) -> Vec<String> {
        unknown::fields(&self.document, value)
    }

    /// The value, changed as little as it takes to be valid; or one made from the schema alone.
    pub fn fitted(&self, value: Option<Value>) -> Value {
        match value {
            Some(value) if self.validator().is_valid(&value) && self.unknown_fields(&value).is_empty() => value,
            Some(value) => sample::repaired(&self.document, value),
            None => sample::made(&self.document),
        }
    }

    /// The type of a parameter, such as `integer`.
    pub fn type_name(&self) -> Option<&str> {
        self.document["allOf"][0]["type"].as_str()
    }

    fn validator(&self) -> &Validator {
        self.validator.get_or_init(|| {
            // OpenAPI 3.0 ignores what stands beside a `$ref`, as draft 7 does.
            let options = jsonschema::options().with_draft(Draft::Draft7).should_validate_formats(true);
            options.build(&self.document).expect("the description holds valid schemas")
        })
    }
}

fn place(pointer: &str) -> &str {
    if pointer.is_empty() { "the whole" } else { pointer }
}

/// Turns every `nullable: true` into what JSON Schema calls it.
fn say_null(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            for (word, inner) in map.iter_mut() {
                match (word.as_str(), inner) {
                    // These hold values, not schemas.
                    ("example" | "enum" | "default", _) => {}
                    // A property may be called like a word of schemas.
                    ("properties", Value::Object(properties)) => properties.values_mut().for_each(say_null),
                    (_, inner) => say_null(inner),
                }
            }
            if map.get("nullable") != Some(&Value::Bool(true)) {
                return;
            }
            map.remove("nullable");
            let is_plain = !["allOf", "anyOf", "oneOf", "$ref"].iter().any(|word| map.contains_key(*word));
            if let (true, Some(name)) = (is_plain, map.get("type").and_then(Value::as_str)) {
                let names = json!([name, "null"]);
                map.insert("type".into(), names);
                if let Some(Value::Array(values)) = map.get_mut("enum")
                    && !values.contains(&Value::Null)
                {
                    values.push(Value::Null);
                }
            } else {
                let inner = schema.take();
                *schema = json!({ "anyOf": [inner, { "type": "null" }] });
            }
        }
        Value::Array(items) => items.iter_mut().for_each(say_null),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn read(schema: Value) -> Schema {
        Schema::read(schema, &Components::new(BTreeMap::new()))
    }

    #[test]
    fn null_is_allowed_where_the_description_says_so() {
        let schema = read(json!({ "type": "object", "properties": {
            "plain": { "type": "string", "enum": ["a"], "nullable": true },
            "one": { "nullable": true, "oneOf": [{ "type": "integer" }] },
            "never": { "type": "string" }
        }}));
        assert_eq!(schema.violations(&json!({ "plain": null, "one": null })), Vec::<String>::new());
        assert_eq!(schema.violations(&json!({ "never": null })).len(), 1);
        assert_eq!(schema.violations(&json!({ "plain": "b", "one": "c" })).len(), 2);
    }

    #[test]
    fn a_property_may_be_called_like_a_word_of_schemas() {
        let properties =
            json!({ "nullable": { "type": "boolean" }, "default": { "type": "string", "nullable": true } });
        let schema = read(json!({ "type": "object", "properties": properties }));
        assert_eq!(schema.violations(&json!({ "nullable": 1 })).len(), 1);
        assert_eq!(schema.violations(&json!({ "default": null })), Vec::<String>::new());
    }

    #[test]
    fn a_date_is_checked() {
        let schema = read(json!({ "type": "string", "format": "date-time" }));
        assert_eq!(schema.violations(&json!("2025-01-01T00:00:00Z")), Vec::<String>::new());
        assert_eq!(schema.violations(&json!("yesterday")).len(), 1);
    }
}
