//! A repository of the user's: what it is called, its branches, and who commits there.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{BranchHead, GitError, Repository, command::Git, is_branch_name};

/// The bits of a repository's number: JavaScript counts exactly up to 2^53.
const ID_BITS: u32 = 52;

/// Who a commit is by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) name: String,
    pub(super) email: String,
}

impl Repository {
    /// Checks that `path` holds a repository with a commit. A folder inside a repository stands for the whole.
    pub async fn open(path: &Path) -> Result<Self, GitError> {
        let refused = |why: &str| GitError::NotARepository(format!("{} {why}", path.display()));
        let path =
            tokio::fs::canonicalize(path).await.map_err(|_| refused("does not exist; name an existing folder"))?;
        if !path.is_dir() {
            return Err(refused("is not a folder; name the folder of a git repository"));
        }
        let git_dir = match Git::from_folder(&path).args(["rev-parse", "--git-common-dir"]).text().await {
            Ok(git_dir) => tokio::fs::canonicalize(path.join(git_dir)).await?,
            Err(GitError::Failed { message, .. }) if message.contains("dubious ownership") => {
                return Err(refused("belongs to another user; work on a copy of your own"));
            }
            Err(GitError::Failed { .. }) => return Err(refused("is not a git repository; run 'git init' there first")),
            Err(error) => return Err(error),
        };
        let top = Git::from_folder(&path).args(["rev-parse", "--show-toplevel"]).text().await;
        let path = match top {
            Ok(top) if !top.is_empty() => tokio::fs::canonicalize(top).await?,
            Ok(_) | Err(_) => git_dir.clone(), // A bare repository has no working folder.
        };
        let (owner, name) = match github_remote(&git_dir).await {
            Some(names) => names,
            None => ("local".into(), folder_name(&path)),
        };
        let repository = Self { path, owner, name, git_dir };
        if repository.branches().await?.is_empty() {
            let path = repository.path.display();
            return Err(GitError::NotARepository(format!("{path} has no commit yet; commit something there first")));
        }
        Ok(repository)
    }

    /// A number that stays the same as long as the folder does. Positive, and exact in JavaScript.
    pub fn id(&self) -> i64 {
        let hash = Sha256::digest(self.path.as_os_str().as_encoded_bytes());
        let head: [u8; 8] = hash[..8].try_into().expect("a SHA-256 has 32 bytes");
        i64::try_from(u64::from_be_bytes(head) >> (64 - ID_BITS)).expect("52 bits fit into 63")
    }

    /// `owner/name`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// The branch that tasks start from unless told otherwise: what `origin` calls so, else the one that is
    /// checked out, else the newest.
    pub async fn default_branch(&self) -> Result<String, GitError> {
        let branches = self.branches().await?;
        for name in ["refs/remotes/origin/HEAD", "HEAD"] {
            let Ok(target) = Git::at(&self.git_dir).args(["symbolic-ref", "--quiet", name]).text().await else {
                continue;
            };
            let branch = target.strip_prefix("refs/remotes/origin/").or(target.strip_prefix("refs/heads/"));
            if let Some(found) = branches.iter().find(|head| Some(head.name.as_str()) == branch) {
                return Ok(found.name.clone());
            }
        }
        branches.into_iter().next().map(|head| head.name).ok_or_else(|| GitError::NoSuchBranch("main".into()))
    }

    /// The local branches, newest commit first.
    pub async fn branches(&self) -> Result<Vec<BranchHead>, GitError> {
        let format = "--format=%(objectname) %(refname:lstrip=2)";
        let list = Git::at(&self.git_dir)
            .args(["for-each-ref", "--sort=refname", "--sort=-committerdate", format, "refs/heads"])
            .text()
            .await?;
        let heads = list.lines().filter_map(|line| line.split_once(' '));
        Ok(heads
            .filter(|(_, name)| is_branch_name(name))
            .map(|(sha, name)| BranchHead { name: name.into(), sha: sha.into() })
            .collect())
    }

    /// The newest commit of a branch.
    pub(super) async fn branch_sha(&self, name: &str) -> Result<String, GitError> {
        let no_such_branch = || GitError::NoSuchBranch(name.into());
        if !is_branch_name(name) {
            return Err(no_such_branch());
        }
        let commit = format!("refs/heads/{name}^{{commit}}");
        let found = Git::at(&self.git_dir).args(["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]);
        found.text().await.map_err(|error| match error {
            GitError::Failed { .. } => no_such_branch(),
            other => other,
        })
    }

    /// Who commits in this repository, as its user's configuration says; Flightdeck where it says nothing.
    pub(super) async fn identity(&self) -> Identity {
        let read = async |key: &str| {
            let git = Git::at(&self.git_dir).with_user_configuration();
            git.args(["config", "--get", key]).text().await.ok().filter(|value| !value.trim().is_empty())
        };
        Identity {
            name: read("user.name").await.unwrap_or_else(|| "Flightdeck".into()),
            email: read("user.email").await.unwrap_or_else(|| "flightdeck@localhost".into()),
        }
    }
}

/// Owner and name of the remote on github.com, `origin` first.
async fn github_remote(git_dir: &Path) -> Option<(String, String)> {
    let list = Git::at(git_dir).args(["config", "--get-regexp", r"^remote\..*\.url$"]).text().await.ok()?;
    let mut urls: Vec<(&str, &str)> = list.lines().filter_map(|line| line.split_once(' ')).collect();
    urls.sort_by_key(|(key, _)| *key != "remote.origin.url");
    urls.into_iter().find_map(|(_, url)| github_name(url))
}

fn github_name(url: &str) -> Option<(String, String)> {
    let rest = ["https://github.com/", "git@github.com:", "ssh://git@github.com/", "git://github.com/"]
        .into_iter()
        .find_map(|prefix| url.strip_prefix(prefix))?;
    let rest = rest.trim_end_matches('/');
    let (owner, name) = rest.strip_suffix(".git").unwrap_or(rest).split_once('/')?;
    let is_name = |text: &str| {
        let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
        !text.is_empty() && text.chars().all(plain) && !matches!(text, "." | "..")
    };
    (is_name(owner) && is_name(name)).then(|| (owner.into(), name.into()))
}

fn folder_name(path: &Path) -> String {
    let name = path.file_name().map_or("repository".into(), |name| name.to_string_lossy().into_owned());
    match name.as_str() {
        ".git" => path.parent().map(PathBuf::from).map_or(name.clone(), |parent| folder_name(&parent)),
        _ => name.strip_suffix(".git").unwrap_or(&name).replace('/', "-"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_github_remote_gives_the_name() {
        for url in [
            "https://github.com/o/r.git",
            "git@github.com:o/r",
            "ssh://git@github.com/o/r.git",
            "https://github.com/o/r/",
        ] {
            assert_eq!(github_name(url), Some(("o".into(), "r".into())), "{url}");
        }
        for url in ["https://github.com.evil.test/o/r", "https://github.com/o", "https://github.com/o/../r", "/srv/o/r"]
        {
            assert_eq!(github_name(url), None, "{url}");
        }
    }
}
