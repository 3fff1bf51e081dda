//! A fine-grained personal access token: whose it is, and what it may do.

/// How far a permission goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// It was not given.
    None,
    /// To read.
    Read,
    /// To read and to write.
    Write,
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What the client sends.
    pub text: String,
    /// The user's number.
    pub user: u64,
    /// "Agent tasks".
    pub agent_tasks: Access,
    /// "Actions".
    pub actions: Access,
    /// "Pull requests".
    pub pulls: Access,
    /// "Issues".
    pub issues: Access,
    /// "Contents".
    pub contents: Access,
}

impl Token {
    /// One that may do all that a client may need.
    pub fn full(text: &str, user: u64) -> Self {
        let text = text.into();
        Self {
            text,
            user,
            agent_tasks: Access::Write,
            actions: Access::Write,
            pulls: Access::Write,
            issues: Access::Write,
            contents: Access::Read,
        }
    }
}
