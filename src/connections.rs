//! The server that the page works with: how to get in, and what stands there.

mod connect_panel;
mod connection_details;

pub use connect_panel::{ConnectPanel, NewToken};
pub use connection_details::{ConnectionDetails, link_sentence};
