//! One operation of the description: what a request for it may hold, and what its answers must.

use std::{collections::BTreeMap, fmt, sync::OnceLock};

use serde_json::{Value, value::RawValue};

use super::{components::Components, parameter::Parameter, schema::Schema};

/// What every error looks like that an operation does not list itself: limits, tokens and faults are the host's.
const ANY_ERROR: &str = "#/components/schemas/basic-error";
/// The media type whose answers are checked.
const JSON: &str = "application/json";

/// An operation, such as `agent-tasks/list-tasks`.
pub struct Operation {
    /// Its name in the description.
    pub id: String,
    /// In upper case.
    pub method: String,
    /// Its path, with parameters as `{name}`.
    pub template: String,
    path: Vec<Parameter>,
    query: Vec<Parameter>,
    body: Option<Body>,
    answers: BTreeMap<u16, Answer>,
    any_error: Schema,
}

/// What a request sends.
struct Body {
    is_required: bool,
    schema: Schema,
    example: Option<Value>,
}

/// What comes back with one status.
struct Answer {
    /// None for an answer without a body.
    schema: Option<Schema>,
    examples: Vec<Value>,
    /// The first example, fitted to the schema, once it was asked for.
    fitted: OnceLock<Value>,
    media_types: Vec<String>,
}

impl Operation {
    /// Reads one operation of the description.
    pub fn read(method: &str, template: &str, raw: &RawValue, components: &Components) -> Self {
        let mut operation: Value = serde_json::from_str(raw.get()).expect("a part of valid JSON is valid");
        let (mut path, mut query) = (Vec::new(), Vec::new());
        for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
            let parameter = components.resolve(parameter.take());
            match parameter["in"].as_str() {
                Some("path") => path.push(Parameter::read(parameter, components)),
                Some("query") => query.push(Parameter::read(parameter, components)),
                Some(_) | None => {}
            }
        }
        let body = operation.get("requestBody").map(|body| {
            let mut body = components.resolve(body.clone());
            Body {
                is_required: body["required"] == true,
                example: examples(&body["content"][JSON], components).into_iter().next(),
                schema: Schema::read(body["content"][JSON]["schema"].take(), components),
            }
        });
        let answers = operation["responses"].as_object_mut().into_iter().flatten();
        let answers = answers.filter_map(|(status, answer)| {
            Some((status.parse().ok()?, Answer::read(components.resolve(answer.take()), components)))
        });
        let answers = answers.collect();
        Self {
            id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
            method: method.to_uppercase(),
            template: template.to_owned(),
            path,
            query,
            body,
            answers,
            any_error: Schema::read(components.get(ANY_ERROR), components),
        }
    }

    /// Whether the values of a path may be where they are: only some may hold `/`.
    pub(super) fn allows(&self, path_values: &[(String, String)]) -> bool {
        let may_hold_slashes =
            |name: &str| self.path.iter().any(|parameter| parameter.name == name && parameter.may_hold_slashes);
        path_values.iter().all(|(name, value)| !value.contains('/') || may_hold_slashes(name))
    }

    /// What is wrong with a request: values of the wrong type, parameters and fields that are not described, also
    /// where the description does not forbid them. Names and values come without percent encoding.
    pub fn request_violations(
        &self,
        path_values: &[(String, String)],
        query: &[(String, String)],
        body: Option<&Value>,
    ) -> Vec<String> {
        let mut violations = values_violations("path", &self.path, path_values);
        violations.extend(values_violations("query", &self.query, query));
        match (&self.body, body) {
            (None, None) => {}
            (None, Some(_)) => violations.push("body: this operation takes none".into()),
            (Some(described), None) if described.is_required => violations.push("body: it is missing".into()),
            (Some(_), None) => {}
            (Some(described), Some(body)) => {
                violations
                    .extend(described.schema.violations(body).iter().map(|violation| format!("body: {violation}")));
                let unknown = described.schema.unknown_fields(body);
                violations.extend(unknown.iter().map(|place| format!("body: {place} is not described")));
            }
        }
        violations
    }

    /// What is wrong with an answer. A refusal that the operation does not list is held against GitHub's general
    /// form of an error.
    pub fn answer_violations(&self, status: u16, body: Option<&Value>) -> Vec<String> {
        let schema = match (self.answers.get(&status), body) {
            (Some(Answer { schema: Some(schema), .. }), Some(_)) => schema,
            (Some(Answer { schema: Some(_), .. }), None) => return vec![format!("{status}: the body is missing")],
            (Some(Answer { schema: None, .. }), Some(_)) => return vec![format!("{status}: there must be no body")],
            (Some(Answer { schema: None, .. }), None) => return Vec::new(),
            (None, _) if status == 304 => return Vec::new(),
            (None, Some(_)) if status >= 400 => &self.any_error,
            (None, _) => return vec![format!("{status}: {} does not answer so", self.id)],
        };
        let violations = body.map(|body| schema.violations(body)).unwrap_or_default();
        violations.into_iter().map(|violation| format!("{status}: {violation}")).collect()
    }

    /// The places of fields of an answer that the description does not name. A server may send such fields; one
    /// that only does what is described does not.
    pub fn unknown_answer_fields(&self, status: u16, body: &Value) -> Vec<String> {
        let schema = self.answers.get(&status).and_then(|answer| answer.schema.as_ref());
        schema.unwrap_or(&self.any_error).unknown_fields(body)
    }

    /// The first official example of an answer by name, repaired where it does not keep to its own schema; made from the
    /// schema where there is none. `None` for an answer without a body or one that is not described.
    pub fn example(&self, status: u16) -> Option<Value> {
        let answer = self.answers.get(&status)?;
        let schema = answer.schema.as_ref()?;
        Some(answer.fitted.get_or_init(|| schema.fitted(answer.examples.first().cloned())).clone())
    }

    /// The official examples of an answer, as they are, by their names.
    pub fn official_examples(&self, status: u16) -> &[Value] {
        self.answers.get(&status).map_or(&[], |answer| &answer.examples)
    }

    /// An official example of a request's body, or one made from its schema. `None` where it takes none.
    pub fn request_example(&self) -> Option<Value> {
        self.body.as_ref().map(|body| body.schema.fitted(body.example.clone()))
    }

    /// The statuses that it lists, ascending.
    pub fn statuses(&self) -> Vec<u16> {
        self.answers.keys().copied().collect()
    }

    /// The media types of one answer.
    pub fn media_types(&self, status: u16) -> &[String] {
        self.answers.get(&status).map_or(&[], |answer| &answer.media_types)
    }
}

