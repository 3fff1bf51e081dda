//! Opening the file: version checks, settings, and the schema.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags};

use super::LogError;

/// The schema that this version writes, kept in `user_version`.
const SCHEMA_VERSION: i64 = 1;
/// Before 3.51.3 a reset of the write-ahead log could damage the file.
const SQLITE_OLDEST: i32 = 3_051_003;
/// How long to wait for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

const SCHEMA: &str = include_str!("schema.sql");

/// Opens the file to write, making it and its schema when needed.
pub fn open_for_writing(path: &Path) -> Result<Connection, LogError> {
    check_sqlite(rusqlite::version_number())?;
    let mut conn = Connection::open(path)?;
    configure(&conn)?;
    let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match found {
        SCHEMA_VERSION => {}
        0 => {
            tx.execute_batch(SCHEMA)?;
            tx.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        }
        newer => return Err(LogError::Newer(newer, SCHEMA_VERSION)),
    }
    tx.commit()?;
    Ok(conn)
}

/// Opens the file to read only.
pub fn open_for_reading(path: &Path) -> Result<Connection, LogError> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.pragma_update(None, "mmap_size", 0)?;
    Ok(conn)
}

fn check_sqlite(version: i32) -> Result<(), LogError> {
    if version < SQLITE_OLDEST {
        return Err(LogError::OldSqlite(rusqlite::version().to_owned()));
    }
    Ok(())
}

fn configure(conn: &Connection) -> Result<(), LogError> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    // Without it macOS acknowledges writes that are still in the drive's cache.
    conn.pragma_update(None, "fullfsync", true)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "mmap_size", 0)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_are_in_force() {
        let folder = tempfile::tempdir().unwrap();
        let conn = open_for_writing(&folder.path().join("log.sqlite")).unwrap();
        let setting = |name: &str| {
            conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, rusqlite::types::Value>(0)).unwrap()
        };
        use rusqlite::types::Value::{Integer, Text};
        assert_eq!(setting("journal_mode"), Text("wal".into()));
        assert_eq!(setting("synchronous"), Integer(2));
        assert_eq!(setting("foreign_keys"), Integer(1));
        assert_eq!(setting("busy_timeout"), Integer(5_000));
        assert_eq!(setting("user_version"), Integer(SCHEMA_VERSION));
    }

    #[test]
    fn a_newer_schema_and_an_old_sqlite_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.sqlite");
        open_for_writing(&path).unwrap().pragma_update(None, "user_version", 7).unwrap();
        assert_eq!(open_for_writing(&path).unwrap_err(), LogError::Newer(7, SCHEMA_VERSION));
        assert!(matches!(check_sqlite(3_051_002), Err(LogError::OldSqlite(_))));
        assert_eq!(check_sqlite(SQLITE_OLDEST), Ok(()));
    }
}
