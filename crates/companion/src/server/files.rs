//! How many files this process may have open, and how many connections that is good for.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// The most connections at once; more wait to be accepted. Most of them are streams, which cost little.
const CONNECTIONS_MAX: usize = 2_048;
/// Files that are not connections: the database, agents with their pipes, git.
const OTHER_FILES: usize = 512;
/// So few connections are too few for a browser and its tabs.
const CONNECTIONS_FEW: usize = 64;

/// Raises the limit of open files as far as needed and allowed; how many connections there is room for.
pub fn connections() -> usize {
    let wanted = (CONNECTIONS_MAX + OTHER_FILES) as u64;
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return CONNECTIONS_MAX };
    let raised = wanted.min(hard).max(soft);
    let soft = match setrlimit(Resource::RLIMIT_NOFILE, raised, hard) {
        Ok(()) => raised,
        Err(_) => soft,
    };
    let room = connections_of(soft);
    if room < CONNECTIONS_FEW {
        tracing::warn!(
            files = soft,
            connections = room,
            "few files may be open here; raise the limit with `ulimit -n`"
        );
    }
    room
}

/// Half of what there is at least, when that is little.
fn connections_of(files: u64) -> usize {
    let files = usize::try_from(files).unwrap_or(usize::MAX);
    files.saturating_sub(OTHER_FILES).max(files / 2).clamp(1, CONNECTIONS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_room_for_some() {
        let room = [0, 64, 256, 1_024, 4_096, u64::MAX].map(connections_of);
        assert_eq!(room, [1, 32, 128, 512, 2_048, 2_048]);
    }
}