impl Answer {
    fn read(mut answer: Value, components: &Components) -> Self {
        let content = answer["content"].as_object_mut().map(std::mem::take).unwrap_or_default();
        let media_types = content.keys().cloned().collect();
        let mut json = content.get(JSON).or_else(|| content.values().next()).cloned();
        let examples = json.as_ref().map(|json| examples(json, components)).unwrap_or_default();
        let schema = json.as_mut().and_then(|json| json.get_mut("schema")).map(Value::take);
        Self {
            schema: schema.map(|schema| Schema::read(schema, components)),
            examples,
            fitted: OnceLock::new(),
            media_types,
        }
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({} {})", self.id, self.method, self.template)
    }
}

fn examples(content: &Value, components: &Components) -> Vec<Value> {
    let single = content.get("example").cloned();
    let mut named: Vec<_> = content["examples"].as_object().into_iter().flatten().collect();
    // JSON objects have no order of their own.
    named.sort_by_key(|(name, _)| *name);
    let named = named.into_iter().map(|(_, example)| components.resolve(example.clone())["value"].take());
    single.into_iter().chain(named).collect()
}

fn values_violations(place: &str, parameters: &[Parameter], values: &[(String, String)]) -> Vec<String> {
    let is_known = |name: &str| parameters.iter().any(|parameter| parameter.name == name);
    let unknown = values.iter().filter(|(name, _)| !is_known(name));
    let mut violations: Vec<String> = unknown.map(|(name, _)| format!("{place}: '{name}' is not described")).collect();
    for parameter in parameters {
        let values = values.iter().filter(|(name, _)| *name == parameter.name);
        let values: Vec<&str> = values.map(|(_, value)| value.as_str()).collect();
        violations.extend(parameter.violations(&values).iter().map(|violation| format!("{place}: {violation}")));
    }
    violations
}
