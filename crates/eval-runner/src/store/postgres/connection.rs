//! A connection to a PostgreSQL database.

use std::{
    collections::HashSet,
    fmt, mem, thread,
    time::{Duration, Instant},
};

use sea_query::{PostgresQueryBuilder, Value, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions as _, Connection as _, Executor as _, PgConnection,
    Row as _, TypeInfo as _, postgres::PgRow,
};
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

use super::{failure::Failure, settings::Target};
use crate::store::{
    error::StoreError,
    sql::{Connection, Dialect, Hot, KEY, MIGRATIONS, Row, Sql, Upserted, check, migrate},
};

/// The waits between attempts to reach the server.
const FIRST_WAIT: Duration = Duration::from_millis(20);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// How many rows a statement writes. Few different numbers, so that the server plans few statements.
const ROWS: [usize; 5] = [256, 64, 16, 4, 1];

/// A connection to a PostgreSQL database, with a runtime of its own.
pub(in crate::store) struct PostgresConnection {
    target: Target,
    runtime: Runtime,
    connection: Option<PgConnection>,
    in_transaction: bool,
    /// Under which name this connection notes what it has committed.
    writer: String,
    transactions: i64,
    /// What went wrong last, while it is not yet clear what to do about it.
    failure: Option<Failure>,
}

impl fmt::Debug for PostgresConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresConnection")
            .field("place", &self.target.place)
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
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| {
            StoreError::CannotOpen { place: target.place.clone(), reason: error.to_string() }
        })?;
        let writer = Uuid::now_v7().to_string();
        let mut this = Self {
            target,
            runtime,
            connection: None,
            in_transaction: false,
            writer,
            transactions: 0,
            failure: None,
        };
        // Whoever opens a store waits for no server: a wrong name is likelier than a server that starts.
        this.connect().map_err(Failure::into_error)?;
        Ok(this)
    }

    /// Makes what the migrations need. Two processes that open a new store at once do it one after the other.
    fn prepare_schema(&mut self) -> Result<(), StoreError> {
        let schema = self.target.schema.clone();
        let lock = self.schema_lock();
        self.script(&format!(
            "BEGIN; {lock}; \
             CREATE SCHEMA IF NOT EXISTS \"{schema}\"; \
             CREATE TABLE IF NOT EXISTS schema_version (version bigint NOT NULL); \
             CREATE TABLE IF NOT EXISTS writer (id text PRIMARY KEY, done bigint NOT NULL); COMMIT"
        ))
    }

    fn schema_lock(&self) -> String {
        format!("SELECT pg_advisory_xact_lock(hashtext('probity {}'))", self.target.schema)
    }

    fn connect(&mut self) -> Result<(), Failure> {
        let connected = self.runtime.block_on(self.target.options.connect());
        self.connection = Some(connected.map_err(|error| self.meaning(&error))?);
        Ok(())
    }

    /// Connects again, until there is no patience left.
    fn reconnect(&mut self, since: Instant) -> Result<(), StoreError> {
        self.connection = None;
        let mut wait = FIRST_WAIT;
        loop {
            match self.connect() {
                Ok(()) => return Ok(()),
                Err(Failure::Gone(_)) if since.elapsed() + wait < self.target.patience => {
                    thread::sleep(wait);
                    wait = LONGEST_WAIT.min(wait * 2);
                }
                Err(failure) => return Err(failure.into_error()),
            }
        }
    }

    fn meaning(&self, error: &sqlx::Error) -> Failure {
        Failure::of(&self.target.place, self.target.patience, error)
    }

    /// Does something with the connection, and notes what went wrong.
    fn with<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut PgConnection) -> sqlx::Result<T>,
    ) -> Result<T, StoreError> {
        let done = match &mut self.connection {
            Some(connection) => self.runtime.block_on(work(connection)),
            None => Err(sqlx::Error::PoolClosed),
        };
        done.map_err(|error| {
            let failure = self.meaning(&error);
            let error = self.meaning(&error).into_error();
            self.failure = Some(failure);
            error
        })
    }

    /// Tries a transaction once. `None` if an earlier try was committed.
    fn attempt<T>(
        &mut self,
        work: &mut impl FnMut(&mut Self) -> Result<T, StoreError>,
        done: &mut Option<T>,
    ) -> Result<(), StoreError> {
        self.run("BEGIN")?;
        // Whoever finds this transaction done already has lost the connection while it was committed.
        let mark = "INSERT INTO writer VALUES ($1, $2) ON CONFLICT (id) \
                    DO UPDATE SET done = excluded.done WHERE writer.done < excluded.done";
        let values = vec![Value::from(self.writer.as_str()), Value::from(self.transactions)];
        if self.execute(&Sql { text: mark.to_owned(), values })? == 0 {
            return self.run("ROLLBACK");
        }
        *done = Some(work(self)?);
        self.run("COMMIT")
    }

    fn run(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.with(async |connection| connection.execute(sqlx::raw_sql(sql)).await.map(drop))
    }

    /// Gives the connection back in order, or gives it up.
    fn roll_back(&mut self) {
        if self.run("ROLLBACK").is_err() {
            self.connection = None;
        }
    }
}

