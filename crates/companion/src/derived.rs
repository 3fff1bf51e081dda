//! What is derived from the logs for those who read them: outlines, search, files to take away. Knows the log and how
//! it is folded; nothing of HTTP or of agents. Nothing here is on the path of a commit: it reads what is on disk.

mod download;
mod outline_fold;
mod outliner;
mod outlines;
mod search_answer;
mod search_fold;
mod searcher;
mod searches;
mod text_file;

pub use download::Download;
pub use outlines::{Following, Outlines};
pub use search_fold::HitRange;
pub use searches::Searches;

use crate::log::Log;

/// Everything that is derived. Cheap to clone.
#[derive(Clone)]
pub struct Derived {
    /// What there is in the logs, step by step.
    pub outlines: Outlines,
    /// Find in the logs.
    pub searches: Searches,
}

impl Derived {
    /// Of the logs in `log`. Nothing is read before somebody asks.
    pub fn new(log: &Log) -> Self {
        Self { outlines: Outlines::new(log.clone()), searches: Searches::new(log.clone()) }
    }
}
