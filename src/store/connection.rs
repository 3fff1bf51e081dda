//! Whether the page may talk to its server.

/// The page's standing with its server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// A pairing code is being traded for a token.
    Pairing,
    /// There is no token. Carries why, where something went wrong.
    NoToken(Option<String>),
    /// There is a token, and nothing has refused it.
    Open {
        /// Whether the token outlives the tab.
        is_remembered: bool,
    },
}

impl Connection {
    /// Whether requests can be sent.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Open { .. } => true,
            Self::Pairing | Self::NoToken(_) => false,
        }
    }
}
