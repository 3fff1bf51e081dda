//! Starts a task once, and says things to one once, also where the answer is lost on the way.

use agent_tasks::{Edition, NewTask, Prompt, Task, TaskId, Timestamp, paths};
use gloo_timers::future::TimeoutFuture;

use super::read::read_task;
use super::request::{Reply, now_ms};
use super::send::{Verb, json_text};
use super::{Client, Failure, TaskPage};

/// How often the list is read for a start whose answer was lost.
const LOOKS: usize = 3;
/// The pause before each of them, in milliseconds.
const LOOK_PAUSE_MS: u32 = 1_500;
/// How far the server's clock may be behind ours, in milliseconds.
const CLOCK_SLACK_MS: i64 = 60_000;
/// How many tasks of another name are read for their prompt.
const READS_MAX: usize = 3;

impl Client {
    pub(super) async fn start_once(&self, owner: &str, repo: &str, task: &NewTask) -> Result<Task, Failure> {
        let path = paths::repo_tasks(owner, repo);
        let mut task = task.clone();
        if self.address.edition == Edition::Github {
            // The launch profiles are ours; GitHub's description has no such field.
            task.agent_id = None;
        }
        let body = json_text(&task)?;
        match self.address.edition {
            Edition::Companion => read_task(&self.write_once(&path, body).await?.body),
            Edition::Github => {
                let attempt = Attempt {
                    prompt: &task.prompt,
                    began: Timestamp::from_ms(now_ms() - CLOCK_SLACK_MS),
                    seen: self.with(|memory| memory.seen().to_vec()),
                    user_id: self.with(|memory| memory.user_id),
                };
                let reply = self.post_text(&path, body).await.and_then(|reply| read_task(&reply.body));
                match reply {
                    Err(failure @ (Failure::Unreachable | Failure::Server(_) | Failure::Unreadable)) => {
                        self.find_started(&path, &attempt).await.ok_or(failure)
                    }
                    reply => reply,
                }
            }
        }
    }

    /// Writes to a companion, and again when the answer is lost: it does it once.
    pub(super) async fn write_once(&self, path: &str, body: String) -> Result<Reply, Failure> {
        let key = random_key();
        let header = key.as_deref().map(|key| ("Idempotency-Key", key));
        let mut reply = self.ask(Verb::Write, path, Some(body.clone()), header).await;
        if matches!(reply, Err(Failure::Unreachable)) && header.is_some() {
            reply = self.ask(Verb::Write, path, Some(body), header).await;
        }
        self.success(Verb::Write, path, reply?)
    }

    /// The task of an attempt whose answer was lost, where it can be told for sure.
    async fn find_started(&self, path: &str, attempt: &Attempt<'_>) -> Option<Task> {
        for _ in 0..LOOKS {
            TimeoutFuture::new(LOOK_PAUSE_MS).await;
            let Ok(reply) = self.get(&format!("{path}?per_page=30&sort=created_at&direction=desc")).await else {
                continue;
            };
            let Ok(page) = TaskPage::read(&reply.body, false) else { continue };
            let (mut fitting, others) = attempt.candidates(page.tasks);
            if fitting.is_empty() {
                for task in others.into_iter().take(READS_MAX) {
                    let whole = self.get(&paths::task(&task.id)).await.and_then(|reply| read_task(&reply.body));
                    fitting.extend(whole.ok().filter(|whole| attempt.has_prompt(whole)));
                }
            }
            match fitting.len() {
                0 => {}
                1 => return fitting.pop(),
                _ => return None,
            }
        }
        None
    }
}

/// A start whose answer may be lost.
struct Attempt<'a> {
    prompt: &'a str,
    /// No task of it is older.
    began: Timestamp,
    /// The tasks that were known before it.
    seen: Vec<TaskId>,
    /// Who started it.
    user_id: Option<i64>,
}

