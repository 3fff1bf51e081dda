//! The system's processes, as `/proc` tells them. Where there is no `/proc`, only their numbers are known.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use agent_tasks::event::ProcessName;

/// How much of a command line is told, in characters.
const COMMAND_CHARS_MAX: usize = 120;

/// One process at one moment. The number and the start time together name it for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its number; may be used again once it ended.
    pub pid: i32,
    /// Its parent's number.
    pub parent: i32,
    /// Its process group.
    pub group: i32,
    /// When it started, in clock ticks since boot.
    pub start: u64,
    /// Whether it has ended and waits for its parent to notice.
    pub is_zombie: bool,
    /// Whether it is halted by SIGSTOP.
    pub is_halted: bool,
}

impl Process {
    /// Its number and command line.
    pub fn name(&self) -> ProcessName {
        ProcessName { pid: u32::try_from(self.pid).unwrap_or_default(), command: command(self.pid) }
    }
}

/// All processes.
pub fn all() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    entries.flatten().filter_map(|entry| process(entry.file_name().to_str()?.parse().ok()?)).collect()
}

/// All processes as they were at most `age` ago: many sessions look at once.
pub fn recent(age: Duration) -> Arc<Vec<Process>> {
    static LAST: Mutex<Option<(Instant, Arc<Vec<Process>>)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((at, all)) = last.as_ref()
        && at.elapsed() < age
    {
        return Arc::clone(all);
    }
    let at = Instant::now();
    let all = Arc::new(all());
    *last = Some((at, Arc::clone(&all)));
    all
}

/// One process.
pub fn process(pid: i32) -> Option<Process> {
    parse(pid, &std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// Whether the environment that the process was started with holds exactly `NAME=value`.
pub fn has_variable(pid: i32, assignment: &[u8]) -> bool {
    std::fs::read(format!("/proc/{pid}/environ"))
        .is_ok_and(|environment| environment.split(|byte| *byte == 0).any(|variable| variable == assignment))
}

/// Whether the process works in `folder` or below.
pub fn works_in(pid: i32, folder: &Path) -> bool {
    std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd.starts_with(folder))
}

fn command(pid: i32) -> String {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words: Vec<_> = line.split(|byte| *byte == 0).filter(|word| !word.is_empty()).collect();
    let line = String::from_utf8_lossy(&words.join(&b' ')).into_owned();
    let line = if line.is_empty() {
        std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default().trim().to_owned()
    } else {
        line
    };
    line.chars().map(|char| if char.is_control() { ' ' } else { char }).take(COMMAND_CHARS_MAX).collect()
}

/// The name, in parentheses, may hold anything; the numbers come after the last one.
fn parse(pid: i32, stat: &str) -> Option<Process> {
    let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_ascii_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    let group = fields.next()?.parse().ok()?;
    // Field 22 of proc(5); three fields after the name are used up.
    let start = fields.nth(16)?.parse().ok()?;
    Some(Process {
        pid,
        parent,
        group,
        start,
        is_zombie: matches!(state, "Z" | "X" | "x"),
        is_halted: matches!(state, "T" | "t"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_may_call_itself_anything() {
        let stat = "42 (a) S 1 (b)) T 7 8 9 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 1 0 123456 1000 1 2";
        let expected = Process { pid: 42, parent: 7, group: 8, start: 123456, is_zombie: false, is_halted: true };
        assert_eq!(parse(42, stat), Some(expected));
        assert_eq!(parse(42, "42 (cut"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_is_found() {
        let own = process(std::process::id().try_into().unwrap()).unwrap();
        assert!(all().iter().any(|process| (process.pid, process.start) == (own.pid, own.start)));
        assert!(!own.name().command.is_empty());
    }
}
