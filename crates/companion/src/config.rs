//! What the companion is told by its TOML file: launch profiles and limits. Reads no environment.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::{agents::Profile, origin::Origin};

/// The configuration file. Everything has a default; unknown keys are refused.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Launch profiles of the user's own. One with the id of a built-in profile takes its place.
    pub agent: Vec<Profile>,
    /// The limits.
    pub limits: Limits,
    /// The page, and pages of other hosts.
    pub page: PageConfig,
    /// How the agents' processes are held together.
    pub supervision: SupervisionConfig,
    /// What is kept for how long.
    pub keep: Keep,
}

/// How the agents' processes are held together.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SupervisionConfig {
    /// Whether each session gets a control group of the kernel, where the system allows it.
    pub cgroups: bool,
}

impl Default for SupervisionConfig {
    fn default() -> Self {
        Self { cgroups: true }
    }
}

/// What is kept for how long.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keep {
    /// Days after its last change that a finished task is kept, with its log and its worktree; 0 keeps all. The branch in
    /// the user's repository always stays.
    pub days: u32,
    /// Whether the room that removed tasks leave is given back to the disk.
    pub vacuum: bool,
}

impl Default for Keep {
    fn default() -> Self {
        Self { days: 0, vacuum: true }
    }
}

/// Whom the companion's own page may talk to, and which other pages may use the API.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PageConfig {
    /// Origins of pages on other hosts that may use the API.
    pub allow_origin: Vec<Origin>,
    /// Origins that the companion's own page may talk to besides this companion and GitHub.
    pub connect: Vec<Origin>,
}

/// Why a configuration file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("the configuration {0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// It is not what it should be; carries the place and the reason.
    #[error("the configuration {0} is wrong; correct it and start again\n{1}")]
    Wrong(PathBuf, String),
}

impl Config {
    /// Reads the file at `path`.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable(path.to_owned(), error))?;
        Self::parse(&text).map_err(|reason| ConfigError::Wrong(path.to_owned(), reason))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if config.limits.running == 0 {
            return Err("limits.running is 0: no session could ever run; set it to 1 or more".into());
        }
        for (index, agent) in config.agent.iter().enumerate() {
            if config.agent[..index].iter().any(|earlier| earlier.id == agent.id) {
                return Err(format!("two agents have the id '{}'; give one of them another", agent.id));
            }
        }
        Ok(config)
    }
}

/// The companion's limits.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Sessions that run at once; the rest are queued in order.
    pub running: usize,
    /// Bytes of the longest line that an agent may send; a longer one ends the session.
    pub line_bytes: usize,
    /// Seconds from a stop to SIGKILL: the agent has most of them to end by itself.
    pub stop_seconds: u64,
    /// Seconds that an agent is held while its log cannot be written (a full disk, a lock); then its session ends.
    pub hold_seconds: u64,
    /// Bytes of the longest log of a session: beyond it the middle of its output is left out.
    pub log_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { running: 8, line_bytes: 16 * 1024 * 1024, stop_seconds: 4, hold_seconds: 60, log_bytes: 100_000_000 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_file_is_refused_with_the_line() {
        let config = Config::parse("[[agent]]\nid = \"a\"\ncommand = \"a\"\n[limits]\nrunning = 2\n").unwrap();
        assert_eq!((config.agent.len(), config.limits.running, config.limits.stop_seconds), (1, 2, 4));
        assert!(Config::parse("[limits]\nrunnign = 2\n").unwrap_err().contains("line 2"));
        assert!(Config::parse("[limits]\nrunning = 0\n").unwrap_err().contains("running"));
    }

    #[test]
    fn origins_are_read_and_wrong_ones_refused_with_the_right_form() {
        let text = "[page]\nallow_origin = [\"https://deck.example.org\"]\nconnect = [\"https://git.example.org\"]\n";
        let page = Config::parse(text).unwrap().page;
        assert_eq!(page.allow_origin[0].as_str(), "https://deck.example.org");
        assert_eq!(page.connect[0].as_str(), "https://git.example.org");
        let wrong = Config::parse("[page]\nallow_origin = [\"https://deck.example.org/x/\"]\n").unwrap_err();
        assert!(wrong.contains("line 2") && wrong.contains("write https://deck.example.org"), "{wrong}");
    }
}
