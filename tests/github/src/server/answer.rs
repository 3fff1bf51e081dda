//! An answer before it is sent: what is held against the description, and what is put over it afterwards.

use serde_json::{Value, json};

const DOCUMENTATION: &str = "https://docs.github.com/rest";

/// What comes back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// What it holds.
    pub body: Body,
    /// More headers.
    pub headers: Vec<(&'static str, String)>,
    /// What is put over the value at a JSON pointer once the answer was found to be right.
    pub oddities: Vec<(String, Value)>,
}

/// What an answer holds.
#[derive(Debug, Clone)]
pub enum Body {
    /// JSON, which is held against the description.
    Json(Value),
    /// Text of a media type.
    Text(&'static str, String),
}

impl Answer {
    /// JSON.
    pub fn json(status: u16, body: Value) -> Self {
        Self { status, body: Body::Json(body), headers: Vec::new(), oddities: Vec::new() }
    }

    /// A diff.
    pub fn diff(text: String) -> Self {
        Self::text(200, "application/vnd.github.diff; charset=utf-8", text)
    }

    /// A page of HTML, as from a gateway.
    pub fn html(status: u16, text: &str) -> Self {
        Self::text(status, "text/html; charset=utf-8", text.into())
    }

    /// A refusal in GitHub's form.
    pub fn error(status: u16, message: &str) -> Self {
        Self::error_with(status, message, json!({}))
    }

    /// A refusal in GitHub's form, with more fields.
    pub fn error_with(status: u16, message: &str, more: Value) -> Self {
        let mut body = json!({ "message": message, "documentation_url": DOCUMENTATION, "status": status.to_string() });
        merge(&mut body, more);
        Self::json(status, body)
    }

    /// 404.
    pub fn not_found() -> Self {
        Self::error(404, "Not Found")
    }

    /// With a header.
    pub fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Puts the oddities over the body.
    pub fn become_odd(&mut self) {
        let Body::Json(body) = &mut self.body else { return };
        for (pointer, oddity) in std::mem::take(&mut self.oddities) {
            if let Some(place) = body.pointer_mut(&pointer) {
                merge(place, oddity);
            }
        }
    }

    fn text(status: u16, media_type: &'static str, text: String) -> Self {
        Self { status, body: Body::Text(media_type, text), headers: Vec::new(), oddities: Vec::new() }
    }
}

/// Puts the fields of one object over those of another.
pub fn merge(value: &mut Value, over: Value) {
    match (value, over) {
        (Value::Object(fields), Value::Object(over)) => over.into_iter().for_each(|(name, inner)| {
            let place = fields.entry(name).or_insert(Value::Null);
            if place.is_object() { merge(place, inner) } else { *place = inner }
        }),
        (value, over) => *value = over,
    }
}
