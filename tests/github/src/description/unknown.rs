//! Finds fields that a schema does not name. Most of GitHub's schemas do not forbid them; a client that sends one
//! has misspelt a name all the same.

use serde_json::Value;

use super::sample::resolved;

/// The places of the fields that no branch of the document's schema names.
pub fn fields(document: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look(document, &[document], value, "", &mut found);
    found
}

fn look(document: &Value, schemas: &[&Value], value: &Value, place: &str, found: &mut Vec<String>) {
    let mut branches = Vec::new();
    schemas.iter().for_each(|schema| branch_out(document, schema, &mut branches));
    match value {
        Value::Object(map) => {
            let is_free = branches.iter().all(|branch| branch.get("properties").is_none());
            let is_open = |branch: &&Value| branch.get("additionalProperties").is_some_and(|more| more != false);
            let is_open = branches.iter().any(is_open);
            for (name, inner) in map {
                let place = format!("{place}/{name}");
                let named: Vec<&Value> = branches.iter().filter_map(|branch| branch["properties"].get(name)).collect();
                if !named.is_empty() {
                    look(document, &named, inner, &place, found);
                } else if !is_free && !is_open {
                    found.push(place);
                }
            }
        }
        Value::Array(items) => {
            let schemas: Vec<&Value> = branches.iter().filter_map(|branch| branch.get("items")).collect();
            for (index, item) in items.iter().enumerate() {
                look(document, &schemas, item, &format!("{place}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The schema and everything that it combines.
fn branch_out<'a>(document: &'a Value, schema: &'a Value, branches: &mut Vec<&'a Value>) {
    let schema = resolved(document, schema);
    branches.push(schema);
    for word in ["allOf", "anyOf", "oneOf"] {
        for part in schema[word].as_array().into_iter().flatten() {
            branch_out(document, part, branches);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_that_no_branch_names_is_found() {
        let document = json!({
            "allOf": [{ "$ref": "#/components/schemas/a" }, { "properties": { "b": { "items": { "properties": { "c": {} } } } } }],
            "components": { "schemas": { "a": { "properties": { "a": {} } } } }
        });
        let value = json!({ "a": { "anything": 1 }, "b": [{ "c": 1 }, { "d": 1 }], "e": 1 });
        assert_eq!(fields(&document, &value), ["/b/1/d", "/e"]);
    }

    #[test]
    fn an_open_object_takes_anything() {
        let document = json!({ "properties": { "a": {} }, "additionalProperties": true });
        assert_eq!(fields(&document, &json!({ "z": 1 })), Vec::<String>::new());
        assert_eq!(fields(&json!({ "type": "object" }), &json!({ "z": 1 })), Vec::<String>::new());
    }
}
