//! The servers that a person added, as the device keeps them: one list for all tabs. A tab changes only the entry
//! that it is about, and an entry that this version cannot read stays as it is.

use agent_tasks::{FromJson as _, PagePresets, Preset};
use serde_json::{Value, json};

use super::storage::{self, CONNECTIONS_KEY, Keep};
use crate::api::read_json;

/// Those that can be read.
pub(super) fn read() -> Vec<Preset> {
    PagePresets::from_json(&list()).unwrap_or_default().connections
}

/// Keeps a server, in the place of one that has its address.
pub(super) fn keep(server: &Preset) {
    write(&changed(&list(), &server.base, Some(json!(server))));
}

/// Takes the server at `base` out.
pub(super) fn remove(base: &str) {
    write(&changed(&list(), base, None));
}

/// What is kept now, by whichever tab.
fn list() -> Value {
    storage::read(Keep::Device, CONNECTIONS_KEY).and_then(|text| read_json(&text)).unwrap_or_default()
}

fn write(list: &Value) {
    storage::write(Keep::Device, CONNECTIONS_KEY, &list.to_string());
}

/// The list with `entry` in the place of the one at `base`.
fn changed(list: &Value, base: &str, entry: Option<Value>) -> Value {
    let mut entries = list["connections"].as_array().cloned().unwrap_or_default();
    let place = entries.iter().position(|kept| kept["base"] == base);
    match (place, entry) {
        (Some(place), Some(entry)) => entries[place] = entry,
        (Some(place), None) => drop(entries.remove(place)),
        (None, Some(entry)) => entries.push(entry),
        (None, None) => {}
    }
    json!({ "connections": entries })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_leaves_the_entries_of_other_tabs_and_versions() {
        let (here, new) = (json!({"base": "https://a.test"}), json!({"base": "https://b.test"}));
        let strange = json!({"base": "https://gitlab.test", "edition": "gitlab", "more": [1]});
        let list = |entries: &[&Value]| json!({ "connections": entries });
        let check = |before: Value, base: &str, entry: Option<&Value>, after: Value| {
            assert_eq!(changed(&before, base, entry.cloned()), after, "{before} {base}");
        };
        check(list(&[&here, &strange]), "https://b.test", Some(&new), list(&[&here, &strange, &new]));
        check(list(&[&here, &strange, &new]), "https://a.test", None, list(&[&strange, &new]));
        check(list(&[&strange]), "https://a.test", None, list(&[&strange]));
        let renamed = json!({"base": "https://a.test", "name": "A"});
        check(list(&[&here, &new]), "https://a.test", Some(&renamed), list(&[&renamed, &new]));
        for nothing in [json!(null), json!([]), json!("x"), json!({"connections": 7})] {
            check(nothing, "https://b.test", Some(&new), list(&[&new]));
        }
    }
}
