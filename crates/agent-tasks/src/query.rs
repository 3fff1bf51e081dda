//! The query strings of the lists, and the `Link` header.

use serde::{Deserialize, Serialize};

use crate::{SessionId, Timestamp};

/// How many tasks a page holds unless told otherwise.
pub const TASKS_PER_PAGE: u32 = 30;
/// The most tasks or events that a page holds.
pub const PER_PAGE_MAX: u32 = 100;
/// How many events a window holds unless told otherwise.
pub const EVENTS_LIMIT: u32 = 100;
/// The most events that a window holds.
pub const EVENTS_LIMIT_MAX: u32 = 1_000;

/// So many events are looked through at most for those that name something.
pub const OF_EVENTS_MAX: u64 = 50_000;

/// A window of events ends with the one that makes it longer than so many bytes of data.
pub const WINDOW_BYTES_MAX: usize = 1024 * 1024;

/// Which tasks to list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct TaskQuery {
    /// Tasks in a page: 30 unless told otherwise, at most 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = PER_PAGE_MAX)))]
    pub per_page: Option<u32>,
    /// The page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub page: Option<u32>,
    /// `updated_at` (unless told otherwise) or `created_at`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// `desc` unless told otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// States, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// True lists the archive only; otherwise what is not archived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
    /// Only tasks that changed at or after this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// What a list of tasks is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// The last change.
    #[default]
    UpdatedAt,
    /// The start.
    CreatedAt,
}

/// Which end of a list comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Oldest first.
    Asc,
    /// Newest first.
    #[default]
    Desc,
}

/// Which window of a task's log to read. `after` and `before` together name a range; else `after`, `before`, `around`
/// and `page` exclude each other. A window ends early, after at least one event, where it comes to about a megabyte
/// ([`WINDOW_BYTES_MAX`]): read on after its last event, or before its first. Only pages are always whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct EventQuery {
    /// Events with a higher `seq`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// Events with a lower `seq`: the last of them; with `after` the first of those in between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// Events on both sides of this `seq`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub around: Option<u64>,
    /// The most events to answer: 100 unless told otherwise, at most 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = EVENTS_LIMIT_MAX)))]
    pub limit: Option<u32>,
    /// Only this session's events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// The page, from 1: GitHub's own clients read logs this way.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub page: Option<u32>,
    /// Events in a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = PER_PAGE_MAX)))]
    pub per_page: Option<u32>,
    /// Whether to leave out the parts of texts: deltas of messages and thoughts, partial results of tool calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<bool>,
    /// Only the events that name this message, thought, tool call or permission request, of a range that `after` and
    /// `before` name. At most 50,000 events are looked through: read on after the window's `upto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Whether to add each event's `raw` message, as the agent sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<bool>,
}

/// The `rel="next"` address of a `Link` header.
pub fn next_link(header: &str) -> Option<&str> {
    header.split(',').find_map(|link| {
        let (address, rest) = link.trim().strip_prefix('<')?.split_once('>')?;
        rest.split(';').any(|part| part.trim() == "rel=\"next\"").then_some(address)
    })
}

/// A `Link` header for page `page` of `pages`: `first` always, `prev` after the first, `next` while there
/// is more, `last` only on the last page. `address_of` gives the address of a page.
pub fn link_header(page: u32, pages: u32, address_of: impl Fn(u32) -> String) -> String {
    let last = pages.max(1);
    let mut links = vec![(1, "first")];
    if page > 1 {
        links.push(((page - 1).min(last), "prev"));
    }
    links.push(if page < last { (page + 1, "next") } else { (last, "last") });
    let parts: Vec<_> = links.into_iter().map(|(page, rel)| format!("<{}>; rel=\"{rel}\"", address_of(page))).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_header_leads_to_the_next_page_until_the_last() {
        let header = link_header(1, 2, |page| format!("http://x/t?page={page}"));
        assert_eq!(next_link(&header), Some("http://x/t?page=2"));
        let header = link_header(2, 2, |page| format!("http://x/t?page={page}"));
        assert_eq!(
            header,
            r#"<http://x/t?page=1>; rel="first", <http://x/t?page=1>; rel="prev", <http://x/t?page=2>; rel="last""#
        );
        assert_eq!(next_link(&header), None);
    }
}
