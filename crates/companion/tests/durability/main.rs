//! What is acknowledged stays: the real program, killed again and again, with a full disk, a locked and a damaged file.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should panic")]

mod damage;
mod disk;
mod kills;
mod program;
mod rates;
mod reader;
mod readers;
