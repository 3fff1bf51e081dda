//! Control groups, version 2: the kernel's own list of a session's processes, which a process leaves only by
//! writing itself into another one, and one order that ends or halts all of them at once.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use agent_tasks::SessionId;

/// Where the kernel tells this process's own group.
const OWN_GROUP: &str = "/proc/self/cgroup";
/// Where it tells what is mounted where.
const MOUNTS: &str = "/proc/self/mountinfo";
/// What the groups of sessions are called, before the session's id.
const PREFIX: &str = "flightdeck-";
/// A group that cannot be removed yet is tried so often.
const REMOVALS_MAX: usize = 10;
/// And after so long a pause.
const REMOVAL_PAUSE: Duration = Duration::from_millis(5);
/// An empty group of this age is nobody's any more.
const OLD_AGE: Duration = Duration::from_secs(60);
/// Groups within groups are followed so far.
const DEPTH_MAX: usize = 16;

/// The place where groups for sessions can be made.
#[derive(Debug, Clone)]
pub struct Cgroups(PathBuf);

impl Cgroups {
    /// Below the companion's own group; the reason when that cannot be.
    pub fn find() -> Result<Self, String> {
        let read = |path: &str| fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}"));
        let own = own_folder(&read(OWN_GROUP)?, &read(MOUNTS)?)?;
        Self::below(&own)
    }

    /// In `folder`, which is tried out.
    fn below(folder: &Path) -> Result<Self, String> {
        let groups = Self(folder.to_owned());
        let tried = groups.make(&format!("{PREFIX}trial-{}", std::process::id()));
        let trial = tried.map_err(|error| format!("no group can be made in {}: {error}", folder.display()))?;
        if !trial.file("cgroup.kill").exists() {
            return Err("the kernel is older than 5.14 and cannot end a group".into());
        }
        for file in [folder.join("cgroup.procs"), trial.file("cgroup.procs")] {
            let opened = fs::OpenOptions::new().write(true).open(&file);
            opened.map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
        }
        groups.remove_old();
        Ok(groups)
    }

    /// Removes empty groups that companions left. One that is being filled is younger.
    fn remove_old(&self) {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let is_ours = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(PREFIX);
        let is_old = |entry: &fs::DirEntry| {
            let age = entry.metadata().and_then(|it| it.modified()).map(|at| at.elapsed().unwrap_or_default());
            age.is_ok_and(|age| age > OLD_AGE)
        };
        for entry in entries.filter(|entry| is_ours(entry) && is_old(entry)) {
            // The kernel removes none that holds a process.
            let _ = fs::remove_dir(entry.path());
        }
    }

    /// A group for `session`.
    pub fn group(&self, session: &SessionId) -> io::Result<Group> {
        let is_plain = |char: char| char.is_ascii_alphanumeric() || char == '-' || char == '_';
        if !session.as_str().chars().all(is_plain) {
            return Err(io::Error::other("the session's id cannot name a group"));
        }
        self.make(&format!("{PREFIX}{session}"))
    }

    fn make(&self, name: &str) -> io::Result<Group> {
        let folder = self.0.join(name);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            Ok(()) | Err(_) => Ok(Group(folder)),
        }
    }
}

/// The group of one session. Dropped, it is removed when it is empty.
#[derive(Debug)]
pub struct Group(PathBuf);

impl Group {
    /// A group that an earlier companion made in `folder`; nothing when there is none, or it is no group of ours.
    pub fn left_in(folder: &Path) -> Option<Self> {
        let is_ours = folder.file_name()?.to_str()?.starts_with(PREFIX) && folder.join("cgroup.kill").exists();
        is_ours.then(|| Self(folder.to_owned()))
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Takes a process in; what it starts from here on is in it too.
    pub fn take(&self, pid: i32) -> io::Result<()> {
        fs::write(self.file("cgroup.procs"), pid.to_string())
    }

    /// The numbers of its processes, and of those in groups that they made in it.
    pub fn pids(&self) -> Vec<i32> {
        let mut pids = Vec::new();
        list(&self.0, DEPTH_MAX, &mut |folder| {
            let text = fs::read_to_string(folder.join("cgroup.procs")).unwrap_or_default();
            pids.extend(text.lines().filter_map(|line| line.parse::<i32>().ok()));
        });
        pids
    }

    /// Kills everyone in it at once, however many they are and however quickly they fork.
    pub fn kill(&self) -> io::Result<()> {
        fs::write(self.file("cgroup.kill"), "1")
    }

    /// Halts everyone in it, or lets them go on. The kernel does it in a moment, not at once.
    pub fn freeze(&self, halt: bool) -> io::Result<()> {
        fs::write(self.file("cgroup.freeze"), if halt { "1" } else { "0" })
    }

    /// Whether everyone in it is halted.
    pub fn is_frozen(&self) -> bool {
        fs::read_to_string(self.file("cgroup.events")).is_ok_and(|text| text.lines().any(|line| line == "frozen 1"))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let mut folders = Vec::new();
        list(&self.0, DEPTH_MAX, &mut |folder| folders.push(folder.to_owned()));
        for folder in folders.iter().rev() {
            // Who has ended is in it until somebody takes note. A group with somebody alive in it stays, and is
            // told as left.
            for _ in 0..REMOVALS_MAX {
                if fs::remove_dir(folder).is_ok() || !self.pids().is_empty() {
                    break;
                }
                std::thread::sleep(REMOVAL_PAUSE);
            }
        }
    }
}

/// Calls `visit` with `folder` and the folders in it, those above before those below.
fn list(folder: &Path, depth: usize, visit: &mut impl FnMut(&Path)) {
    visit(folder);
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| depth > 0 && entry.file_type().is_ok_and(|it| it.is_dir())) {
        list(&entry.path(), depth - 1, visit);
    }
}

