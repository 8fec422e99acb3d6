//! The store in a PostgreSQL database.

mod connection;
mod failure;
mod patience;
mod session;
mod settings;

use self::connection::PostgresConnection;
pub use self::settings::PostgresSettings;
use super::{
    error::StoreError,
    sql::{Backed, SqlStore},
};

/// Keeps runs in a PostgreSQL database, for teams and for several machines.
///
/// The tables are in a schema of their own, `probity` unless told. What was acknowledged survives what the server's
/// commits survive, which by default is the loss of power. Where the server goes away or falls silent the store waits
/// for it, a minute unless told, and does what was not committed again; what was committed is not done twice, even if
/// the server went away before it could say so. What is asked of a server that has been away for longer is tried once.
///
/// Each store has two connections, each with a thread of its own, one that writes and one that reads; it needs no
/// runtime of the caller's. Dropping it waits until what was asked of it is written.
///
/// A run that is under way is claimed by a lock of the session that writes, so no two machines run the same run at the
/// same time. A machine that vanishes loses its claims after a minute, when the server finds out.
///
/// The store needs PostgreSQL 12 or later. Connections keep their settings, so a pooler must pool by session.
#[derive(Debug)]
pub struct PostgresStore {
    inner: SqlStore<PostgresConnection>,
}

impl PostgresStore {
    /// Opens a database, and makes the tables if they are not there.
    ///
    /// The URL is `postgres://user:password@host:port/database`, with parameters as libpq has them. What it leaves
    /// out comes from `PGHOST`, `PGUSER`, `PGPASSWORD` and so on. Its password is never shown.
    ///
    /// # Errors
    ///
    /// If the URL is none, the server cannot be reached or refuses the user, or the store is that of a newer
    /// probity.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, PostgresSettings::new()).await
    }

    /// Opens a database as the settings say.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); and if the name of the schema is none.
    pub async fn open_with(url: &str, settings: PostgresSettings) -> Result<Self, StoreError> {
        let target = settings.target(url)?;
        let place = target.place.clone();
        let reading = target.clone();
        let write = Some(move || PostgresConnection::for_writing(target));
        let inner =
            SqlStore::open(&place, write, || PostgresConnection::for_reading(reading)).await?;
        Ok(Self { inner })
    }
}

impl Backed for PostgresStore {
    type Connection = PostgresConnection;

    fn sql(&self) -> &SqlStore<PostgresConnection> {
        &self.inner
    }
}
