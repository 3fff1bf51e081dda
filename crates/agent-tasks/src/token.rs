//! What a token may do, and how much of it is left.

/// What a server still lets a token ask within its present window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateBudget {
    /// Requests in a window.
    pub limit: u32,
    /// Those that are left.
    pub remaining: u32,
    /// When all are there again, in milliseconds since 1970.
    pub reset_ms: i64,
}

/// A permission that a token needs, and what trying it has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// As the form that makes the token names it: `Agent tasks`.
    pub name: &'static str,
    /// How much of it: `read and write`.
    pub access: &'static str,
    /// What the page does with it.
    pub purpose: &'static str,
    /// What a try has shown; absent where it was not tried or cannot be tried without doing something.
    pub is_granted: Option<bool>,
}
