//! What was looked up: names by number, pull requests, the pages of Actions runs. Bounded; filled into every
//! task that is given out.

use agent_tasks::task::RepositoryReference;
use agent_tasks::{Artifact, PullArtifact, PullState, ServerAddress, SessionId, Task};

use super::names;

/// How many things of one kind are remembered.
const KNOWN_MAX: usize = 2_000;
/// A pull request that is open is looked up again after this long, in milliseconds.
const PULL_FRESH_MS: i64 = 120_000;
/// What the server did not give is asked for again after this long, in milliseconds: a token may have been let in.
const NOT_FOUND_MS: i64 = 300_000;
/// The page of a run that was not found is looked for again after this long, in milliseconds.
const RUN_RETRY_MS: i64 = 30_000;

/// Things by their key, the newest last.
#[derive(Debug)]
struct Shelf<K, V>(Vec<(K, V)>);

impl<K, V> Default for Shelf<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, V> Shelf<K, V> {
    fn get(&self, key: &K) -> Option<&V> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    fn put(&mut self, key: K, value: V) {
        if let Some(known) = self.0.iter_mut().find(|(known, _)| *known == key) {
            known.1 = value;
            return;
        }
        if self.0.len() >= KNOWN_MAX {
            self.0.remove(0);
        }
        self.0.push((key, value));
    }
}

/// What a look-up gave, nothing included, and when.
#[derive(Debug)]
struct Found<T> {
    value: Option<T>,
    at_ms: i64,
}

impl<T> Found<T> {
    /// Whether it is time to ask again for what was not found.
    fn may_have_come(&self, now_ms: i64) -> bool {
        self.value.is_none() && now_ms - self.at_ms >= NOT_FOUND_MS
    }
}

/// What was looked up.
#[derive(Debug, Default)]
pub(in crate::api) struct Known {
    /// `owner/name` by number.
    repositories: Shelf<i64, Found<String>>,
    /// When a repository was last read by itself, in milliseconds since 1970, by number.
    repository_reads: Shelf<i64, i64>,
    /// Account names by number.
    users: Shelf<i64, Found<String>>,
    /// Pull requests by their database number.
    pulls: Shelf<i64, Found<PullArtifact>>,
    /// The pages of Actions runs by session.
    runs: Shelf<SessionId, Found<String>>,
    /// Until when GraphQL is not asked, in milliseconds since 1970.
    pub(in crate::api) graphql_closed_until_ms: i64,
}

impl Known {
    /// Whether a repository has to be looked up: never seen, or not found a while ago.
    pub(super) fn wants_repository(&self, id: i64, now_ms: i64) -> bool {
        self.repositories.get(&id).is_none_or(|found| found.may_have_come(now_ms))
    }

    /// Whether a repository has to be read by itself: no query has given it, and no read a while ago.
    pub(super) fn wants_repository_read(&self, id: i64, now_ms: i64) -> bool {
        self.repository(id).is_none()
            && self.repository_reads.get(&id).is_none_or(|at_ms| now_ms - at_ms >= NOT_FOUND_MS)
    }

    /// `owner/name` of a repository.
    pub(in crate::api) fn repository(&self, id: i64) -> Option<&str> {
        self.repositories.get(&id)?.value.as_deref()
    }

    /// Remembers a repository's name. A name that is known stays where a look-up gives none.
    pub(in crate::api) fn keep_repository(&mut self, id: i64, name: Option<String>, now_ms: i64) {
        let name = name.or_else(|| self.repository(id).map(str::to_owned));
        self.repositories.put(id, Found { value: name, at_ms: now_ms });
    }

    /// Remembers what the read of a repository by itself gave.
    pub(super) fn keep_repository_read(&mut self, id: i64, name: Option<String>, now_ms: i64) {
        self.repository_reads.put(id, now_ms);
        self.keep_repository(id, name, now_ms);
    }

    /// Whether an account has to be looked up: never seen, or not found a while ago.
    pub(super) fn wants_user(&self, id: i64, now_ms: i64) -> bool {
        self.users.get(&id).is_none_or(|found| found.may_have_come(now_ms))
    }

    /// Remembers an account's name.
    pub(in crate::api) fn keep_user(&mut self, id: i64, login: Option<String>, now_ms: i64) {
        self.users.put(id, Found { value: login, at_ms: now_ms });
    }

