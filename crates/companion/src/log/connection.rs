//! Opening the file: version checks, settings, and the schema.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags};

use super::LogError;

/// The schema that this version writes, kept in `user_version`.
const SCHEMA_VERSION: i64 = 4;
/// Before 3.51.3 a reset of the write-ahead log could damage the file.
const SQLITE_OLDEST: i32 = 3_051_003;
/// How long to wait for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// An empty file becomes one of version 2.
const SCHEMA: &str = include_str!("schema.sql");
/// Makes a file of version 1 one of version 2.
const SCHEMA_2: &str = include_str!("schema_2.sql");
/// Makes a file of version 2 one of version 3.
const SCHEMA_3: &str = include_str!("schema_3.sql");
/// Makes a file of version 3 one of version 4.
const SCHEMA_4: &str = include_str!("schema_4.sql");

/// Opens the file to write, making it and its schema when needed.
pub fn open_for_writing(path: &Path) -> Result<Connection, LogError> {
    check_sqlite(rusqlite::version_number())?;
    let mut conn = Connection::open(path)?;
    configure(&conn)?;
    let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    // All of it is one transaction: a program that is killed on the way leaves the file as it was.
    for script in scripts_from(found)? {
        tx.execute_batch(script)?;
    }
    tx.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    tx.commit()?;
    Ok(conn)
}

/// What brings a file of version `found` up to date.
fn scripts_from(found: i64) -> Result<&'static [&'static str], LogError> {
    match found {
        0 => Ok(&[SCHEMA, SCHEMA_3, SCHEMA_4]),
        1 => Ok(&[SCHEMA_2, SCHEMA_3, SCHEMA_4]),
        2 => Ok(&[SCHEMA_3, SCHEMA_4]),
        3 => Ok(&[SCHEMA_4]),
        SCHEMA_VERSION => Ok(&[]),
        newer => Err(LogError::Newer(newer, SCHEMA_VERSION)),
    }
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
    // Only a new file takes it: what is removed can be given back to the disk.
    conn.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
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
        assert_eq!(setting("fullfsync"), Integer(1));
        assert_eq!(setting("foreign_keys"), Integer(1));
        assert_eq!(setting("busy_timeout"), Integer(5_000));
        assert_eq!(setting("user_version"), Integer(SCHEMA_VERSION));
        let sqlite = rusqlite::version();
        promises::tell("S3", 1, true, &format!("SQLite {sqlite}; synchronous=FULL, WAL and the rest read back"));
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
            "ALTER TABLE events DROP COLUMN sum; DROP TABLE outline_steps; DROP TABLE outlines; ALTER TABLE tokens DROP COLUMN is_page; ALTER TABLE tokens DROP COLUMN used_at; PRAGMA user_version = 1;
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

    /// The statements of all scripts that a file of the first version needs.
    fn statements() -> Vec<String> {
        let script = scripts_from(1).unwrap().concat();
        let code: Vec<&str> = script.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
        code.join("\n").split(';').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
    }

    fn tables(path: &Path) -> Vec<String> {
        let conn = open_for_writing(path).unwrap();
        let mut names = conn.prepare("SELECT name FROM sqlite_schema ORDER BY name").unwrap();
        names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_program_that_is_killed_while_it_brings_a_file_up_to_date_leaves_it_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.sqlite");
        let today = tables(&path);
        for done in 0..=statements().len() {
            let path = folder.path().join(format!("{done}.sqlite"));
            let mut conn = open_for_writing(&path).unwrap();
            conn.execute_batch(
                "ALTER TABLE events DROP COLUMN sum;
                DROP TABLE outline_steps; DROP TABLE outlines; ALTER TABLE tokens DROP COLUMN is_page;
                ALTER TABLE tokens DROP COLUMN used_at; PRAGMA user_version = 1; PRAGMA cache_size = 1;
                INSERT INTO tokens VALUES (1, 'scripts', x'01', 0);",
            )
            .unwrap();
            let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
            for statement in &statements()[..done] {
                tx.execute_batch(statement).unwrap();
            }
            // What is on disk at this moment is what a killed program leaves.
            let killed = folder.path().join(format!("{done}.killed.sqlite"));
            std::fs::copy(&path, &killed).unwrap();
            std::fs::copy(format!("{}-wal", path.display()), format!("{}-wal", killed.display())).unwrap();
            assert_eq!(tables(&killed), today, "after {done} statements");
            let conn = open_for_writing(&killed).unwrap();
            let kept: (i64, i64) = conn
                .query_row("SELECT count(*), (SELECT user_version FROM pragma_user_version) FROM tokens", [], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .unwrap();
            assert_eq!(kept, (1, SCHEMA_VERSION));
        }
        let cases = statements().len() as u64 + 1;
        promises::tell("S7", cases, true, "what is on disk after each statement is brought up to date with its rows");
    }

    #[test]
    fn a_file_that_cannot_be_brought_up_to_date_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let today = tables(&folder.path().join("log.sqlite"));
        for name in ["outlines", "outline_steps", "outline_open", "outline_map"] {
            let path = folder.path().join(name);
            let conn = open_for_writing(&path).unwrap();
            let in_the_way = format!("CREATE TABLE {name} (a)");
            conn.execute_batch(
                "ALTER TABLE events DROP COLUMN sum; DROP TABLE outline_steps; DROP TABLE outlines;
                PRAGMA user_version = 2",
            )
            .unwrap();
            conn.execute_batch(&in_the_way).unwrap();
            assert!(open_for_writing(&path).is_err(), "{name} is in the way");
            conn.execute_batch(&format!("DROP TABLE {name}")).unwrap();
            let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
            assert_eq!(version, 2);
            assert_eq!(tables(&path), today, "{name} was in the way");
        }
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
