//! A companion's database, copied and put back while nobody works with it.

use std::path::{Path, PathBuf};

use super::Companion;

/// A database is one file; what was written last may still be in the two others.
const FILES: [&str; 3] = ["flightdeck.sqlite", "flightdeck.sqlite-wal", "flightdeck.sqlite-shm"];

impl Companion {
    /// Copies the database into a folder. The companion must have been killed.
    pub fn back_up(&self, folder: &Path) -> anyhow::Result<()> {
        copy(&self.data(), folder)
    }

    /// Puts a copy in the place of the database. The companion must have been killed.
    pub fn restore(&self, folder: &Path) -> anyhow::Result<()> {
        copy(folder, &self.data())
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    for name in FILES {
        if to.join(name).exists() {
            std::fs::remove_file(to.join(name))?;
        }
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name))?;
        }
    }
    Ok(())
}
