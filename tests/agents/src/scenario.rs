//! What the scripted model answers, turn by turn. A prompt names its scenario: `scenario: edit`.

/// One answer of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Run a command line in the worktree.
    Command(&'static str),
    /// Write a whole new file.
    Write {
        /// Below the worktree.
        path: &'static str,
        /// The file's text.
        text: &'static str,
    },
    /// Say something and end the turn.
    Say(&'static str),
}

/// A named list of answers: one per request of a turn.
pub struct Scenario {
    /// What the prompt names.
    pub name: &'static str,
    /// The answers, the last one a [`Answer::Say`].
    pub answers: &'static [Answer],
}

/// How many lines the long output has.
pub const LONG_OUTPUT_LINES: usize = 20_000;

/// Unicode of several planes and directions, and colours, as the command of `unicode` prints them.
pub const UNICODE_TEXT: &str = "naïve 日本語 👩‍👩‍👧 עברית";

/// All scenarios.
pub const SCENARIOS: [Scenario; 11] = [
    Scenario {
        name: "edit",
        answers: &[
            Answer::Write { path: "greeting.txt", text: "hello from the scripted model\n" },
            Answer::Command("cat greeting.txt"),
            Answer::Say("Wrote **greeting.txt** and read it back."),
        ],
    },
    Scenario {
        name: "failing",
        answers: &[Answer::Command("echo about to fail; exit 3"), Answer::Say("The command failed with exit code 3.")],
    },
    Scenario { name: "long", answers: &[Answer::Command("seq 1 20000"), Answer::Say("Counted to 20,000.")] },
    Scenario {
        name: "unicode",
        answers: &[
            Answer::Command(r"printf '\033[31mred\033[0m naïve 日本語 👩‍👩‍👧 עברית\n'"),
            Answer::Say("Ünïcode 日本語 👩‍👩‍👧 works."),
        ],
    },
    Scenario {
        name: "permission",
        answers: &[
            Answer::Write { path: "permitted.txt", text: "somebody allowed it\n" },
            Answer::Say("Went on after the answer."),
        ],
    },
    Scenario { name: "speak", answers: &[Answer::Say("I am here.")] },
    Scenario { name: "stop", answers: &[Answer::Command("echo started; sleep 600"), Answer::Say("Slept well.")] },
    Scenario {
        name: "stop-setsid",
        answers: &[Answer::Command("setsid sleep 600 & echo started; sleep 600"), Answer::Say("Slept well.")],
    },
    Scenario {
        name: "stop-nohup",
        answers: &[
            Answer::Command("nohup sleep 600 > /dev/null 2>&1 & echo started; sleep 600"),
            Answer::Say("Slept well."),
        ],
    },
    Scenario {
        name: "stop-daemon",
        answers: &[
            Answer::Command("setsid --fork setsid --fork sleep 600; echo started; sleep 600"),
            Answer::Say("Slept well."),
        ],
    },
    Scenario {
        name: "stop-deaf",
        answers: &[
            Answer::Command("trap '' TERM INT HUP; echo started; while :; do sleep 1; done"),
            Answer::Say("Slept well."),
        ],
    },
];

/// The answer to the request that follows `results` tool results in the turn of `prompt`.
pub fn answer(prompt: &str, results: usize) -> Answer {
    let name = prompt.split("scenario: ").nth(1).and_then(|rest| rest.split_whitespace().next());
    SCENARIOS
        .iter()
        .find(|scenario| Some(scenario.name) == name)
        .and_then(|scenario| scenario.answers.get(results).or(scenario.answers.last()))
        .copied()
        .unwrap_or(Answer::Say("A title"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_walks_through_its_scenario() {
        assert_eq!(answer("please, scenario: failing now", 0), Answer::Command("echo about to fail; exit 3"));
        assert!(matches!(answer("scenario: failing", 1), Answer::Say(_)));
        assert!(matches!(answer("make a title", 0), Answer::Say("A title")));
    }
}
