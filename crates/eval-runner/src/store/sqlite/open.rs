//! Opens a SQLite file, and says clearly what is wrong with one that is no store.

use std::{fs, path::Path, time::Duration};

use rusqlite::{Connection as Rusqlite, OpenFlags};

use super::{
    connection::SqliteConnection,
    failure,
    settings::{Durability, SqliteSettings},
};
use crate::store::{
    error::StoreError,
    sql::{Connection as _, MIGRATIONS, migrate},
};

/// Marks a file as ours: "prob" in ASCII.
const APPLICATION: i64 = 0x7072_6f62;

/// The memory of a connection for pages of the file, in KiB.
const CACHE_KIB: i64 = 8_192;

/// How large the log may grow before it is written into the file, in pages of 4 KiB.
const CHECKPOINT_PAGES: i64 = 4_000;

/// Opens a file for writing, makes it if it is not there, and brings it up to date.
pub(super) fn for_writing(
    path: &Path,
    settings: &SqliteSettings,
) -> Result<SqliteConnection, StoreError> {
    let place = path.display().to_string();
    if path.is_dir() {
        return Err(StoreError::IsFolder { place });
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
        && !folder.is_dir()
    {
        let reason = format!("there is no folder {}; make it first", folder.display());
        return Err(StoreError::CannotOpen { place, reason });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut connection = connect(path, flags, settings.patience)?;
    let read_only = connection.raw().is_readonly(rusqlite::MAIN_DB);
    if connection.meaning(read_only)? {
        return Err(StoreError::ReadOnly { place });
    }
    let is_ours = connection.pragma("application_id")? == APPLICATION;
    if !is_ours && !is_empty(&connection)? {
        return Err(StoreError::NotAStore { place });
    }
    // A newer store is left as it is.
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    crate::store::sql::check(&mut connection, known)?;
    let synchronous = match settings.durability {
        Durability::Process => "NORMAL",
        Durability::Power => "FULL",
    };
    connection.script(&format!(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA cache_size=-{CACHE_KIB}; \
         PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES};"
    ))?;
    if !is_ours {
        connection.script(&format!("PRAGMA application_id={APPLICATION}"))?;
    }
    migrate(&mut connection, MIGRATIONS)?;
    Ok(connection)
}

/// Opens a file that is there, for reading.
pub(super) fn for_reading(
    path: &Path,
    settings: &SqliteSettings,
) -> Result<SqliteConnection, StoreError> {
    let place = path.display().to_string();
    if path.is_dir() {
        return Err(StoreError::IsFolder { place });
    }
    if !path.exists() {
        let reason = "there is no such file; a run with this store makes it".to_owned();
        return Err(StoreError::CannotOpen { place, reason });
    }
    let flags = if settings.read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        // Reading takes part in the locking, for which it must be allowed to write.
        OpenFlags::SQLITE_OPEN_READ_WRITE
    };
    let mut connection = connect(path, flags, settings.patience)?;
    if settings.read_only
        && matches!(
            connection.version(),
            Err(StoreError::CannotOpen { .. } | StoreError::ReadOnly { .. })
        )
        && !has_log(path)
    {
        connection = connect_to_what_never_changes(path, settings.patience)?;
    }
    if connection.pragma("application_id")? != APPLICATION {
        return Err(StoreError::NotAStore { place });
    }
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let found = crate::store::sql::check(&mut connection, known)?;
    if found < known {
        return Err(StoreError::Older { place, found, known });
    }
    connection.script("PRAGMA query_only=ON;")?;
    Ok(connection)
}

fn connect(
    path: &Path,
    flags: OpenFlags,
    patience: Duration,
) -> Result<SqliteConnection, StoreError> {
    let place = path.display().to_string();
    // One thread uses the connection.
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Rusqlite::open_with_flags(path, flags).and_then(|connection| {
        connection.busy_timeout(patience)?;
        Ok(connection)
    });
    let connection = connection.map_err(|error| failure::meaning(&place, patience, &error))?;
    SqliteConnection::new(place, patience, connection)
}

/// Opens a file in a folder where SQLite cannot put the files that it keeps beside one that may change.
fn connect_to_what_never_changes(
    path: &Path,
    patience: Duration,
) -> Result<SqliteConnection, StoreError> {
    let place = path.display().to_string();
    let path = fs::canonicalize(path).map_err(|error| StoreError::CannotOpen {
        place: place.clone(),
        reason: error.to_string(),
    })?;
    let escaped: String = path
        .to_string_lossy()
        .chars()
        .map(|c| match c {
            '%' | '?' | '#' => format!("%{:02x}", u32::from(c)),
            other => other.to_string(),
        })
        .collect();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Rusqlite::open_with_flags(format!("file:{escaped}?immutable=1"), flags)
        .map_err(|error| failure::meaning(&place, patience, &error))?;
    SqliteConnection::new(place, patience, connection)
}

/// Returns whether a file has changes beside it that are not yet in it.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

/// Returns whether there is nothing in a database.
fn is_empty(connection: &SqliteConnection) -> Result<bool, StoreError> {
    let count =
        connection.raw().query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0));
    Ok(connection.meaning::<i64>(count)? == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sql::Dialect;

    fn in_memory() -> SqliteConnection {
        let connection = Rusqlite::open_in_memory().unwrap();
        SqliteConnection::new("memory".to_owned(), Duration::ZERO, connection).unwrap()
    }

    fn count(connection: &SqliteConnection, sql: &str) -> i64 {
        connection.raw().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn invented(_: Dialect) -> Vec<String> {
        vec![
            "ALTER TABLE baseline ADD COLUMN note text".to_owned(),
            "UPDATE baseline SET note = 'old'".to_owned(),
        ]
    }

    fn broken(_: Dialect) -> Vec<String> {
        vec!["CREATE TABLE half_done (x)".to_owned(), "no statement".to_owned()]
    }

    #[test]
    fn a_store_of_an_older_version_is_brought_up_to_date_with_what_is_in_it() {
        let mut connection = in_memory();
        migrate(&mut connection, MIGRATIONS).unwrap();
        connection.script("INSERT INTO baseline VALUES ('main', 'x', 0)").unwrap();
        let next = [MIGRATIONS, &[invented]].concat();
        let newest = i64::try_from(next.len()).unwrap();
        for _ in 0..2 {
            migrate(&mut connection, &next).unwrap();
            assert_eq!(connection.version(), Ok(newest));
            assert_eq!(count(&connection, "SELECT COUNT(*) FROM baseline WHERE note = 'old'"), 1);
        }
    }

    #[test]
    fn an_older_program_refuses_a_newer_store() {
        let mut connection = in_memory();
        migrate(&mut connection, &[MIGRATIONS, &[invented]].concat()).unwrap();
        let error = migrate(&mut connection, MIGRATIONS).unwrap_err();
        let ours = i64::try_from(MIGRATIONS.len()).unwrap();
        let StoreError::Newer { found, known, .. } = error else { panic!("{error:?}") };
        assert_eq!((found, known), (ours + 1, ours));
    }

    #[test]
    fn a_migration_that_fails_changes_nothing() {
        let mut connection = in_memory();
        migrate(&mut connection, MIGRATIONS).unwrap();
        assert!(migrate(&mut connection, &[MIGRATIONS, &[broken]].concat()).is_err());
        assert_eq!(connection.version(), Ok(i64::try_from(MIGRATIONS.len()).unwrap()));
        let half_done = "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'half_done'";
        assert_eq!(count(&connection, half_done), 0);
    }
}
