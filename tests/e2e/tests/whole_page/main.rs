//! The stories of the whole page, told by `cargo xtask test`.

mod harness;
mod permission;
mod reconnect;
mod refusals;
mod start;
mod stop;
