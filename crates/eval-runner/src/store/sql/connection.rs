//! What a connection to a database must be able to do.

use sea_query::Value;

use super::{
    dialect::{Dialect, Sql},
    hot::Hot,
    row::Row,
};
use crate::store::{error::StoreError, model::RunId};

/// Which rows an upsert has written, in their order.
pub(in crate::store) type Upserted = Vec<bool>;

/// A connection to a database, used by one thread.
pub(in crate::store) trait Connection: Sized + Send + 'static {
    /// Returns the kind of SQL that it speaks.
    fn dialect(&self) -> Dialect;

    /// Returns where the database is, without secrets.
    fn place(&self) -> &str;

    /// Does some work in a transaction, and commits it: all of it happens, once, or nothing.
    ///
    /// The work is done again from the start where the transaction must be tried again.
    fn transact<T>(
        &mut self,
        work: impl FnMut(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError>;

    /// Reads rows.
    fn rows(&mut self, sql: &Sql) -> Result<Vec<Row>, StoreError>;

    /// Changes rows, and returns how many.
    fn execute(&mut self, sql: &Sql) -> Result<u64, StoreError>;

    /// Writes rows by one of the statements that are needed for every trial.
    fn upsert(&mut self, hot: Hot, rows: &[&[Value]]) -> Result<Upserted, StoreError>;

    /// Runs statements that return nothing.
    fn script(&mut self, script: &str) -> Result<(), StoreError>;

    /// Claims a run for this connection, and for those that replace it; `false` where another has it. What it has
    /// claimed already stays claimed.
    ///
    /// Where other machines cannot write there is nothing to do.
    fn claim(&mut self, _: RunId) -> Result<bool, StoreError> {
        Ok(true)
    }

    /// Gives the claim of a run back, if there is one.
    fn release(&mut self, _: RunId) {}

    /// Keeps other processes from changing the schema until the transaction ends.
    fn lock_schema(&mut self) -> Result<(), StoreError>;

    /// Returns the version of the schema; 0 if there is none yet.
    fn version(&mut self) -> Result<i64, StoreError>;

    /// Sets the version of the schema.
    fn set_version(&mut self, version: i64) -> Result<(), StoreError>;
}
