//! The lists of tasks: page by page, whole, or what changed; and what a server leaves out of them.

use agent_tasks::query::PER_PAGE_MAX;
use agent_tasks::{Edition, Task, Timestamp, paths};

use super::request::Reply;
use super::{Client, Failure, TaskPage};

/// The most pages of a list that are read at once: 1,000 tasks.
const PAGES_MAX: u32 = 10;

impl Client {
    /// A page of the tasks that are not archived, from 1, newest change first.
    pub async fn tasks(&self, page: u32) -> Result<TaskPage, Failure> {
        let reply = self.get(&format!("{}?per_page={PER_PAGE_MAX}&page={page}", paths::TASKS)).await?;
        self.read_page(&reply)
    }

    /// The tasks of everybody in a repository, newest change first; at most [`PAGES_MAX`] pages. `None` when they
    /// are as they were; that is only asked where they are known.
    pub async fn repository_tasks(
        &self,
        (owner, repo): (&str, &str),
        is_known: bool,
    ) -> Result<Option<Vec<Task>>, Failure> {
        self.pages(format!("{}?per_page={PER_PAGE_MAX}", paths::repo_tasks(owner, repo)), is_known).await
    }

    /// The tasks that changed at or after `since`, for a server without a stream. `None` when nothing did.
    pub async fn changes(&self, since: Timestamp) -> Result<Option<Vec<Task>>, Failure> {
        self.pages(format!("{}?per_page={PER_PAGE_MAX}&since={since}", paths::TASKS), true).await
    }

    /// All pages of the list at `path`, unless the version that was read last still holds and is known.
    async fn pages(&self, path: String, is_known: bool) -> Result<Option<Vec<Task>>, Failure> {
        let etag = is_known.then(|| self.with(|memory| memory.etag(&path))).flatten();
        let Some(first) = self.get_if_changed(&path, etag.as_deref()).await? else { return Ok(None) };
        let mut page = self.read_page(&first)?;
        let mut tasks = std::mem::take(&mut page.tasks);
        for number in 2..=PAGES_MAX {
            if !page.has_next {
                break;
            }
            page = self.read_page(&self.get(&format!("{path}&page={number}")).await?)?;
            tasks.append(&mut page.tasks);
        }
        // Remembered at the end: what was not read whole is read again.
        if let Some(etag) = first.head.etag {
            self.with(|memory| memory.keep_etag(path, etag));
        }
        Ok(Some(tasks))
    }

    /// Looks up the names and pull requests that the lists of a server leave out, and gives back the tasks to
    /// which something was added. Costs no request where all is known.
    pub async fn complete(&self, tasks: &[Task]) -> Vec<Task> {
        match self.address.edition {
            Edition::Companion => return Vec::new(),
            Edition::Github => self.look_up(tasks).await,
        }
        let mut completed = Vec::new();
        for task in tasks {
            let mut filled = task.clone();
            self.give_out(&mut filled);
            if filled != *task {
                completed.push(filled);
            }
        }
        completed
    }

    fn read_page(&self, reply: &Reply) -> Result<TaskPage, Failure> {
        let mut page = TaskPage::read(&reply.body, reply.head.has_next)?;
        page.tasks.iter_mut().for_each(|task| self.give_out(task));
        Ok(page)
    }
}
