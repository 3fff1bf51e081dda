//! The stories of the whole page, told by `cargo xtask test`.

mod access;
mod github_faults;
mod github_follow_up;
mod github_list;
mod github_look;
mod github_polls;
mod github_session;
mod github_start;
mod github_stop;
mod harness;
mod hosted;
mod later;
mod local_access;
mod long_output;
mod many;
mod many_servers;
mod permission;
mod picture;
mod reconnect;
mod recorded;
mod refusals;
mod stand_in;
mod start;
mod stop;
mod tabs;
mod tokens;
