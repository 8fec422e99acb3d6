//! A connection to a PostgreSQL database.

use std::{collections::HashSet, fmt, thread, time::Instant};

use sea_query::{PostgresQueryBuilder, Value};

use super::{session::Session, settings::Target};
use crate::store::{
    error::StoreError,
    model::RunId,
    sql::{Connection, Dialect, Hot, KEY, MIGRATIONS, Row, Sql, Upserted, check, migrate},
};

/// How many rows a statement writes. Few different numbers, so that the server plans few statements.
const ROWS: [usize; 5] = [256, 64, 16, 4, 1];

/// A connection to a PostgreSQL database, which does again what was lost with a session.
pub(in crate::store) struct PostgresConnection {
    session: Session,
    in_transaction: bool,
    transactions: i64,
}

impl fmt::Debug for PostgresConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresConnection")
            .field("place", &self.session.place())
            .finish_non_exhaustive()
    }
}

impl PostgresConnection {
    /// Connects for writing, and brings the tables up to date.
    pub(super) fn for_writing(target: Target) -> Result<Self, StoreError> {
        let mut connection = Self::new(target)?;
        connection.prepare_schema()?;
        migrate(&mut connection, MIGRATIONS)?;
        Ok(connection)
    }

    /// Connects for reading.
    pub(super) fn for_reading(target: Target) -> Result<Self, StoreError> {
        let mut connection = Self::new(target)?;
        let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
        check(&mut connection, known)?;
        Ok(connection)
    }

    fn new(target: Target) -> Result<Self, StoreError> {
        Ok(Self { session: Session::begin(target)?, in_transaction: false, transactions: 0 })
    }

    /// Makes what the migrations need. Two processes that open a new store at once do it one after the other.
    fn prepare_schema(&mut self) -> Result<(), StoreError> {
        let schema = self.session.schema().to_owned();
        let lock = self.schema_lock();
        self.script(&format!(
            "BEGIN; {lock}; \
             CREATE SCHEMA IF NOT EXISTS \"{schema}\"; \
             CREATE TABLE IF NOT EXISTS schema_version (version bigint NOT NULL); \
             CREATE TABLE IF NOT EXISTS writer (id text PRIMARY KEY, done bigint NOT NULL); COMMIT"
        ))
    }

    fn schema_lock(&self) -> String {
        format!("SELECT pg_advisory_xact_lock(hashtext('probity {}'))", self.session.schema())
    }

    /// Tries something until it works, would always fail, or the patience is used up.
    fn persist<T>(
        &mut self,
        mut attempt: impl FnMut(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let began = Instant::now();
        loop {
            match self.session.prepare().and_then(|()| attempt(self)) {
                Ok(done) => {
                    self.session.well();
                    return Ok(done);
                }
                Err(error) => thread::sleep(self.session.recover(began).ok_or(error)?),
            }
        }
    }

    /// Tries a transaction once. `None` if an earlier try was committed.
    fn attempt<T>(
        &mut self,
        work: &mut impl FnMut(&mut Self) -> Result<T, StoreError>,
        done: &mut Option<T>,
    ) -> Result<(), StoreError> {
        self.session.run("BEGIN")?;
        // Whoever finds this transaction done already has lost the connection while it was committed.
        let mark = "INSERT INTO writer VALUES ($1, $2) ON CONFLICT (id) \
                    DO UPDATE SET done = excluded.done WHERE writer.done < excluded.done";
        let values = vec![Value::from(self.session.name()), Value::from(self.transactions)];
        if self.execute(&Sql { text: mark.to_owned(), values })? == 0 {
            return self.session.run("ROLLBACK");
        }
        *done = Some(work(self)?);
        self.session.run("COMMIT")
    }
}

impl Connection for PostgresConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn place(&self) -> &str {
        self.session.place()
    }

    fn transact<T>(
        &mut self,
        mut work: impl FnMut(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.transactions += 1;
        let mut done = None;
        self.persist(|this| {
            this.in_transaction = true;
            let result = this.attempt(&mut work, &mut done);
            this.in_transaction = false;
            result
        })?;
        done.ok_or_else(|| StoreError::Failed {
            place: self.session.place().to_owned(),
            reason: "a commit was lost".to_owned(),
        })
    }

    fn rows(&mut self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        if self.in_transaction {
            return self.session.fetch(sql);
        }
        self.persist(|this| this.session.fetch(sql))
    }

    fn execute(&mut self, sql: &Sql) -> Result<u64, StoreError> {
        self.session.execute(sql)
    }

    fn upsert(&mut self, hot: Hot, rows: &[&[Value]]) -> Result<Upserted, StoreError> {
        let mut written = Vec::with_capacity(rows.len());
        let mut rest = rows;
        while !rest.is_empty() {
            let count = ROWS.into_iter().find(|count| *count <= rest.len()).unwrap_or(1);
            let (some, others) = rest.split_at(count);
            rest = others;
            let mut insert = hot.statement(some.iter().map(|row| row.to_vec()))?;
            if !hot.is_conditional() {
                let (text, values) = insert.build(PostgresQueryBuilder);
                self.execute(&Sql { text, values: values.0 })?;
                written.extend(some.iter().map(|_| true));
                continue;
            }
            insert.returning(sea_query::Query::returning().columns(KEY));
            let (text, values) = insert.build(PostgresQueryBuilder);
            let mut keys = HashSet::new();
            for mut row in self.rows(&Sql { text, values: values.0 })? {
                keys.insert([row.int()?, row.int()?, row.int()?]);
            }
            written.extend(some.iter().map(|row| key(row).is_some_and(|key| keys.contains(&key))));
        }
        Ok(written)
    }

    fn script(&mut self, script: &str) -> Result<(), StoreError> {
        self.session.script(script)
    }

    fn claim(&mut self, run: RunId) -> Result<bool, StoreError> {
        self.session.claim(run)
    }

    fn release(&mut self, run: RunId) {
        self.session.release(run);
    }

    fn lock_schema(&mut self) -> Result<(), StoreError> {
        let lock = self.schema_lock();
        self.script(&lock)
    }

    fn version(&mut self) -> Result<i64, StoreError> {
        let text = "SELECT COALESCE(MAX(version), 0) FROM schema_version".to_owned();
        let rows = self.rows(&Sql { text, values: Vec::new() })?;
        rows.into_iter().next().map_or(Ok(0), |mut row| row.int())
    }

    fn set_version(&mut self, version: i64) -> Result<(), StoreError> {
        let text = "INSERT INTO schema_version VALUES ($1)".to_owned();
        self.execute(&Sql { text, values: vec![Value::from(version)] }).map(drop)
    }
}

/// Returns the key with which a row begins.
fn key(row: &[Value]) -> Option<[i64; 3]> {
    match row {
        [Value::BigInt(Some(run)), Value::BigInt(Some(case)), Value::BigInt(Some(index)), ..] => {
            Some([*run, *case, *index])
        }
        _ => None,
    }
}
