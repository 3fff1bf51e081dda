//! The page: every coding agent's tasks, their status, their logs, and Stop.
//!
//! It is a client and nothing more: truth is on the server, and what the page knows is a copy that the
//! server's streams keep fresh. Data comes in through [`api`] (requests) and [`live`] (streams), is kept as
//! plain values in [`store`], and is shown by [`tasks`], [`session`], [`files`] and [`connections`] with the kit in
//! [`ui`]. These get state and callbacks as props and send nothing; [`app`] wires all of it.

pub mod api;
pub mod app;
pub mod connections;
pub mod files;
pub mod live;
pub mod session;
pub mod store;
pub mod tasks;
pub mod ui;
