//! What a page asks of a log that it shows a part of: the outline, windows of events, and search. Only servers whose
//! capabilities name these calls answer them. A call whose future is dropped is aborted.

use agent_tasks::query::EVENTS_LIMIT_MAX;
use agent_tasks::{EventWindow, OutlineQuery, OutlineWindow, SearchQuery, SearchWindow, TaskId, paths};

use super::{Client, Failure};

impl Client {
    /// A part of what there is in a log, step by step.
    pub async fn outline(&self, id: &TaskId, query: &OutlineQuery) -> Result<OutlineWindow, Failure> {
        self.get(&outline_path(id, query)).await?.read()
    }

    /// The first events between two numbers, both exclusive; without the parts of texts when only the facts are
    /// asked for. A server ends a window of about a megabyte early: what is missing comes after the last event.
    pub async fn events(&self, id: &TaskId, after: u64, before: u64, facts: bool) -> Result<EventWindow, Failure> {
        self.get(&events_path(id, after, before, facts)).await?.read()
    }

    /// What a search has found so far; the same one again goes on.
    pub async fn search(&self, id: &TaskId, query: &SearchQuery) -> Result<SearchWindow, Failure> {
        self.get(&search_path(id, query)).await?.read()
    }
}

fn outline_path(id: &TaskId, query: &OutlineQuery) -> String {
    let mut path = paths::outline(id);
    push(&mut path, "first", query.first.map(u64::from));
    push(&mut path, "seq", query.seq);
    push(&mut path, "limit", query.limit.map(u64::from));
    push_flag(&mut path, "map", query.map == Some(true));
    path
}

fn events_path(id: &TaskId, after: u64, before: u64, facts: bool) -> String {
    let mut path = paths::events(id);
    push(&mut path, "after", Some(after));
    push(&mut path, "before", Some(before));
    push(&mut path, "limit", Some(u64::from(EVENTS_LIMIT_MAX)));
    push_flag(&mut path, "facts", facts);
    path
}

fn search_path(id: &TaskId, query: &SearchQuery) -> String {
    let mut path = paths::search(id);
    push_word(&mut path, "q", &paths::segment(&query.q));
    push_flag(&mut path, "case", query.case);
    push_flag(&mut path, "word", query.word);
    push_flag(&mut path, "regex", query.regex);
    push(&mut path, "skip", query.skip);
    push(&mut path, "limit", query.limit.map(u64::from));
    path
}

fn push(path: &mut String, name: &str, number: Option<u64>) {
    if let Some(number) = number {
        push_word(path, name, &number.to_string());
    }
}

fn push_flag(path: &mut String, name: &str, is_set: bool) {
    if is_set {
        push_word(path, name, "true");
    }
}

/// Adds a field to the query; `word` is safe in an address.
fn push_word(path: &mut String, name: &str, word: &str) {
    path.push(if path.contains('?') { '&' } else { '?' });
    path.push_str(name);
    path.push('=');
    path.push_str(word);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_names_what_is_asked_and_nothing_else() {
        let id = TaskId("a/b".into());
        let all = OutlineQuery::default();
        assert_eq!(outline_path(&id, &all), "/agents/tasks/a%2Fb/outline");
        let some = OutlineQuery { seq: Some(7), limit: Some(20), map: Some(true), ..all };
        assert_eq!(outline_path(&id, &some), "/agents/tasks/a%2Fb/outline?seq=7&limit=20&map=true");
        assert_eq!(events_path(&id, 0, 9, false), "/agents/tasks/a%2Fb/events?after=0&before=9&limit=1000");
        assert!(events_path(&id, 3, 9, true).ends_with("after=3&before=9&limit=1000&facts=true"));
    }

    #[test]
    fn what_is_searched_for_cannot_leave_its_field() {
        let query =
            SearchQuery { q: "a&case=true #%?é\n".into(), word: true, skip: Some(5), ..SearchQuery::default() };
        let path = search_path(&TaskId("t".into()), &query);
        assert_eq!(path, "/agents/tasks/t/search?q=a%26case%3Dtrue%20%23%25%3F%C3%A9%0A&word=true&skip=5");
    }
}
