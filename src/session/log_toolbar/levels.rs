//! How much of the log is open: the levels, and all steps of a sort.

use session_log::{Level, Showing, StepClass};

use crate::ui::{MenuItem, MenuItemKind};

const LEVELS: [(Level, &str, &str); 5] = [
    (Level::Sessions, "sessions", "Sessions only"),
    (Level::Messages, "messages", "Prompts and messages"),
    (Level::Lines, "lines", "Close all: one line each"),
    (Level::Steps, "steps", "Steps, as they need it"),
    (Level::All, "all", "Open all"),
];

const CLASSES: [(StepClass, &str, &str); 8] = [
    (StepClass::Reasoning, "reasoning", "Thoughts open"),
    (StepClass::Run, "run", "Commands open"),
    (StepClass::Edit, "edit", "Changes open"),
    (StepClass::Read, "read", "Reads open"),
    (StepClass::Search, "search", "Searches open"),
    (StepClass::Fetch, "fetch", "Fetches open"),
    (StepClass::Agent, "agent", "Sub-agents open"),
    (StepClass::Tool, "tool", "Other tools open"),
];

/// What the button says.
pub fn word(level: Level) -> &'static str {
    match level {
        Level::Sessions => "Sessions",
        Level::Messages => "Messages",
        Level::Lines => "Lines",
        Level::Steps => "Steps",
        Level::All => "All",
    }
}

/// The menu.
pub fn items(showing: &Showing) -> Vec<MenuItem> {
    let levels = LEVELS.iter().map(|&(level, value, label)| MenuItem {
        value: value.to_owned(),
        label: label.to_owned(),
        kind: MenuItemKind::OneOf { is_chosen: showing.level == level },
        group: "How much is open",
    });
    let classes = CLASSES.iter().map(|&(class, value, label)| MenuItem {
        value: value.to_owned(),
        label: label.to_owned(),
        kind: MenuItemKind::Tick { is_ticked: is_open(showing, class) },
        group: "All of one kind",
    });
    levels.chain(classes).collect()
}

/// What is shown once `value` was chosen.
pub fn choose(showing: &Showing, value: &str) -> Option<Showing> {
    let mut showing = showing.clone();
    if let Some((level, ..)) = LEVELS.iter().find(|(_, name, _)| *name == value) {
        showing.set_level(*level);
        return Some(showing);
    }
    let (class, ..) = CLASSES.iter().find(|(_, name, _)| *name == value)?;
    let is_open = is_open(&showing, *class);
    showing.fold_class(*class, !is_open);
    Some(showing)
}

fn is_open(showing: &Showing, class: StepClass) -> bool {
    showing.opened.contains(&class) || (showing.level == Level::All && !showing.closed.contains(&class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_is_unticked_is_as_it_was_before() {
        for (level, ..) in LEVELS {
            let before = Showing { level, ..Showing::default() };
            let once = choose(&before, "run").unwrap();
            assert_ne!(is_open(&once, StepClass::Run), is_open(&before, StepClass::Run));
            assert_eq!(choose(&once, "run"), Some(before));
        }
    }
}
