//! Starts an agent: found on PATH, in the worktree, in a process group of its own, with an environment
//! that holds only what its profile lets through.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::{
    MARKER, Profile, RunSpec,
    stderr::LastWords,
    supervise::{Supervisor, Tree, become_subreaper},
};

/// Variables that every program needs; all others have to be in the profile.
const PASSED_ON: [&str; 8] = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TMPDIR", "TZ"];
/// And those that begin so: the locale and the base folders of the desktop.
const PASSED_ON_PREFIXES: [&str; 2] = ["LC_", "XDG_"];
/// What `{random}` becomes is this many bytes, in hexadecimal.
const RANDOM_BYTES: usize = 16;

/// A running agent.
pub struct AgentProcess {
    /// Waited for by the runtime; killed with its tree.
    pub child: Child,
    /// Its number.
    pub pid: i32,
    /// Its input.
    pub stdin: ChildStdin,
    /// Its output.
    pub stdout: ChildStdout,
    /// The end of its error output.
    pub last_words: LastWords,
    /// It and all that it starts.
    pub tree: Tree,
}

/// Why an agent could not be started.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The program is not there.
    #[error("'{0}' was not found on PATH")]
    NotFound(String),
    /// The worktree is gone.
    #[error("the worktree {0} is not there any more")]
    NoWorktree(PathBuf),
    /// The system refused.
    #[error("'{command}' could not be started: {reason}")]
    Refused {
        /// The program.
        command: String,
        /// In the system's words.
        reason: std::io::Error,
    },
}

/// Starts the agent of `spec`, in the hands of `supervisor`.
pub fn spawn(spec: &RunSpec, supervisor: &Supervisor) -> Result<AgentProcess, LaunchError> {
    become_subreaper();
    let environment = environment(&spec.profile, std::env::vars_os());
    let path = environment.get(OsStr::new("PATH")).cloned().unwrap_or_default();
    let command = &spec.profile.command;
    let program = find(command, &path).ok_or_else(|| LaunchError::NotFound(command.clone()))?;
    if !spec.worktree.is_dir() {
        return Err(LaunchError::NoWorktree(spec.worktree.clone()));
    }
    let refused = |reason| LaunchError::Refused { command: command.clone(), reason };
    let mut child = Command::new(program)
        .args(&spec.profile.args)
        .env_clear()
        .envs(environment)
        .env(MARKER, spec.session_id.as_str())
        .env("PWD", &spec.worktree)
        .current_dir(&spec.worktree)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(refused)?;
    let pid = child.id().and_then(|pid| i32::try_from(pid).ok()).expect("a child that was not waited for has a number");
    let tree = supervisor.tree(spec.session_id.clone(), pid, &spec.worktree);
    let stdin = child.stdin.take().expect("the input is piped");
    let stdout = child.stdout.take().expect("the output is piped");
    let last_words = LastWords::of(child.stderr.take().expect("the error output is piped"));
    Ok(AgentProcess { child, pid, stdin, stdout, last_words, tree })
}

/// The program that `command` names: an absolute path, or a name in one of the folders of `path`.
/// A relative path is nothing: it would depend on where the companion was started.
pub fn find(command: &str, path: &OsStr) -> Option<PathBuf> {
    if command.contains(std::path::MAIN_SEPARATOR) && !Path::new(command).is_absolute() {
        return None;
    }
    which::which_in(command, Some(path), "/").ok()
}

/// The environment of an agent with `profile`, out of the companion's own variables.
fn environment(profile: &Profile, own: impl Iterator<Item = (OsString, OsString)>) -> BTreeMap<OsString, OsString> {
    let is_passed_on = |name: &str| {
        PASSED_ON.contains(&name)
            || PASSED_ON_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
            || profile.pass_env.iter().any(|passed| passed == name)
    };
    let mut environment: BTreeMap<OsString, OsString> =
        own.filter(|(name, _)| name.to_str().is_some_and(is_passed_on)).collect();
    for (name, value) in &profile.env {
        environment.insert(name.into(), value.replace("{random}", &random_hex()).into());
    }
    environment
}

fn random_hex() -> String {
    let mut bytes = [0; RANDOM_BYTES];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_sees_what_its_profile_names_and_nothing_else() {
        let profile = Profile {
            id: "a".into(),
            name: String::new(),
            command: "a".into(),
            args: vec![],
            env: [("PASSWORD".to_owned(), "{random}".to_owned())].into(),
            pass_env: vec!["A_API_KEY".into()],
            mode: None,
        };
        let own = ["HOME", "PATH", "LC_ALL", "A_API_KEY", "B_API_KEY", "LD_PRELOAD", "AWS_SECRET_ACCESS_KEY", "MARKED"];
        let own = own.map(|name| (name.into(), "x".into())).into_iter();
        let environment = environment(&profile, own);
        let names: Vec<_> = environment.keys().map(|name| name.to_str().unwrap()).collect();
        assert_eq!(names, ["A_API_KEY", "HOME", "LC_ALL", "PASSWORD", "PATH"]);
        assert_eq!(environment[OsStr::new("PASSWORD")].len(), 2 * RANDOM_BYTES);
    }

    #[test]
    fn a_program_is_a_name_on_the_path_or_an_absolute_path() {
        let path = OsStr::new("/usr/bin:/bin");
        assert!(find("ls", path).is_some());
        assert!(find("bin/ls", path).is_none());
        assert!(find("no-such-program-anywhere", path).is_none());
    }
}