impl Connection for PostgresConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn place(&self) -> &str {
        &self.target.place
    }

    fn transact<T>(
        &mut self,
        mut work: impl FnMut(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let began = Instant::now();
        self.transactions += 1;
        let mut done = None;
        loop {
            if self.connection.is_none() {
                self.reconnect(began)?;
            }
            self.failure = None;
            self.in_transaction = true;
            let result = self.attempt(&mut work, &mut done);
            self.in_transaction = false;
            let error = match (result, done.take()) {
                (Ok(()), Some(done)) => return Ok(done),
                (Ok(()), None) => {
                    let reason = "a commit was lost".to_owned();
                    return Err(StoreError::Failed { place: self.target.place.clone(), reason });
                }
                (Err(error), kept) => {
                    done = kept;
                    error
                }
            };
            match mem::take(&mut self.failure) {
                Some(Failure::Gone(_)) => self.connection = None,
                Some(Failure::Collided(_)) if began.elapsed() < self.target.patience => {
                    self.roll_back();
                }
                _ => {
                    self.roll_back();
                    return Err(error);
                }
            }
        }
    }

    fn rows(&mut self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        let began = Instant::now();
        loop {
            if self.connection.is_none() && !self.in_transaction {
                self.reconnect(began)?;
            }
            let read = self.with(async |connection| {
                let values = SqlxValues(Values(sql.values.clone()));
                let query = sqlx::query_with(AssertSqlSafe(sql.text.as_str()), values);
                connection.fetch_all(query).await
            });
            match (read, &self.failure) {
                (Ok(rows), _) => {
                    let rows = rows.iter().map(row).collect::<sqlx::Result<_>>();
                    return rows.map_err(|error| self.meaning(&error).into_error());
                }
                (Err(_), Some(Failure::Gone(_))) if !self.in_transaction => self.connection = None,
                (Err(error), _) => return Err(error),
            }
        }
    }

    fn execute(&mut self, sql: &Sql) -> Result<u64, StoreError> {
        self.with(async |connection| {
            let values = SqlxValues(Values(sql.values.clone()));
            let query = sqlx::query_with(AssertSqlSafe(sql.text.as_str()), values);
            connection.execute(query).await.map(|done| done.rows_affected())
        })
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
        self.with(async |connection| {
            connection.execute(sqlx::raw_sql(AssertSqlSafe(script))).await.map(drop)
        })
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

impl Drop for PostgresConnection {
    /// Says goodbye, so that the server need not find out.
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(self.runtime.block_on(connection.close()));
        }
    }
}

/// Copies a row.
fn row(row: &PgRow) -> sqlx::Result<Row> {
    let cells = row.columns().iter().map(|column| {
        let place = column.ordinal();
        match column.type_info().name() {
            "INT8" => row.try_get(place).map(Value::BigInt),
            "FLOAT8" => row.try_get(place).map(Value::Double),
            "BYTEA" => row.try_get(place).map(Value::Bytes),
            _ => row.try_get(place).map(Value::String),
        }
    });
    cells.collect::<sqlx::Result<Vec<_>>>().map(Row::new)
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
