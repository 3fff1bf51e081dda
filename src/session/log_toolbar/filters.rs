//! What of the log is left out.

use session_log::{Level, Showing, StepClass};

use crate::ui::{MenuItem, MenuItemKind, counted};

const ERRORS: &str = "errors";
const OUTPUT: &str = "output";
const EVERYTHING: &str = "everything";

const CLASSES: [(StepClass, &str, &str); 10] = [
    (StepClass::Message, "message", "Messages"),
    (StepClass::Reasoning, "reasoning", "Thoughts"),
    (StepClass::Run, "run", "Commands"),
    (StepClass::Edit, "edit", "Changes"),
    (StepClass::Read, "read", "Reads"),
    (StepClass::Search, "search", "Searches"),
    (StepClass::Fetch, "fetch", "Fetches"),
    (StepClass::Agent, "agent", "Sub-agents"),
    (StepClass::Tool, "tool", "Other tools"),
    (StepClass::Info, "info", "Notes of the server"),
];

/// What the button says.
pub fn word(showing: &Showing) -> String {
    if showing.is_errors_only {
        return "Errors only".to_owned();
    }
    let kinds = showing.hidden.len() + usize::from(showing.hides_output);
    let hidden = showing.hidden.first().and_then(|hidden| CLASSES.iter().find(|(class, ..)| class == hidden));
    match (kinds, hidden) {
        (0, _) => "None".to_owned(),
        (1, Some((_, _, label))) => ["Without ", &label.to_lowercase()].concat(),
        (1, None) => "Without output".to_owned(),
        (kinds, _) => ["Without ", &kinds.to_string(), " kinds"].concat(),
    }
}

/// What the filter leaves out of this log, for the line beside the tools; empty when it is nothing.
pub fn sentence(showing: &Showing, steps: usize) -> String {
    let closes_output = showing.hides_output
        && match showing.level {
            Level::Sessions | Level::Messages | Level::Steps => true,
            // These say themselves what is open.
            Level::Lines | Level::All => false,
        };
    let left_out = (steps > 0).then(|| [&counted(steps, "step"), " left out"].concat());
    let output = closes_output.then(|| "output of tools closed".to_owned());
    let mut parts: Vec<String> = left_out.into_iter().chain(output).collect();
    if let Some(first) = parts.first_mut() {
        first.replace_range(..1, &first[..1].to_uppercase());
    }
    parts.join(", ")
}

/// The menu.
pub fn items(showing: &Showing) -> Vec<MenuItem> {
    let tick = |value: &str, label: &str, is_ticked, group| MenuItem {
        value: value.to_owned(),
        label: label.to_owned(),
        kind: MenuItemKind::Tick { is_ticked },
        group,
    };
    let shown = CLASSES.iter().map(|&(class, value, label)| {
        tick(value, label, !showing.is_errors_only && !showing.hidden.contains(&class), "Shown")
    });
    let mut items = vec![tick(ERRORS, "Errors only", showing.is_errors_only, "")];
    items.extend(shown);
    items.push(tick(OUTPUT, "Output of tools", !showing.hides_output, "Shown"));
    items.push(MenuItem {
        value: EVERYTHING.to_owned(),
        label: "Show everything".to_owned(),
        kind: MenuItemKind::Action,
        group: "Shown",
    });
    items
}

/// An item was chosen.
pub fn choose(showing: &mut Showing, value: &str) {
    match value {
        ERRORS => showing.is_errors_only = !showing.is_errors_only,
        OUTPUT => showing.hides_output = !showing.hides_output,
        EVERYTHING => clear(showing),
        _ => {
            let Some((class, ..)) = CLASSES.iter().find(|(_, name, _)| *name == value) else { return };
            // Nothing can be ticked or not while errors stand alone.
            let is_hidden = !std::mem::take(&mut showing.is_errors_only) && !showing.hidden.contains(class);
            showing.hide(*class, is_hidden);
        }
    }
}

/// Leaves nothing out.
pub fn clear(showing: &mut Showing) {
    showing.hidden.clear();
    (showing.is_errors_only, showing.hides_output) = (false, false);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unticked_is_left_out_and_comes_back() {
        let mut showing = Showing::default();
        assert_eq!(word(&showing), "None");
        choose(&mut showing, "read");
        assert_eq!(word(&showing), "Without reads");
        assert_eq!(sentence(&showing, 1), "1 step left out");
        choose(&mut showing, "output");
        let hidden = showing.hidden.as_slice();
        assert_eq!((word(&showing).as_str(), hidden), ("Without 2 kinds", &[StepClass::Read][..]));
        assert_eq!(sentence(&showing, 2), "2 steps left out, output of tools closed");
        choose(&mut showing, "read");
        assert_eq!(word(&showing), "Without output");
        assert_eq!(sentence(&showing, 0), "Output of tools closed");
        showing.level = Level::All;
        assert_eq!(sentence(&showing, 0), "");
        choose(&mut showing, "errors");
        assert_eq!(word(&showing), "Errors only");
        choose(&mut showing, "message");
        assert!(!showing.is_errors_only && !showing.hidden.contains(&StepClass::Message));
        choose(&mut showing, "everything");
        assert_eq!(showing, Showing { level: Level::All, ..Showing::default() });
    }
}
