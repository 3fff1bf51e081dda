//! The page.

pub mod session;
pub mod store;