impl Attempt<'_> {
    /// The tasks that can be of this attempt: those whose name fits, and the others.
    fn candidates(&self, tasks: Vec<Task>) -> (Vec<Task>, Vec<Task>) {
        let is_own = |task: &Task| match (&task.creator, self.user_id) {
            (Some(creator), Some(user_id)) if task.creator_type.as_deref() != Some("organization") => {
                creator.id == user_id
            }
            (Some(_) | None, Some(_) | None) => true,
        };
        tasks
            .into_iter()
            .filter(|task| task.created_at >= self.began && !self.seen.contains(&task.id) && is_own(task))
            .partition(|task| self.fits(&task.name))
    }

    /// Whether a server that cuts long titles may have made `name` of the prompt.
    fn fits(&self, name: &str) -> bool {
        let Ok(prompt) = Prompt::parse(self.prompt) else { return false };
        let line = prompt.as_str().lines().next().unwrap_or_default().trim();
        let stem = name.trim_end_matches("...").trim_end_matches('…').trim_end();
        let is_cut = stem.len() < name.len() && !stem.is_empty();
        name == line || name == prompt.title() || is_cut && line.starts_with(stem)
    }

    fn has_prompt(&self, task: &Task) -> bool {
        let prompt = task.sessions.as_ref().and_then(|sessions| sessions.first()?.prompt.as_deref());
        prompt.is_some_and(|prompt| prompt.trim() == self.prompt.trim())
    }
}

/// A key that nobody else has; none where the browser gives no chance.
fn random_key() -> Option<String> {
    let mut bytes = [0; 16];
    web_sys::window()?.crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const BEGAN: &str = "2026-01-01T00:01:00Z";

    fn task(id: &str, name: &str, created_at: &str, creator: Value) -> Task {
        let task = json!({"id": id, "name": name, "state": "queued", "created_at": created_at, "creator": creator,
            "sessions": [{"id": "s", "state": "queued", "created_at": created_at, "prompt": " Fix it \n"}]});
        serde_json::from_value(task).unwrap()
    }

    fn attempt(prompt: &str) -> Attempt<'_> {
        let seen = vec![TaskId("seen".into())];
        Attempt { prompt, began: Timestamp::parse(BEGAN).unwrap(), seen, user_id: Some(1) }
    }

    #[test]
    fn only_a_new_task_of_ones_own_can_be_that_of_a_lost_answer() {
        let check = |task: Task, is_fitting: bool, is_other: bool| {
            let (fitting, others) = attempt("Fix it").candidates(vec![task.clone()]);
            assert_eq!((fitting.len() == 1, others.len() == 1), (is_fitting, is_other), "{task:?}");
        };
        check(task("a", "Fix it", BEGAN, json!({"id": 1})), true, false);
        check(task("a", "Fix it", BEGAN, Value::Null), true, false);
        check(task("a", "Repairs", BEGAN, json!({"id": 1})), false, true);
        check(task("a", "Fix it", BEGAN, json!({"id": 2})), false, false);
        check(task("a", "Fix it", "2026-01-01T00:00:59Z", json!({"id": 1})), false, false);
        check(task("seen", "Fix it", BEGAN, json!({"id": 1})), false, false);
    }

    #[test]
    fn a_name_fits_the_prompt_that_it_was_made_of() {
        let long =
            "Fix the login button on the homepage, which is hidden on small screens and in the dark theme, please";
        for (prompt, name, expected) in [
            ("Fix it\nsoon", "Fix it", true),
            (long, long, true),
            (long, "Fix the login button on the homepage…", true),
            (long, "Fix the login button...", true),
            (long, "Fix the login button", false),
            ("Fix it", "Fix", false),
            ("Fix it", "…", false),
            ("Fix it", "", false),
        ] {
            assert_eq!(attempt(prompt).fits(name), expected, "{name}");
        }
    }

    #[test]
    fn the_prompt_of_the_first_session_tells_for_sure() {
        let read = task("a", "Repairs", BEGAN, Value::Null);
        assert!(attempt("Fix it").has_prompt(&read) && !attempt("Fix").has_prompt(&read));
    }
}
