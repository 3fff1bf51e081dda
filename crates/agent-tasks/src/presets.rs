//! The connections that a host gives its visitors: the file `config.json` beside the page.

use serde::{Deserialize, Serialize};

use crate::from_json::{FromJson, Value};
use crate::server::Edition;

/// The name of the file, beside the page's `index.html`.
pub const PRESETS_FILE: &str = "config.json";

/// What `config.json` says. It never carries a token; a field of that name is not read.
///
/// It is read entry by entry: one that does not fit, of another version or with a mistake in it, is passed over.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PagePresets {
    /// The connections to offer, in order.
    pub connections: Vec<Preset>,
}

impl FromJson for PagePresets {
    fn from_json(json: &Value) -> Option<Self> {
        let entries = json.get("connections").and_then(Value::as_array);
        Some(Self { connections: entries.into_iter().flatten().filter_map(Preset::from_json).collect() })
    }
}

/// A connection that is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Preset {
    /// For people.
    pub name: String,
    /// Where the API is: absolute, or a path of the page's own origin (`/api`).
    pub base: String,
    /// Which edition of the API is spoken there.
    pub edition: Edition,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entry_that_cannot_be_read_takes_no_other_with_it() {
        let good = json!({"name": "GitHub", "base": "https://api.github.com", "edition": "github"});
        let own = json!({"name": "Here", "base": "/api", "edition": "companion", "later": {}});
        let bad = [
            json!({"name": "x", "base": "https://gitlab.test", "edition": "gitlab"}),
            json!({"name": "x", "edition": "github"}),
            json!({"name": 7, "base": "/api", "edition": "github"}),
            json!(null),
            json!([]),
        ];
        let all: Vec<_> = bad.iter().chain([&good]).chain(&bad).chain([&own]).collect();
        let read = PagePresets::from_json(&json!({ "connections": all })).unwrap();
        assert_eq!(read.connections.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["GitHub", "Here"]);
        for nothing in [json!(null), json!([]), json!("x"), json!({}), json!({"connections": {}})] {
            assert_eq!(PagePresets::from_json(&nothing), Some(PagePresets::default()), "{nothing}");
        }
    }
}
