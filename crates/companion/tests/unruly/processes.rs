//! The system's processes, looked at from outside.

use std::path::Path;

/// The living processes whose environment says that they are of `session`.
pub fn marked(session: &str) -> Vec<u32> {
    any_marked(&[session])
}

/// The same for any of `sessions`.
pub fn any_marked(sessions: &[&str]) -> Vec<u32> {
    let has_mark = |pid: &u32| {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .filter_map(|variable| variable.strip_prefix(b"FLIGHTDECK_SESSION="))
            .any(|session| sessions.iter().any(|known| known.as_bytes() == session))
    };
    all().into_iter().filter(has_mark).collect()
}

/// How many files `pid` has open; 0 where that may not be seen.
pub fn open_files(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, Iterator::count)
}

/// The living processes whose command line holds `words`.
pub fn called(words: &str) -> Vec<u32> {
    let is_called = |pid: &u32| {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).replace('\0', " ").contains(words)
    };
    all().into_iter().filter(is_called).collect()
}

/// The memory that `pid` has in use now, in bytes.
pub fn memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() * 1024
}

/// The zombies among the children of `pid`.
pub fn zombies(pid: u32) -> usize {
    let is_zombie = |child: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        let mut fields = stat.rsplit(')').next().unwrap_or_default().split_ascii_whitespace();
        fields.next() == Some("Z") && fields.next() == Some(pid.to_string().as_str())
    };
    all().iter().filter(|child| is_zombie(child)).count()
}

fn all() -> Vec<u32> {
    let entries = std::fs::read_dir(Path::new("/proc")).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}
