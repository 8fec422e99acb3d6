//! A connection to a SQLite file.

use std::{collections::HashMap, time::Duration};

use rusqlite::{Connection as Rusqlite, params_from_iter};
use sea_query::Value;

use super::{
    bound::{Bound, cell},
    failure,
};
use crate::store::{
    error::StoreError,
    sql::{Connection, Dialect, Hot, Row, Sql, Upserted, hot_sql},
};

/// A connection to a SQLite file.
#[derive(Debug)]
pub(in crate::store) struct SqliteConnection {
    place: String,
    patience: Duration,
    connection: Rusqlite,
    hot: HashMap<Hot, String>,
}

impl SqliteConnection {
    pub(super) fn new(
        place: String,
        patience: Duration,
        connection: Rusqlite,
    ) -> Result<Self, StoreError> {
        let hot = Hot::ALL
            .into_iter()
            .map(|hot| Ok((hot, hot_sql(hot, Dialect::Sqlite)?)))
            .collect::<Result<_, StoreError>>()?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self { place, patience, connection, hot })
    }

    /// Reads a number that SQLite keeps about the file.
    pub(super) fn pragma(&self, name: &str) -> Result<i64, StoreError> {
        self.meaning(self.connection.pragma_query_value(None, name, |row| row.get(0)))
    }

    /// Says what an error means.
    pub(super) fn meaning<T>(&self, result: rusqlite::Result<T>) -> Result<T, StoreError> {
        result.map_err(|error| failure::meaning(&self.place, self.patience, &error))
    }

    pub(super) fn raw(&self) -> &Rusqlite {
        &self.connection
    }

    fn read(&self, sql: &Sql) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.connection.prepare_cached(&sql.text)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(sql.values.iter().map(Bound)))?;
        let mut read = Vec::new();
        while let Some(row) = rows.next()? {
            let cells = (0..columns).map(|column| row.get_ref(column).map(cell));
            read.push(Row::new(cells.collect::<Result<_, _>>()?));
        }
        Ok(read)
    }

    fn write(&self, sql: &str, rows: &[&[Value]]) -> rusqlite::Result<Upserted> {
        let mut statement = self.connection.prepare_cached(sql)?;
        rows.iter()
            .map(|row| Ok(statement.execute(params_from_iter(row.iter().map(Bound)))? > 0))
            .collect()
    }
}

impl Connection for SqliteConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn place(&self) -> &str {
        &self.place
    }

    fn transact<T>(
        &mut self,
        mut work: impl FnMut(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // The lock is taken first, so that nothing that follows can find the file locked.
        self.script("BEGIN IMMEDIATE")?;
        let result = work(self).and_then(|done| self.script("COMMIT").map(|()| done));
        // Some failures end the transaction by themselves.
        if result.is_err() && !self.connection.is_autocommit() {
            self.script("ROLLBACK")?;
        }
        result
    }

    fn rows(&mut self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        let rows = self.read(sql);
        self.meaning(rows)
    }

    fn execute(&mut self, sql: &Sql) -> Result<u64, StoreError> {
        let changed = self.connection.prepare_cached(&sql.text).and_then(|mut statement| {
            statement.execute(params_from_iter(sql.values.iter().map(Bound)))
        });
        self.meaning(changed).map(|changed| changed as u64)
    }

    fn upsert(&mut self, hot: Hot, rows: &[&[Value]]) -> Result<Upserted, StoreError> {
        let sql = self.hot.get(&hot).map(String::as_str).unwrap_or_default();
        self.meaning(self.write(sql, rows))
    }

    fn script(&mut self, script: &str) -> Result<(), StoreError> {
        self.meaning(self.connection.execute_batch(script))
    }

    /// The transaction has the only lock there is.
    fn lock_schema(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn version(&mut self) -> Result<i64, StoreError> {
        self.pragma("user_version")
    }

    fn set_version(&mut self, version: i64) -> Result<(), StoreError> {
        self.meaning(self.connection.pragma_update(None, "user_version", version))
    }
}
