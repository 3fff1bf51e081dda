//! A strict stand-in for `api.github.com`, made of GitHub's own description of its API.
//!
//! The description comes from npm while the tests run; nothing of it is in this repository. A test fills a
//! [`World`], starts a [`StandIn`] with it, points the page at its address, and at the end sees that
//! [`StandIn::complaints`] is empty: whatever the description does not allow is refused as GitHub would, and
//! told there.

mod contract;
mod description;
mod server;
mod world;

pub use contract::folder as contract_folder;
pub use description::{Described, Description, NotDescribed, Operation};
pub use server::{ALWAYS, EVENTS, EVERY, Fault, GRAPHQL, REPOSITORY_BY_ID, Request, StandIn};
pub use world::{
    Access, Artifact, Comment, NodeId, NodeKind, OnCancel, Pull, Repository, Run, Session, Task, Token, User, World,
};
