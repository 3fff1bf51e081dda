//! The data folder: where it is, whose it is, and who uses it now.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// How long a start waits for the folder. A process between its fork and its program has its parent's lock.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);
/// How often it looks meanwhile.
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// A data folder that is ours to use.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// Held while a companion runs; gone when it ends, however it ends.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It cannot be made or written.
    #[error("the data folder {0} cannot be used ({1}); name another one with --data")]
    Unusable(PathBuf, io::Error),
    /// There is none.
    #[error(
        "no companion has used the data folder {0} yet; start one with `flightdeck serve`, or name its folder with --data"
    )]
    Missing(PathBuf),
    /// Another companion runs with it.
    #[error("another companion already uses the data folder {0}; stop that one, or name another folder with --data")]
    InUse(PathBuf),
    /// There is no home to put it into.
    #[error("no home folder is known; name a data folder with --data")]
    Homeless,
}

impl Folder {
    /// Opens `path`, or the user's own data folder; makes it when it is not there, for its owner only.
    pub fn open(path: Option<PathBuf>) -> Result<Self, FolderError> {
        let path = path.or_else(default_path).ok_or(FolderError::Homeless)?;
        let unusable = |error| FolderError::Unusable(path.clone(), error);
        DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(unusable)?;
        path.canonicalize().map(Self).map_err(unusable)
    }

    /// The same for who wants what is in it: a folder without a database is refused, and nothing is made.
    pub fn find(path: Option<PathBuf>) -> Result<Self, FolderError> {
        let path = path.or_else(default_path).ok_or(FolderError::Homeless)?;
        match path.canonicalize().map(Self) {
            Ok(folder) if folder.database().exists() => Ok(folder),
            Ok(_) => Err(FolderError::Missing(path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(FolderError::Missing(path)),
            Err(error) => Err(FolderError::Unusable(path, error)),
        }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.0.join("flightdeck.sqlite")
    }

    /// Where it is noted which processes run.
    pub fn running(&self) -> PathBuf {
        self.0.join("running")
    }

    /// Takes the folder for this companion alone. What a killed companion had just started holds its lock for a moment.
    pub fn lock(&self) -> Result<FolderLock, FolderError> {
        let until = Instant::now() + LOCK_PATIENCE;
        loop {
            match self.try_lock() {
                Err(FolderError::InUse(_)) if Instant::now() < until => std::thread::sleep(LOCK_PAUSE),
                locked => return locked,
            }
        }
    }

    fn try_lock(&self) -> Result<FolderLock, FolderError> {
        let unusable = |error| FolderError::Unusable(self.0.clone(), error);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(self.0.join("lock"))
            .map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(FolderLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse(self.0.clone())),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }

    /// Whether a companion uses the folder now.
    pub fn is_in_use(&self) -> bool {
        matches!(self.try_lock(), Err(FolderError::InUse(_)))
    }

    /// Keeps the address of the running companion, for `flightdeck link`.
    pub fn write_address(&self, address: &str) -> Result<(), FolderError> {
        fs::write(self.address_file(), address).map_err(|error| FolderError::Unusable(self.0.clone(), error))
    }

    /// The address of the companion that runs with this folder.
    pub fn address(&self) -> Option<String> {
        if !self.is_in_use() {
            return None;
        }
        fs::read_to_string(self.address_file()).ok().map(|text| text.trim().to_owned())
    }

    fn address_file(&self) -> PathBuf {
        self.0.join("address")
    }
}

/// `$XDG_DATA_HOME/flightdeck`, else `~/.local/share/flightdeck`.
fn default_path() -> Option<PathBuf> {
    let base = match std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute()) {
        Some(base) => base,
        None => std::env::home_dir().filter(|home| home.is_absolute())?.join(".local/share"),
    };
    Some(base.join("flightdeck"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_one_companion_s_at_a_time() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(Some(parent.path().join("new/data"))).unwrap();
        let lock = folder.lock().unwrap();
        assert!(matches!(folder.lock(), Err(FolderError::InUse(_))));
        folder.write_address("http://127.0.0.1:1").unwrap();
        assert_eq!(folder.address().as_deref(), Some("http://127.0.0.1:1"));
        drop(lock);
        assert_eq!(folder.address(), None);
    }
}
