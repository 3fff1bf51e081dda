//! How the page is served, whoever serves it: the companion's answers and the files for static hosts say
//! the same because they are made from this.

pub mod caching;
mod policy;

pub use policy::{Policy, without_meta};
