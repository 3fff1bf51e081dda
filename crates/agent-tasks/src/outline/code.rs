//! The two letters that say what a step is and where it stands.

use crate::event::ToolKind;

/// What a step is and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StepCode {
    /// What it is.
    pub kind: StepCodeKind,
    /// Where it stands.
    pub state: StepState,
}

/// What a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepCodeKind {
    /// A session begins.
    Session,
    /// What a person asked.
    Prompt,
    /// Lines worth knowing.
    Info,
    /// A thought.
    Reasoning,
    /// A message of the agent.
    Message,
    /// A tool call.
    Tool(ToolKind),
    /// The newest plan of its session.
    NewestPlan,
    /// An older plan.
    Plan,
    /// A permission request.
    Permission,
    /// Something went wrong.
    Error,
    /// Somebody asked to stop.
    Stop,
    /// The session is over.
    Shutdown,
    /// Of a type that is not known.
    Unknown,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepState {
    /// More of it is to come.
    Running,
    /// It waits for a person.
    Waiting,
    /// It is over.
    Succeeded,
    /// It went wrong.
    Failed,
    /// It was cut off.
    Cancelled,
}

/// Writes both directions of a table of letters; the first one must name every value.
macro_rules! letters {
    ($type:ident, $unknown:expr, $($value:pat => $made:expr, $letter:literal;)*) => {
        impl $type {
            /// Its letter.
            pub const fn letter(self) -> char {
                match self { $($value => $letter,)* }
            }

            /// What a letter says; one that a newer server made up says the least.
            pub const fn of_letter(letter: char) -> Self {
                match letter { $($letter => $made,)* _ => $unknown }
            }

            #[cfg(test)]
            const ALL: &[Self] = &[$($made),*];
        }
    };
    ($type:ident, $unknown:ident, $($value:ident $(($inner:ident))? = $letter:literal),* $(,)?) => {
        letters!($type, $type::$unknown, $(
            $type::$value $((ToolKind::$inner))? => $type::$value $((ToolKind::$inner))?, $letter;
        )*);
    };
}

letters!(
    StepCodeKind,
    Unknown,
    Session = 's',
    Prompt = 'p',
    Info = 'i',
    Reasoning = 'r',
    Message = 'm',
    Tool(Read) = 'R',
    Tool(Edit) = 'E',
    Tool(Delete) = 'D',
    Tool(Move) = 'M',
    Tool(Search) = 'S',
    Tool(Execute) = 'X',
    Tool(Think) = 'T',
    Tool(Fetch) = 'F',
    Tool(SwitchMode) = 'W',
    Tool(Other) = 'O',
    NewestPlan = 'L',
    Plan = 'l',
    Permission = 'q',
    Error = 'e',
    Stop = 'h',
    Shutdown = 'z',
    Unknown = 'u',
);

letters!(StepState, Succeeded, Running = 'r', Waiting = 'w', Succeeded = 's', Failed = 'f', Cancelled = 'c',);

impl StepCode {
    /// Appends its two letters.
    pub fn write(self, codes: &mut String) {
        codes.push(self.kind.letter());
        codes.push(self.state.letter());
    }

    /// Its two letters.
    pub fn letters(self) -> String {
        let mut code = String::with_capacity(2);
        self.write(&mut code);
        code
    }

    /// What two letters say; a missing one says the least.
    pub fn read(letters: &str) -> Self {
        let mut letters = letters.chars();
        Self::of(letters.next().unwrap_or('?'), letters.next().unwrap_or('?'))
    }

    /// What the letters of many steps say.
    pub fn read_all(codes: &str) -> impl Iterator<Item = Self> {
        let mut letters = codes.chars();
        std::iter::from_fn(move || Some(Self::of(letters.next()?, letters.next().unwrap_or('?'))))
    }

    /// Whether later events may name the step without beginning it again: it is not over, is a session, or the plan
    /// that the next one outdates.
    pub const fn is_open(self) -> bool {
        matches!(self.state, StepState::Running | StepState::Waiting)
            || matches!(self.kind, StepCodeKind::Session | StepCodeKind::NewestPlan)
    }

    const fn of(kind: char, state: char) -> Self {
        Self { kind: StepCodeKind::of_letter(kind), state: StepState::of_letter(state) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_lead_there_and_back() {
        for &kind in StepCodeKind::ALL {
            for &state in StepState::ALL {
                let code = StepCode { kind, state };
                assert_eq!(StepCode::read(&code.letters()), code);
                assert_eq!(code.letters().len(), 2);
            }
        }
    }

    #[test]
    fn unknown_letters_say_the_least() {
        let least = StepCode { kind: StepCodeKind::Unknown, state: StepState::Succeeded };
        assert_eq!(StepCode::read("?!"), least);
        assert_eq!(StepCode::read(""), least);
        assert_eq!(StepCode::read_all("Xrép").count(), 2);
    }
}