    /// Whether a pull request has to be looked up: never seen, or open or not found when it was looked for a
    /// while ago.
    pub(super) fn wants_pull(&self, id: i64, now_ms: i64) -> bool {
        let Some(found) = self.pulls.get(&id) else { return true };
        match found.value.as_ref().and_then(|pull| pull.state) {
            Some(PullState::Draft | PullState::Open) => now_ms - found.at_ms >= PULL_FRESH_MS,
            Some(PullState::Merged | PullState::Closed) => false,
            None => found.may_have_come(now_ms),
        }
    }

    /// Remembers a pull request. What is known stays where a look-up gives nothing.
    pub(super) fn keep_pull(&mut self, id: i64, pull: Option<PullArtifact>, now_ms: i64) {
        let known = self.pulls.get(&id).and_then(|found| found.value.clone());
        self.pulls.put(id, Found { value: pull.or(known), at_ms: now_ms });
    }

    /// Whether the page of a session's run is to be looked for.
    pub(in crate::api) fn wants_run(&self, id: &SessionId, is_active: bool, now_ms: i64) -> bool {
        self.runs.get(id).is_none_or(|found| found.value.is_none() && is_active && now_ms - found.at_ms >= RUN_RETRY_MS)
    }

    /// Remembers the page of a session's run.
    pub(in crate::api) fn keep_run(&mut self, id: SessionId, url: Option<String>, now_ms: i64) {
        self.runs.put(id, Found { value: url, at_ms: now_ms });
    }

