//! Lines that are events already: this page's downloads, and Copilot CLI's own file.

use agent_tasks::event::EventBody;
use agent_tasks::{Event, FromJson};
use serde_json::Value;

use crate::telling::Telling;

/// Reads a line, or a saved window of several events.
pub fn read(line: Value, telling: &mut Telling) {
    if let Some(events) = line["events"].as_array() {
        for event in events {
            read_one(event, telling);
        }
        return;
    }
    read_one(&line, telling);
}

fn read_one(line: &Value, telling: &mut Telling) {
    let Some(event) = Event::from_json(line) else {
        telling.happened(&line["timestamp"]);
        telling.json_as_it_is(line["type"].as_str().unwrap_or_default(), line.clone());
        return;
    };
    match &event.body {
        EventBody::Unknown(_) => telling.told.not_understood += 1,
        EventBody::SessionTitleChanged(named) => telling.told.title = Some(named.title.clone()),
        _ => {}
    }
    telling.session.clone_from(&event.session_id);
    telling.pass(event);
}
