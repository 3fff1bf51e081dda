pub mod api;
pub mod live;
pub mod session;
pub mod store;
