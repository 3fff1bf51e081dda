//! What can go wrong with the log, cut by what the caller can do.

use rusqlite::ErrorCode;

/// Why the log could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// There is no room; reading still works.
    #[error("the disk that holds the data folder is full; free some space and try again")]
    Full,
    /// Another process holds the file.
    #[error("another program keeps the data folder's database locked; try again in a moment")]
    Busy,
    /// A newer companion wrote the file; carries its version and ours.
    #[error(
        "the data folder was written by a newer Flightdeck (schema {0}, this one knows {1}); update Flightdeck or name another folder with --data"
    )]
    Newer(i64, i64),
    /// The SQLite that this program was linked with has known faults; carries its version.
    #[error("SQLite {0} can damage databases; build Flightdeck with SQLite 3.51.3 or newer")]
    OldSqlite(String),
    /// Its bytes are not what was written; carries what SQLite said.
    #[error(
        "the data folder's database is damaged ({0}); restart Flightdeck: it moves the file aside and begins a new one"
    )]
    Damaged(String),
    /// Anything else; carries what SQLite said.
    #[error("the data folder's database failed: {0}")]
    Broken(String),
}

impl From<rusqlite::Error> for LogError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            Some(_) | None => Self::Broken(error.to_string()),
        }
    }
}
