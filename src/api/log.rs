//! What a page asks of a log that it shows a part of: the outline, windows of events, and search. Only servers whose
//! capabilities name these calls answer them. A call whose future is dropped is aborted.

use agent_tasks::query::EVENTS_LIMIT_MAX;
use agent_tasks::{EventQuery, EventWindow, OutlineQuery, OutlineWindow, SearchQuery, SearchWindow, TaskId, paths};

use super::{Client, Failure};

impl Client {
    /// A part of what there is in a log, step by step.
    pub async fn outline(&self, id: &TaskId, query: &OutlineQuery) -> Result<OutlineWindow, Failure> {
        self.get(&outline_path(id, query)).await?.read()
    }

    /// The first events of a range. A server ends a window of about a megabyte early: what is missing comes after the
    /// last event, or after `upto`.
    pub async fn events(&self, id: &TaskId, query: &EventQuery) -> Result<EventWindow, Failure> {
        self.get(&events_path(id, query)).await?.read()
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

fn events_path(id: &TaskId, query: &EventQuery) -> String {
    let mut path = paths::events(id);
    push(&mut path, "after", query.after);
    push(&mut path, "before", query.before);
    push(&mut path, "limit", Some(u64::from(EVENTS_LIMIT_MAX)));
    push_flag(&mut path, "facts", query.facts == Some(true));
    if let (Some(session), Some(of)) = (&query.session_id, &query.of) {
        push_word(&mut path, "session_id", &paths::segment(session.as_str()));
        push_word(&mut path, "of", &paths::segment(of));
    }
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
        let range = EventQuery { after: Some(3), before: Some(9), ..EventQuery::default() };
        assert_eq!(events_path(&id, &range), "/agents/tasks/a%2Fb/events?after=3&before=9&limit=1000");
        let (facts, session_id, of) =
            (Some(true), Some(agent_tasks::SessionId("s/1".into())), Some("call 1".to_owned()));
        let own = EventQuery { facts, session_id, of, ..range };
        assert!(events_path(&id, &own).ends_with("limit=1000&facts=true&session_id=s%2F1&of=call%201"));
    }

    #[test]
    fn what_is_searched_for_cannot_leave_its_field() {
        let query =
            SearchQuery { q: "a&case=true #%?é\n".into(), word: true, skip: Some(5), ..SearchQuery::default() };
        let path = search_path(&TaskId("t".into()), &query);
        assert_eq!(path, "/agents/tasks/t/search?q=a%26case%3Dtrue%20%23%25%3F%C3%A9%0A&word=true&skip=5");
    }
}