/// The folder of the own group, out of the kernel's own words.
fn own_folder(own_group: &str, mounts: &str) -> Result<PathBuf, String> {
    let path = own_group.lines().find_map(|line| line.strip_prefix("0::"));
    let path = path.ok_or("the system has no control groups of version 2")?;
    for line in mounts.lines() {
        let Some((place, kind)) = line.split_once(" - ") else { continue };
        let place: Vec<&str> = place.split(' ').collect();
        let (Some(root), Some(mount)) = (place.get(3), place.get(4)) else { continue };
        if !kind.starts_with("cgroup2 ") {
            continue;
        }
        // In a container only a part of the tree may be mounted.
        let below = Path::new(path).strip_prefix(root).map_err(|_| "its own control group is not mounted")?;
        return Ok(Path::new(mount).join(below));
    }
    Err("control groups of version 2 are not mounted".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTED: &str = "24 1 8:1 / / rw - ext4 /dev/sda1 rw\n35 24 0:30 / /sys/fs/cgroup rw,nosuid - cgroup2 c rw\n";

    #[test]
    fn the_own_group_is_found_where_it_is_mounted() {
        for (group, mounts, expected) in [
            ("0::/user.slice/a.scope\n", MOUNTED, Ok("/sys/fs/cgroup/user.slice/a.scope")),
            ("4:memory:/x\n0::/\n", MOUNTED, Ok("/sys/fs/cgroup/")),
            ("0::/pod/a\n", "1 2 0:3 /pod /cg ro - cgroup2 cgroup ro", Ok("/cg/a")),
            ("0::/other\n", "1 2 0:3 /pod /cg ro - cgroup2 cgroup ro", Err("not mounted")),
            ("4:memory:/x\n", MOUNTED, Err("no control groups of version 2")),
            ("0::/\n", "24 1 8:1 / / rw - ext4 /dev/sda1 rw", Err("not mounted")),
        ] {
            match (own_folder(group, mounts), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, Path::new(expected)),
                (Err(reason), Err(words)) => assert!(reason.contains(words), "{reason}"),
                (found, expected) => panic!("{found:?} is not {expected:?}"),
            }
        }
    }

    #[test]
    fn a_folder_that_is_no_group_is_refused_with_the_reason_and_left_clean() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Cgroups::below(folder.path()).unwrap_err().contains("5.14"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let reason = Cgroups::below(&folder.path().join("missing")).unwrap_err();
        assert!(reason.contains("no group can be made in"), "{reason}");
    }

    /// What the kernel would do is done here by hand.
    #[test]
    fn a_group_lists_kills_and_halts_by_the_kernel_s_files() {
        let folder = tempfile::tempdir().unwrap();
        let group = Cgroups(folder.path().to_owned()).group(&SessionId("a-1".into())).unwrap();
        let inner = group.file("made-by-an-agent");
        fs::create_dir(&inner).unwrap();
        group.take(12).unwrap();
        fs::write(inner.join("cgroup.procs"), "13\n14\n").unwrap();
        assert_eq!(group.pids(), [12, 13, 14]);
        group.kill().unwrap();
        assert_eq!(fs::read_to_string(group.file("cgroup.kill")).unwrap(), "1");
        group.freeze(true).unwrap();
        assert!(!group.is_frozen());
        fs::write(group.file("cgroup.events"), "populated 1\nfrozen 1\n").unwrap();
        assert!(group.is_frozen());
        assert!(Group::left_in(&folder.path().join("flightdeck-a-1")).is_some());
        assert!(Group::left_in(&inner).is_none() && Group::left_in(folder.path()).is_none());
        assert!(Cgroups(folder.path().to_owned()).group(&SessionId("../up".into())).is_err());
    }
}
