//! Looks at the file before it is used. A damaged one is moved aside, never deleted; the companion begins a new one.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode};

use super::{LogError, journal};
use crate::clock;

/// How long a start looks. A larger file is looked at to the end while the companion already works.
const START_CHECK: Duration = Duration::from_millis(500);
/// What SQLite keeps beside its file.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// What a look at the file has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// All of it is as it should be, or there is none yet.
    Whole,
    /// There was no time to see all of it.
    Unseen,
    /// It was damaged and lies where this says.
    MovedAside(PathBuf),
    /// What was written last before a crash was damaged: some of it is lost. A copy lies where this says.
    JournalDamaged(PathBuf),
}

/// Looks at the file at `path`, which nobody may have open, and moves a damaged one aside.
pub fn see_whole(path: &Path) -> Result<Health, LogError> {
    let is_suspect = note(path).exists();
    if !path.exists() {
        return Ok(Health::Whole);
    }
    if let Some(kept) = keep_damaged_journal(path) {
        return Ok(Health::JournalDamaged(kept));
    }
    let time = if is_suspect { None } else { Some(START_CHECK) };
    let health = match look(path, time)? {
        Look::Whole => Health::Whole,
        Look::Interrupted => Health::Unseen,
        Look::Damaged(what) => {
            let aside = move_aside(path).map_err(|error| {
                LogError::Damaged(format!("{what}; it could not be moved aside, which you should do yourself: {error}"))
            })?;
            tracing::error!(what, aside = %aside.display(), "the database was damaged and is moved aside");
            Health::MovedAside(aside)
        }
    };
    if is_suspect {
        // It has been looked at; a note that stays only makes the next start slow.
        let _ = fs::remove_file(note(path));
    }
    Ok(health)
}

/// Looks at all of the file from a thread of its own. When it is damaged, the next start moves it aside.
pub fn look_in_background(path: &Path) {
    let path = path.to_owned();
    let looking = std::thread::Builder::new().name("log-check".into()).spawn(move || match look(&path, None) {
        Ok(Look::Whole | Look::Interrupted) => tracing::debug!("the database is whole"),
        Ok(Look::Damaged(what)) => suspect(&path, &what),
        Err(error) => tracing::warn!(%error, "the database could not be looked at"),
    });
    if let Err(error) = looking {
        tracing::warn!(%error, "the database is not looked at");
    }
}

/// Leaves a note, so that the next start looks at all of the file before it is used.
pub fn suspect(path: &Path, what: &str) {
    tracing::error!(what, "the database is damaged; restart Flightdeck: it moves the file aside and begins a new one");
    // A disk that takes no note is told of above.
    let _ = fs::write(note(path), what);
}

enum Look {
    Whole,
    Interrupted,
    Damaged(String),
}

/// Looks at the pages of the file, at most for `time`.
fn look(path: &Path, time: Option<Duration>) -> Result<Look, LogError> {
    let conn = Connection::open(path)?;
    let interrupt = conn.get_interrupt_handle();
    let (done, is_done) = mpsc::channel::<()>();
    let clock = time.map(|time| {
        std::thread::spawn(move || {
            if is_done.recv_timeout(time) == Err(mpsc::RecvTimeoutError::Timeout) {
                interrupt.interrupt();
            }
        })
    });
    let found = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    drop(done);
    if let Some(clock) = clock {
        // It has nothing that could panic.
        let _ = clock.join();
    }
    match found {
        Ok(said) if said == "ok" => Ok(Look::Whole),
        Ok(said) => Ok(Look::Damaged(said)),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => Ok(Look::Interrupted),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Ok(Look::Damaged(error.to_string())),
            Some(_) | None => Err(error.into()),
        },
    }
}

/// Copies a damaged write-ahead log before SQLite takes up what it can of it and forgets the rest.
fn keep_damaged_journal(path: &Path) -> Option<PathBuf> {
    let journal = with_ending(path, "-wal");
    let lost = journal::lost_frames(&journal);
    if lost == 0 {
        return None;
    }
    let kept = free_name(path);
    tracing::error!(pages = lost, kept = %kept.display(), "what was written last is damaged, and some of it lost");
    for ending in ["", "-wal"] {
        // A disk that takes no copy is told of above.
        let _ = fs::copy(with_ending(path, ending), with_ending(&kept, ending));
    }
    Some(kept)
}

/// Renames the file and what belongs to it, so that they still fit together under the new name.
fn move_aside(path: &Path) -> std::io::Result<PathBuf> {
    let aside = free_name(path);
    for ending in COMPANIONS {
        let beside = with_ending(path, ending);
        if beside.exists() {
            fs::rename(&beside, with_ending(&aside, ending))?;
        }
    }
    // Last: what is cut short before this is done again by the next start.
    fs::rename(path, &aside)?;
    Ok(aside)
}

/// A name beside the file that nothing has yet.
fn free_name(path: &Path) -> PathBuf {
    let moment: String = clock::now().to_string().chars().filter(char::is_ascii_alphanumeric).collect();
    let free = (0..).map(|number| with_ending(path, &format!(".damaged-{moment}-{number}"))).find(|it| !it.exists());
    free.unwrap_or_else(|| with_ending(path, ".damaged"))
}

fn note(path: &Path) -> PathBuf {
    with_ending(path, ".suspect")
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Log, NewTaskRow};

    async fn with_a_task(path: &Path) -> Log {
        let log = Log::open(path).unwrap();
        log.write(|tx| tx.insert_task(&NewTaskRow::sample())).await.unwrap();
        log
    }

    #[tokio::test]
    async fn a_whole_file_stays_and_a_damaged_one_is_moved_with_all_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.sqlite");
        assert_eq!(see_whole(&path), Ok(Health::Whole), "there is none");
        drop(with_a_task(&path).await);
        assert_eq!(see_whole(&path), Ok(Health::Whole));
        for (number, damage) in [&b"not a database at all, but text"[..], &[0; 4096]].into_iter().enumerate() {
            let path = folder.path().join(format!("{number}.sqlite"));
            fs::write(&path, damage).unwrap();
            let Ok(Health::MovedAside(aside)) = see_whole(&path) else { panic!("{number} was taken for a database") };
            assert_eq!(fs::read(aside).unwrap(), damage);
            assert!(!path.exists());
            drop(with_a_task(&path).await);
        }
    }

    #[tokio::test]
    async fn a_page_that_is_torn_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.sqlite");
        drop(with_a_task(&path).await);
        Connection::open(&path).unwrap().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        let torn = 2 * 4096..3 * 4096;
        bytes[torn].fill(0x5a);
        fs::write(&path, &bytes).unwrap();
        assert!(matches!(see_whole(&path), Ok(Health::MovedAside(_))));
    }

    #[tokio::test]
    async fn a_suspect_file_is_looked_at_once_to_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.sqlite");
        drop(with_a_task(&path).await);
        suspect(&path, "a read failed");
        assert_eq!(see_whole(&path), Ok(Health::Whole));
        assert!(!note(&path).exists());
    }
}
