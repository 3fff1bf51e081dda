//! Which moments stand beside the steps.

use crate::store::Moments;
use crate::ui::{MenuItem, MenuItemKind};

const ALL: [(Moments, &str, &str); 4] = [
    (Moments::None, "none", "No times"),
    (Moments::Clock, "clock", "Time of day"),
    (Moments::SinceStart, "since_start", "Since the session's start"),
    (Moments::SinceLast, "since_last", "Since the step before"),
];

/// What the button says.
pub fn word(moments: Moments) -> &'static str {
    match moments {
        Moments::None => "None",
        Moments::Clock => "Clock",
        Moments::SinceStart => "Start",
        Moments::SinceLast => "Step",
    }
}

/// The menu.
pub fn items(chosen: Moments) -> Vec<MenuItem> {
    let item = |&(moments, value, label): &(Moments, &str, &str)| MenuItem {
        value: value.to_owned(),
        label: label.to_owned(),
        kind: MenuItemKind::OneOf { is_chosen: moments == chosen },
        group: "",
    };
    ALL.iter().map(item).collect()
}

/// The moments that `value` stands for.
pub fn of(value: &str) -> Moments {
    ALL.iter().find(|(_, name, _)| *name == value).map_or(Moments::None, |(moments, ..)| *moments)
}
