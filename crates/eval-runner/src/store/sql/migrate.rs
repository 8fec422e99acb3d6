//! Brings the schema of a store up to date.

use super::{connection::Connection, dialect::Dialect, schema};
use crate::store::error::StoreError;

/// What makes one version of the schema out of the one before.
pub(in crate::store) type Migration = fn(Dialect) -> Vec<String>;

/// The migrations: the first makes version 1 out of nothing. One that was released is never changed.
pub(in crate::store) const MIGRATIONS: &[Migration] = &[schema::version_1, schema::version_2];

/// Brings the schema up to date, in one transaction.
///
/// # Errors
///
/// If a newer version is found, or a statement fails: then nothing has changed.
pub(in crate::store) fn migrate<C: Connection>(
    connection: &mut C,
    migrations: &[Migration],
) -> Result<(), StoreError> {
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    if check(connection, known)? == known {
        return Ok(());
    }
    connection.transact(|connection| {
        connection.lock_schema()?;
        // Another process may have been faster.
        let found = check(connection, known)?;
        let dialect = connection.dialect();
        for migration in migrations.iter().skip(usize::try_from(found).unwrap_or_default()) {
            for statement in migration(dialect) {
                connection.script(&statement)?;
            }
        }
        if found < known { connection.set_version(known) } else { Ok(()) }
    })
}

/// Returns the version of a store, unless it is too new.
pub(in crate::store) fn check<C: Connection>(
    connection: &mut C,
    known: i64,
) -> Result<i64, StoreError> {
    let found = connection.version()?;
    if found > known {
        return Err(StoreError::Newer { place: connection.place().to_owned(), found, known });
    }
    Ok(found.max(0))
}
