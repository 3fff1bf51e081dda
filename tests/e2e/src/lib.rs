//! Stories of the whole page: the real companion, a real browser, and verbs to tell them with.
//!
//! A story is told on a [`Stage`]: a companion with a repository of its own and a page in a browser of its
//! own. At its end the page must not have complained (console, failed requests) and no process of its
//! sessions may be left. A story of the hosted page and GitHub is told on a [`Deck`].

mod companion;
mod complaints;
mod deck;
mod deck_requests;
mod log;
mod page;
mod processes;
mod proxy;
mod repository;
mod seen_requests;
mod stage;
mod static_host;
mod wait;
pub mod workload;

pub use companion::{Companion, Setting, binary};
pub use deck::{Deck, GITHUB_NAME, deck_story, deck_story_on};
pub use log::{ShownStep, steps_of};
pub use page::{Held, Page, Told};
pub use proxy::{Fault, Proxy};
pub use repository::make_repository;
pub use seen_requests::SeenRequest;
pub use stage::{Stage, story, story_with};
pub use static_host::{DIST, FRAME_PATH, SITE_PATH, Site, StaticHost};
pub use wait::{PATIENCE, until, until_within};
