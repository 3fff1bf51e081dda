//! A strict stand-in for `api.github.com`, made of GitHub's own description of its API.
//!
//! The description comes from npm while the tests run; nothing of it is in this repository.

mod contract;
mod description;

pub use contract::folder as contract_folder;
pub use description::{Described, Description, NotDescribed, Operation};
