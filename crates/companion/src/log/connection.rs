//! Opening the file: version checks, settings, and the schema.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags};

use super::LogError;

/// The schema that this version writes, kept in `user_version`.
const SCHEMA_VERSION: i64 = 2;
/// Before 3.51.3 a reset of the write-ahead log could damage the file.
const SQLITE_OLDEST: i32 = 3_051_003;
/// How long to wait for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

const SCHEMA: &str = include_str!("schema.sql");
/// Makes a file of version 1 one of version 2.
const SCHEMA_2: &str = include_str!("schema_2.sql");

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
        1 => {
            tx.execute_batch(SCHEMA_2)?;
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
    fn a_file_of_the_first_version_is_brought_up_to_date() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.sqlite");
        let columns = |conn: &Connection| -> Vec<String> {
            let mut table = conn.prepare("SELECT name FROM pragma_table_info('tokens')").unwrap();
            table.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        let conn = open_for_writing(&path).unwrap();
        let today = columns(&conn);
        conn.execute_batch(
            "ALTER TABLE tokens DROP COLUMN is_page; ALTER TABLE tokens DROP COLUMN used_at; PRAGMA user_version = 1;
            INSERT INTO tokens VALUES (1, 'scripts', x'01', 0), (2, 'page, paired 2026-01-01T00:00:00Z', x'02', 0);",
        )
        .unwrap();
        drop(conn);
        let conn = open_for_writing(&path).unwrap();
        assert_eq!(columns(&conn), today);
        let pages: Vec<i64> = [1, 2]
            .map(|id| conn.query_row("SELECT is_page FROM tokens WHERE id = ?1", [id], |row| row.get(0)).unwrap())
            .into();
        assert_eq!(pages, [0, 1]);
        drop(conn);
        open_for_writing(&path).unwrap();
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
