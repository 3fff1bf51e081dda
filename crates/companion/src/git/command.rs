//! The one place that starts git: with a cleared environment, without hooks, filters, prompts or network,
//! within a time and a size.

use std::{
    ffi::{OsStr, OsString},
    path::Path,
    process::Stdio,
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    process::Command,
};

use super::GitError;

/// The longest time that one git command may take.
const COMMAND_TIME_MAX: Duration = Duration::from_secs(120);
/// Bytes of the longest output that is read of a git command.
const OUTPUT_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Bytes of the longest error output that is kept.
const ERROR_BYTES_MAX: u64 = 64 * 1024;
/// Lines of error output that a [`GitError`] tells.
const ERROR_LINES_MAX: usize = 4;

/// Settings that hold whatever a configuration file says.
const SETTINGS: [&str; 13] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.pager=cat",
    "core.sshCommand=false",
    "core.askPass=false",
    "credential.helper=",
    "protocol.allow=never",
    "submodule.recurse=false",
    "maintenance.auto=false",
    "gc.auto=0",
];

/// A git command under construction. Every path and name it gets is absolute or a full ref, or follows
/// `--end-of-options`.
pub(super) struct Git {
    command: Command,
    name: String,
    stdin: Vec<u8>,
    output_bytes_max: u64,
}

impl Git {
    /// A command on the git directory `git_dir`, without a working tree.
    pub(super) fn at(git_dir: &Path) -> Self {
        let mut git = Self::bare();
        git.command.arg("--git-dir").arg(git_dir);
        git
    }

    /// A command on `git_dir` and the tree `worktree`.
    pub(super) fn in_worktree(git_dir: &Path, worktree: &Path) -> Self {
        let mut git = Self::at(git_dir);
        git.command.arg("--work-tree").arg(worktree);
        git
    }

    /// A command that looks for the repository from `path` upwards. For folders that the user named.
    pub(super) fn from_folder(path: &Path) -> Self {
        let mut git = Self::bare();
        git.command.arg("-C").arg(path);
        git
    }

    fn bare() -> Self {
        let mut command = Command::new("git");
        command.env_clear().stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        // Never a folder that an agent writes: PATH may hold relative entries.
        command.current_dir("/");
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        for (name, value) in [
            ("LC_ALL", "C"),
            ("HOME", "/dev/null"),
            ("XDG_CONFIG_HOME", "/dev/null"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_ATTR_NOSYSTEM", "1"),
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GIT_NO_LAZY_FETCH", "1"),
            ("GIT_NO_REPLACE_OBJECTS", "1"),
            ("GIT_PAGER", "cat"),
            ("GIT_EDITOR", "false"),
        ] {
            command.env(name, value);
        }
        command.arg("--no-pager").arg("--literal-pathspecs");
        for setting in SETTINGS {
            command.arg("-c").arg(setting);
        }
        Self { command, name: String::new(), stdin: Vec::new(), output_bytes_max: OUTPUT_BYTES_MAX }
    }

    /// Lets this command read from a folder of this machine; all other transports stay forbidden.
    pub(super) fn allow_local_transport(mut self) -> Self {
        self.command.args(["-c", "protocol.file.allow=always"]);
        self
    }

    /// Lets this command read the user's own configuration. Only for reading a value.
    pub(super) fn with_user_configuration(mut self) -> Self {
        self.command.env_remove("GIT_CONFIG_GLOBAL").env_remove("GIT_CONFIG_NOSYSTEM");
        for name in ["HOME", "XDG_CONFIG_HOME"] {
            match std::env::var_os(name) {
                Some(value) => self.command.env(name, value),
                None => self.command.env_remove(name),
            };
        }
        self
    }

    pub(super) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Adds arguments. The first one ever added names the command in errors.
    pub(super) fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        for arg in args {
            let arg = arg.into();
            if self.name.is_empty() {
                self.name = arg.to_string_lossy().into_owned();
            }
            self.command.arg(arg);
        }
        self
    }

    pub(super) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    pub(super) fn output_bytes_max(mut self, bytes: u64) -> Self {
        self.output_bytes_max = bytes;
        self
    }

    /// Runs it; its standard output when it succeeds.
    pub(super) async fn bytes(self) -> Result<Vec<u8>, GitError> {
        let name = self.name.clone();
        let failed = |message: String| GitError::Failed { command: name.clone(), message };
        match tokio::time::timeout(COMMAND_TIME_MAX, self.run()).await {
            Ok(result) => result?.map_err(failed),
            Err(_) => Err(failed(format!(
                "it took more than {} s; look for very large or special files in the working folder",
                COMMAND_TIME_MAX.as_secs()
            ))),
        }
    }

    /// Runs it; its standard output as text without the last line end.
    pub(super) async fn text(self) -> Result<String, GitError> {
        let bytes = self.bytes().await?;
        Ok(String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned())
    }

    async fn run(mut self) -> Result<Result<Vec<u8>, String>, GitError> {
        self.command.stdin(if self.stdin.is_empty() { Stdio::null() } else { Stdio::piped() });
        let mut child = self.command.spawn()?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let write = async {
            if let Some(mut stdin) = stdin {
                // A command that ends early says why by its exit code.
                let _ = stdin.write_all(&self.stdin).await;
            }
        };
        // One byte more than allowed tells a full output from a cut one.
        let (_, output, error) =
            tokio::join!(write, read(stdout, self.output_bytes_max + 1), read(stderr, ERROR_BYTES_MAX));
        let (output, error) = (output?, error?);
        if output.len() as u64 > self.output_bytes_max {
            return Ok(Err(format!("its output is longer than {} MB", self.output_bytes_max / 1_000_000)));
        }
        let status = child.wait().await?;
        Ok(if status.success() { Ok(output) } else { Err(last_lines(&error)) })
    }
}

async fn read(stream: Option<impl AsyncRead + Unpin>, bytes_max: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        stream.take(bytes_max).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

fn last_lines(error: &[u8]) -> String {
    let text = String::from_utf8_lossy(error);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match lines.as_slice() {
        [] => "it gave no reason".into(),
        lines => lines[lines.len().saturating_sub(ERROR_LINES_MAX)..].join("; "),
    }
}
