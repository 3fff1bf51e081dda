//! Who runs, on disk: what a companion that was killed leaves behind is found again by it. A process is
//! named by its number, its start and the system's start together, so that nobody else is ever meant.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use agent_tasks::SessionId;

use super::processes;

/// A process: its number and its start.
pub type Known = (i32, u64);

/// A folder with a file for each session that runs.
#[derive(Debug, Clone)]
pub struct Roll {
    folder: PathBuf,
    /// The companion that writes.
    companion: Known,
    /// Another one for each start of the system.
    boot: String,
}

/// What a file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Whose processes they are.
    pub session: String,
    /// The companion that started them.
    pub companion: Known,
    /// The session's control group.
    pub group: Option<PathBuf>,
    /// The processes; none when the system was started again since.
    pub members: BTreeMap<i32, u64>,
}

impl Roll {
    /// In `folder`, which is made when it is not there.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let own = processes::process(std::process::id().cast_signed());
        let own = own.ok_or_else(|| io::Error::other("the system does not tell its processes"))?;
        Ok(Self { folder: folder.to_owned(), companion: (own.pid, own.start), boot: boot()? })
    }

    /// Notes the processes of `session`, in place of what was noted before.
    pub fn write(&self, session: &SessionId, group: Option<&Path>, members: &BTreeMap<i32, u64>) -> io::Result<()> {
        let (pid, start) = self.companion;
        let mut text = format!("boot {}\ncompanion {pid} {start}\n", self.boot);
        text.extend(group.map(|group| format!("group {}\n", group.display())));
        text.extend(members.iter().map(|(pid, start)| format!("process {pid} {start}\n")));
        let half = self.folder.join(format!("{session}.new"));
        fs::write(&half, text)?;
        fs::rename(half, self.folder.join(session.as_str()))
    }

    /// Nothing of `session` is left.
    pub fn strike(&self, session: &str) {
        // It is not there when nothing was noted.
        let _ = fs::remove_file(self.folder.join(session));
    }

    /// What other companions noted and did not strike.
    pub fn left(&self) -> Vec<Entry> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let read = |name: String| {
            let text = fs::read_to_string(self.folder.join(&name)).ok()?;
            Some(parse(name, &text, &self.boot))
        };
        names.filter_map(read).filter(|entry| entry.companion != self.companion).collect()
    }
}

fn boot() -> io::Result<String> {
    Ok(fs::read_to_string("/proc/sys/kernel/random/boot_id")?.trim().to_owned())
}

/// Lines that are no good are passed over: they name nobody.
fn parse(session: String, text: &str, boot: &str) -> Entry {
    let mut entry = Entry { session, ..Entry::default() };
    let mut is_same_boot = false;
    let known = |rest: &str| -> Option<Known> {
        let (pid, start) = rest.split_once(' ')?;
        Some((pid.parse().ok()?, start.parse().ok()?))
    };
    for line in text.lines() {
        match line.split_once(' ') {
            Some(("boot", noted)) => is_same_boot = noted == boot,
            Some(("companion", rest)) => entry.companion = known(rest).unwrap_or_default(),
            Some(("group", folder)) if is_same_boot => entry.group = Some(folder.into()),
            Some(("process", rest)) if is_same_boot => entry.members.extend(known(rest)),
            Some(_) | None => {}
        }
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_read_again_by_another_companion() {
        let folder = tempfile::tempdir().unwrap();
        let own = Roll::open(&folder.path().join("running")).unwrap();
        let other = Roll { companion: (own.companion.0, own.companion.1 + 1), ..own.clone() };
        let session = SessionId("s-1".into());
        own.write(&session, Some(Path::new("/cg/x y")), &[(12, 34), (56, 78)].into()).unwrap();
        own.write(&session, Some(Path::new("/cg/x y")), &[(12, 34)].into()).unwrap();
        assert_eq!(own.left(), [], "its own sessions are not left");
        let expected = Entry {
            session: "s-1".into(),
            companion: own.companion,
            group: Some("/cg/x y".into()),
            members: [(12, 34)].into(),
        };
        assert_eq!(other.left(), [expected]);
        other.strike("s-1");
        assert_eq!(other.left(), []);
    }

    #[test]
    fn after_a_start_of_the_system_nobody_is_meant() {
        let text = "boot earlier\ncompanion 1 2\ngroup /cg/a\nprocess 3 4\n";
        let entry = |group, members| Entry { session: "s".into(), companion: (1, 2), group, members };
        assert_eq!(parse("s".into(), text, "now"), entry(None, [].into()));
        assert_eq!(parse("s".into(), text, "earlier"), entry(Some("/cg/a".into()), [(3, 4)].into()));
        let damaged = "boot earlier\ncompanion 1 2\nprocess 3\nprocess x 4\nproc";
        assert_eq!(parse("s".into(), damaged, "earlier"), entry(None, [].into()));
    }
}
