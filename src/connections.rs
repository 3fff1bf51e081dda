//! The servers that the page works with: how to get in, and what stands there. Nothing here sends a request;
//! a server is asked only after a person pressed a button that says so.

mod add_form;
mod closed_server;
mod connect_panel;
mod connection_card;
mod connections_panel;
mod entry;
mod known_server;
mod linked_server;
mod local_access_notice;
mod permission_table;
mod sentence;
mod token_fields;
mod token_form;

pub use add_form::NewConnection;
pub use closed_server::ClosedServer;
pub use connect_panel::ConnectPanel;
pub use connections_panel::ConnectionsPanel;
pub use entry::Keeping;
pub use linked_server::LinkedServer;
pub use local_access_notice::LOCAL_ACCESS_DENIED;
pub use sentence::connections_sentence;
pub use token_fields::NewToken;
