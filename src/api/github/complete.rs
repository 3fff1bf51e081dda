//! The requests that look up what the lists leave out: one query, or a few plain reads where queries are refused.

use agent_tasks::{Task, paths};
use serde_json::Value;

use super::lookup::{Wanted, pull_of_rest};
use crate::api::request::now_ms;
use crate::api::send::{Verb, json_text};
use crate::api::{Client, Failure};

/// The most queries for one call; each is for a hundred things of a kind.
const QUERIES_MAX: usize = 10;
/// The most plain reads in place of queries for one call: with the list and a refused query that makes four.
const READS_MAX: usize = 2;
/// How long queries rest after one that failed without being refused, in milliseconds.
const QUERY_REST_MS: i64 = 60_000;

impl Client {
    /// Looks up what is not known of `tasks`, and remembers it.
    pub(in crate::api) async fn look_up(&self, tasks: &[Task]) {
        for _ in 0..QUERIES_MAX {
            let wanted = self.with(|memory| Wanted::of(tasks, &memory.known, now_ms()));
            // What no query gave may be there for a plain read.
            if wanted.is_empty() || self.with(|memory| memory.known.graphql_closed_until_ms > now_ms()) {
                return self.read_plainly(tasks).await;
            }
            match self.query(&wanted).await {
                Ok(true) => {}
                Ok(false) => return self.read_plainly(tasks).await,
                Err(_) => return,
            }
        }
    }

    /// Whether the query was taken; fails where asking in another way would be in vain.
    async fn query(&self, wanted: &Wanted) -> Result<bool, Failure> {
        let body = json_text(&wanted.query())?;
        let reply = self.ask(Verb::Query, paths::GRAPHQL, Some(body), None).await?;
        let answer = reply.read::<Value>().unwrap_or_default();
        let is_taken = reply.status == 200 && self.with(|memory| wanted.take(&answer, &mut memory.known, now_ms()));
        if !is_taken {
            let is_refused = (400..500).contains(&reply.status);
            let until_ms = if is_refused { i64::MAX } else { now_ms() + QUERY_REST_MS };
            self.with(|memory| memory.known.graphql_closed_until_ms = until_ms);
        }
        Ok(is_taken)
    }

    async fn read_plainly(&self, tasks: &[Task]) {
        let mut reads = 0;
        for task in tasks {
            let repository = task.repository.as_ref();
            let unknown = repository.filter(|repository| repository.full_name.is_none()).map(|found| found.id);
            let is_wanted = |id: i64| self.with(|memory| memory.known.wants_repository_read(id, now_ms()));
            if let Some(id) = unknown.filter(|id| *id > 0 && is_wanted(*id)) {
                if reads == READS_MAX {
                    return;
                }
                reads += 1;
                let Ok(answer) = self.read_or_none(&paths::repository_by_id(id)).await else { return };
                let name = answer["full_name"].as_str().map(str::to_owned);
                self.with(|memory| memory.known.keep_repository_read(id, name, now_ms()));
            }
            let (Some(pull), Some(branch), Some((owner, repo))) =
                (task.pull(), task.branch(), self.repository_of(task))
            else {
                continue;
            };
            if task.state.is_active() && self.with(|memory| memory.known.wants_pull(pull.id, now_ms())) {
                if reads == READS_MAX {
                    return;
                }
                reads += 1;
                let head = paths::segment(&format!("{owner}:{}", branch.head_ref));
                let path = format!("{}?head={head}&state=all", paths::pulls(&owner, &repo));
                let Ok(answer) = self.read_or_none(&path).await else { return };
                let found = pull_of_rest(&answer, pull.id);
                self.with(|memory| memory.known.keep_pull(pull.id, found, now_ms()));
            }
        }
    }

    /// What is at `path`; null where it is refused. Fails where asking more would be in vain.
    async fn read_or_none(&self, path: &str) -> Result<Value, Failure> {
        match self.get(path).await {
            Ok(reply) => Ok(reply.read().unwrap_or_default()),
            Err(failure) if failure.is_refusal() => Ok(Value::Null),
            Err(failure) => Err(failure),
        }
    }

    /// Owner and name of a task's repository, where they are known.
    pub(in crate::api) fn repository_of(&self, task: &Task) -> Option<(String, String)> {
        let id = task.repository.as_ref().map_or(0, |repository| repository.id);
        let known = self.with(|memory| memory.known.repository(id).map(str::to_owned));
        let name = known.or_else(|| task.repository_name().map(str::to_owned))?;
        name.split_once('/').map(|(owner, repo)| (owner.to_owned(), repo.to_owned()))
    }
}
