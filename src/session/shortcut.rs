//! The keys of a log as a table: which key does what, in words for people.

use super::find_bar::Way;

/// A key of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortcut {
    /// The keys that do it, as the browser names them: a capital letter with the shift key, `Alt+` before a name.
    pub keys: &'static [&'static str],
    /// What it does, for people.
    pub does: &'static str,
    /// The same for the program.
    pub act: Act,
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// To the step beside this one.
    Step(Way),
    /// To the prompt beside this step.
    Prompt(Way),
    /// To the error beside this step.
    Error(Way),
    /// To the hit beside this one.
    Hit(Way),
    /// Opens or closes the step.
    Fold,
    /// To the first step.
    First,
    /// To the last step, and stays at the end.
    Last,
    /// Shows or hides the outline.
    Outline,
    /// Copies the link to the line or step.
    Link,
    /// Lists the keys.
    Keys,
    /// Opens the find bar.
    Find,
    /// To the button or link beside what has the focus.
    Control(Way),
}

const SHORTCUTS: [Shortcut; 17] = [
    Shortcut { keys: &["j", "Alt+ArrowDown"], does: "Next step", act: Act::Step(Way::Next) },
    Shortcut { keys: &["k", "Alt+ArrowUp"], does: "Previous step", act: Act::Step(Way::Previous) },
    Shortcut { keys: &["p"], does: "Next prompt", act: Act::Prompt(Way::Next) },
    Shortcut { keys: &["P"], does: "Previous prompt", act: Act::Prompt(Way::Previous) },
    Shortcut { keys: &["e"], does: "Next error", act: Act::Error(Way::Next) },
    Shortcut { keys: &["E"], does: "Previous error", act: Act::Error(Way::Previous) },
    Shortcut { keys: &["n"], does: "Next hit", act: Act::Hit(Way::Next) },
    Shortcut { keys: &["N"], does: "Previous hit", act: Act::Hit(Way::Previous) },
    Shortcut { keys: &["ArrowRight"], does: "Next button or link of the log", act: Act::Control(Way::Next) },
    Shortcut { keys: &["ArrowLeft"], does: "Previous button or link of the log", act: Act::Control(Way::Previous) },
    Shortcut { keys: &["o"], does: "Open or close the step", act: Act::Fold },
    Shortcut { keys: &["g"], does: "First step", act: Act::First },
    Shortcut { keys: &["G"], does: "Last step", act: Act::Last },
    Shortcut { keys: &["m"], does: "Show or hide the outline", act: Act::Outline },
    Shortcut { keys: &["l"], does: "Copy the link to this line or step", act: Act::Link },
    Shortcut { keys: &["?"], does: "Show these keys", act: Act::Keys },
    Shortcut { keys: &["/"], does: "Find", act: Act::Find },
];

/// The keys of the log, for a list of all shortcuts.
pub fn shortcuts() -> &'static [Shortcut] {
    &SHORTCUTS
}

/// The shortcut of a key that was pressed. Letters may be turned off; other keys always act.
pub fn shortcut_of(key: &str, has_letters: bool) -> Option<&'static Shortcut> {
    let is_letter = key.chars().count() == 1;
    let mut meant = SHORTCUTS.iter().filter(|_| has_letters || !is_letter);
    meant.find(|shortcut| shortcut.keys.contains(&key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_does_one_thing_and_says_what() {
        for (index, shortcut) in shortcuts().iter().enumerate() {
            assert!(!shortcut.does.is_empty() && !shortcut.keys.is_empty());
            let others = &shortcuts()[index + 1..];
            let is_other = |other: &Shortcut| {
                other.act != shortcut.act && other.keys.iter().all(|key| !shortcut.keys.contains(key))
            };
            assert!(others.iter().all(is_other), "{shortcut:?}");
        }
    }

    #[test]
    fn a_log_can_be_read_by_keys_without_letters() {
        let act = |key| shortcut_of(key, false).map(|shortcut| shortcut.act);
        assert_eq!((act("j"), act("/")), (None, None));
        assert_eq!(act("Alt+ArrowDown"), Some(Act::Step(Way::Next)));
        assert_eq!(act("ArrowLeft"), Some(Act::Control(Way::Previous)));
        assert_eq!(shortcut_of("j", true).map(|shortcut| shortcut.act), Some(Act::Step(Way::Next)));
    }
}
