//! What a person asks an agent to do, checked in one place for both sides.

/// The longest prompt, in bytes of UTF-8.
pub const PROMPT_BYTES_MAX: usize = 256 * 1024;
/// The longest title that is derived from a prompt, in characters.
const TITLE_CHARS_MAX: usize = 80;

/// A prompt that may be sent: trimmed, not empty, not too long, without NUL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt(String);

/// Why a text is no prompt. The sentences say what to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptError {
    /// Nothing but white space.
    Empty,
    /// More than [`PROMPT_BYTES_MAX`] bytes; carries how many.
    TooLong(usize),
    /// Holds the NUL character, which agents and databases cut text at.
    HoldsNul,
}

impl std::fmt::Display for PromptError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => out.write_str("the prompt is empty; write what the agent should do"),
            Self::TooLong(bytes) => write!(
                out,
                "the prompt has {bytes} bytes and at most {PROMPT_BYTES_MAX} fit; put the long text into a file of the \
                 repository and name that file"
            ),
            Self::HoldsNul => out.write_str("the prompt holds a NUL character; remove it"),
        }
    }
}

impl std::error::Error for PromptError {}

impl Prompt {
    /// Checks and trims `text`.
    pub fn parse(text: &str) -> Result<Self, PromptError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PromptError::Empty);
        }
        if text.len() > PROMPT_BYTES_MAX {
            return Err(PromptError::TooLong(text.len()));
        }
        if text.contains('\0') {
            return Err(PromptError::HoldsNul);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text, trimmed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A title: the first line that says something, without control characters, at most 80 characters.
    pub fn title(&self) -> String {
        let line = self.0.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let mut chars = line.chars().filter(|char| !char.is_control());
        let mut title: String = chars.by_ref().take(TITLE_CHARS_MAX).collect();
        if chars.next().is_some() {
            title.pop();
            title.truncate(title.trim_end().len());
            title.push('…');
        }
        title
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_prompts_are_refused_with_the_reason() {
        assert_eq!(Prompt::parse(" \n\t "), Err(PromptError::Empty));
        assert_eq!(Prompt::parse("a\0b"), Err(PromptError::HoldsNul));
        assert_eq!(Prompt::parse(&"x".repeat(1_000_000)), Err(PromptError::TooLong(1_000_000)));
        assert!(Prompt::parse(&"x".repeat(PROMPT_BYTES_MAX)).is_ok());
    }

    #[test]
    fn control_characters_other_than_nul_are_kept() {
        assert_eq!(
            Prompt::parse("why \u{1b}[31mred\u{1b}[0m?\u{7}").unwrap().as_str(),
            "why \u{1b}[31mred\u{1b}[0m?\u{7}"
        );
    }

    #[test]
    fn the_title_is_the_first_line_cut_to_its_limit() {
        assert_eq!(Prompt::parse("\n\n Fix it \n now").unwrap().title(), "Fix it");
        let long = Prompt::parse(&"ä".repeat(200)).unwrap().title();
        assert_eq!((long.chars().count(), long.ends_with('…')), (TITLE_CHARS_MAX, true));
    }
}