    /// Fills in what is known of a task.
    pub(in crate::api) fn fill(&self, task: &mut Task, address: &ServerAddress) {
        let known = task.repository.as_ref().and_then(|repository| self.repository(repository.id)).map(str::to_owned);
        let told = || names::repository_of(task, address);
        let name = known.or_else(|| task.repository_name().map(str::to_owned)).or_else(told);
        if let Some(name) = name {
            let owner = name.split('/').next().unwrap_or_default();
            if let Some(reference) = task.owner.as_mut().filter(|reference| reference.login.is_none()) {
                reference.login = Some(owner.to_owned());
            }
            let repository = task.repository.get_or_insert(RepositoryReference { id: 0, full_name: None });
            repository.full_name = Some(name);
        }
        if let Some(creator) = &mut task.creator
            && let Some(Found { value: Some(login), .. }) = self.users.get(&creator.id)
        {
            creator.login = Some(login.clone());
        }
        for artifact in &mut task.artifacts {
            if let Artifact::Pull(pull) = artifact
                && let Some(Found { value: Some(known), .. }) = self.pulls.get(&pull.id)
            {
                let (id, global_id) = (pull.id, pull.global_id.take());
                *pull = PullArtifact { id, global_id, ..known.clone() };
            }
        }
        for session in task.sessions.iter_mut().flatten() {
            if let Some(Found { value: Some(url), .. }) = self.runs.get(&session.id) {
                session.run_url = Some(url.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn memory_is_bounded_and_the_oldest_goes_first() {
        let mut shelf = Shelf::default();
        for number in 0..KNOWN_MAX + 10 {
            shelf.put(number, ());
        }
        shelf.put(KNOWN_MAX, ());
        assert_eq!((shelf.0.len(), shelf.get(&9), shelf.get(&10)), (KNOWN_MAX, None, Some(&())));
    }

    #[test]
    fn what_is_known_is_filled_in() {
        let mut known = Known::default();
        known.keep_repository(7, Some("octocat/hello".into()), 0);
        known.keep_user(1, Some("octocat".into()), 0);
        known.keep_run(SessionId("s".into()), Some("https://github.com/octocat/hello/actions/runs/5".into()), 0);
        let pull = PullArtifact { number: Some(12), state: Some(PullState::Open), ..PullArtifact::default() };
        known.keep_pull(42, Some(pull), 0);
        let mut task: Task = serde_json::from_value(json!({"id": "a", "state": "queued",
            "created_at": "2026-01-01T00:00:00Z", "repository": {"id": 7}, "owner": {"id": 1}, "creator": {"id": 1},
            "artifacts": [{"provider": "github", "type": "pull", "data": {"id": 42, "global_id": "PR_x"}}],
            "sessions": [{"id": "s", "state": "queued", "created_at": "2026-01-01T00:00:00Z"}]}))
        .unwrap();
        known.fill(&mut task, &ServerAddress::github());
        assert_eq!(task.repository_name(), Some("octocat/hello"));
        assert_eq!(task.owner.as_ref().unwrap().login.as_deref(), Some("octocat"));
        assert_eq!(task.creator.as_ref().unwrap().login.as_deref(), Some("octocat"));
        let pull = task.pull().unwrap();
        assert_eq!((pull.id, pull.global_id.as_deref(), pull.number), (42, Some("PR_x"), Some(12)));
        assert!(task.sessions.unwrap()[0].run_url.is_some());
    }

    #[test]
    fn only_open_pulls_are_looked_up_again_and_not_too_often() {
        let check = |state, age_ms: i64, expected: bool| {
            let mut known = Known::default();
            known.keep_pull(1, Some(PullArtifact { state, ..PullArtifact::default() }), 0);
            assert_eq!(known.wants_pull(1, age_ms), expected, "{state:?} {age_ms}");
        };
        assert!(Known::default().wants_pull(1, 0));
        for state in [PullState::Open, PullState::Draft] {
            check(Some(state), PULL_FRESH_MS - 1, false);
            check(Some(state), PULL_FRESH_MS, true);
        }
        for state in [Some(PullState::Merged), Some(PullState::Closed), None] {
            check(state, 100 * PULL_FRESH_MS, false);
        }
    }

    #[test]
    fn what_was_not_found_is_asked_for_again_after_a_while() {
        let mut known = Known::default();
        assert!(known.wants_repository(1, 0) && known.wants_user(1, 0) && known.wants_pull(1, 0));
        known.keep_repository(1, None, 0);
        known.keep_user(1, None, 0);
        known.keep_pull(1, None, 0);
        for (now_ms, expected) in [(NOT_FOUND_MS - 1, false), (NOT_FOUND_MS, true)] {
            assert_eq!(known.wants_repository(1, now_ms), expected);
            assert_eq!(known.wants_user(1, now_ms), expected);
            assert_eq!(known.wants_pull(1, now_ms), expected);
        }
        known.keep_repository(1, Some("o/r".into()), 0);
        known.keep_user(1, Some("o".into()), 0);
        assert!(!known.wants_repository(1, 100 * NOT_FOUND_MS) && !known.wants_user(1, 100 * NOT_FOUND_MS));
    }

    #[test]
    fn a_repository_that_no_query_gave_is_read_by_itself() {
        let mut known = Known::default();
        known.keep_repository(1, None, 0);
        assert!(known.wants_repository_read(1, 0));
        known.keep_repository_read(1, None, 0);
        assert!(!known.wants_repository_read(1, NOT_FOUND_MS - 1) && known.wants_repository_read(1, NOT_FOUND_MS));
        known.keep_repository_read(1, Some("o/r".into()), 0);
        known.keep_repository(1, None, NOT_FOUND_MS);
        assert_eq!(known.repository(1), Some("o/r"));
        assert!(!known.wants_repository_read(1, 100 * NOT_FOUND_MS));
    }

    #[test]
    fn a_look_up_that_gives_nothing_forgets_nothing() {
        let mut known = Known::default();
        known.keep_pull(1, Some(PullArtifact { state: Some(PullState::Open), ..PullArtifact::default() }), 0);
        known.keep_pull(1, None, PULL_FRESH_MS);
        assert!(!known.wants_pull(1, PULL_FRESH_MS + 1));
        assert!(known.wants_pull(1, 2 * PULL_FRESH_MS));
    }

    #[test]
    fn the_page_of_a_run_is_looked_for_once_and_again_while_it_may_come() {
        let mut known = Known::default();
        let id = SessionId("s".into());
        assert!(known.wants_run(&id, false, 0));
        known.keep_run(id.clone(), None, 0);
        assert!(!known.wants_run(&id, true, RUN_RETRY_MS - 1) && known.wants_run(&id, true, RUN_RETRY_MS));
        assert!(!known.wants_run(&id, false, RUN_RETRY_MS));
        known.keep_run(id.clone(), Some("u".into()), 0);
        assert!(!known.wants_run(&id, true, 100 * RUN_RETRY_MS));
    }
}
