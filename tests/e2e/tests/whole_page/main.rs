//! The stories of the whole page, told by `cargo xtask test`.

mod access;
mod github_follow_up;
mod github_start;
mod github_stop;
mod harness;
mod hosted;
mod later;
mod long_output;
mod many;
mod permission;
mod picture;
mod reconnect;
mod refusals;
mod stand_in;
mod start;
mod stop;
