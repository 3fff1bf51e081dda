//! The repositories to choose from, and their branches.

use agent_tasks::query::PER_PAGE_MAX;
use agent_tasks::{Branch, Repository, paths};

use super::read::read_rows;
use super::request::now_ms;
use super::{Client, Failure};

/// The most pages of such a list that are read: 500 rows to choose from.
const PAGES_MAX: u32 = 5;

impl Client {
    /// The repositories to choose from, the one that was pushed to last first; at most [`PAGES_MAX`] pages.
    pub async fn repositories(&self) -> Result<Vec<Repository>, Failure> {
        let bodies = self.bodies(&format!("{}?per_page={PER_PAGE_MAX}&sort=pushed", paths::USER_REPOS)).await?;
        let mut repositories: Vec<Repository> = Vec::new();
        for body in bodies {
            // A push between two pages moves a row from one to the next.
            for repository in read_rows::<Repository>(&body)? {
                if !repositories.iter().any(|known| known.id == repository.id) {
                    repositories.push(repository);
                }
            }
        }
        self.with(|memory| {
            for repository in &repositories {
                memory.known.keep_repository(repository.id, Some(repository.full_name.clone()), now_ms());
            }
        });
        Ok(repositories)
    }

    /// The branches of a repository; at most [`PAGES_MAX`] pages.
    pub async fn branches(&self, owner: &str, repo: &str) -> Result<Vec<Branch>, Failure> {
        let bodies = self.bodies(&format!("{}?per_page={PER_PAGE_MAX}", paths::branches(owner, repo))).await?;
        let mut branches = Vec::new();
        for body in bodies {
            branches.append(&mut read_rows(&body)?);
        }
        Ok(branches)
    }

    /// The pages of the list at `path`.
    async fn bodies(&self, path: &str) -> Result<Vec<String>, Failure> {
        let mut reply = self.get(path).await?;
        let mut bodies = vec![reply.body];
        for page in 2..=PAGES_MAX {
            if !reply.head.has_next {
                break;
            }
            reply = self.get(&format!("{path}&page={page}")).await?;
            bodies.push(reply.body);
        }
        Ok(bodies)
    }
}
