//! What the tests of real agents are made of: a scripted model on loopback that speaks the two protocols
//! that OpenCode and Codex speak to theirs, and the scenarios it plays.
//!
//! No login and no network: the agents are real, the model is not.

pub mod lab;
pub mod model;
pub mod scenario;
