//! A connection to a PostgreSQL database.

use std::{
    collections::{BTreeSet, HashSet},
    fmt, io, mem, thread,
    time::{Duration, Instant},
};

use sea_query::{PostgresQueryBuilder, Value, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions as _, Connection as _, Executor as _, PgConnection,
    Row as _, TypeInfo as _, postgres::PgRow,
};
use tokio::{
    runtime::{Builder, Runtime},
    time::timeout,
};
use uuid::Uuid;

use super::{failure::Failure, patience::Patience, settings::Target};
use crate::store::{
    error::StoreError,
    model::RunId,
    sql::{Connection, Dialect, Hot, KEY, MIGRATIONS, Row, Sql, Upserted, check, migrate},
};

/// How long it may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// How many rows a statement writes. Few different numbers, so that the server plans few statements.
const ROWS: [usize; 5] = [256, 64, 16, 4, 1];

/// A connection to a PostgreSQL database, with a runtime of its own.
pub(in crate::store) struct PostgresConnection {
    target: Target,
    runtime: Runtime,
    connection: Option<PgConnection>,
    patience: Patience,
    in_transaction: bool,
    /// The runs that no other connection may claim.
    claims: BTreeSet<RunId>,
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
        let patience = Patience::new(target.patience);
        let options = target.options.application_name(&format!("probity {writer}"));
        let mut this = Self {
            target: Target { options, ..target },
            runtime,
            connection: None,
            patience,
            in_transaction: false,
            claims: BTreeSet::new(),
            writer,
            transactions: 0,
            failure: None,
        };
        // Whoever opens a store waits for no server: a wrong name is likelier than a server that starts.
        this.connect()?;
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

    fn connect(&mut self) -> Result<(), StoreError> {
        let limit = self.patience.for_answer(0);
        let options = &self.target.options;
        let connected = self.runtime.block_on(async { answer(limit, options.connect()).await });
        self.connection = Some(connected.map_err(|error| self.failed(&error))?);
        Ok(())
    }

    /// Connects where there is no connection any more.
    fn reconnect(&mut self) -> Result<(), StoreError> {
        if self.connection.is_some() {
            return Ok(());
        }
        self.connect()?;
        self.end_former();
        for run in self.claims.clone() {
            if !self.lock_run(run)? {
                // What is left of the former connection may still hold it for a moment.
                let lost = StoreError::ClaimLost { place: self.target.place.clone(), run };
                self.connection = None;
                self.failure = Some(Failure::Gone(lost.clone()));
                return Err(lost);
            }
        }
        Ok(())
    }

    /// Locks a run until it is unlocked or the connection ends; `false` where another has it.
    fn lock_run(&mut self, run: RunId) -> Result<bool, StoreError> {
        let text = "SELECT CASE WHEN pg_try_advisory_lock(hashtextextended($1, 0)) \
                    THEN 1::bigint ELSE 0::bigint END";
        let rows = self.fetch(&self.about(run, text))?;
        rows.into_iter().next().map_or(Ok(false), |mut row| Ok(row.int()? == 1))
    }

    /// Makes a statement of which the parameter is the name of the lock of a run.
    fn about(&self, run: RunId, text: &str) -> Sql {
        let name = format!("probity {} {run}", self.target.schema);
        Sql { text: text.to_owned(), values: vec![Value::from(name)] }
    }

    /// Ends what the server still has of a connection that went silent: it would hold its locks until the server finds
    /// out by itself.
    fn end_former(&mut self) {
        let text = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                    WHERE application_name = $1 AND usename = current_user \
                    AND pid <> pg_backend_pid()";
        let name = format!("probity {}", self.writer);
        let sql = Sql { text: text.to_owned(), values: vec![Value::from(name)] };
        if let Err(error) = self.execute(&sql) {
            tracing::debug!(%error, "a connection that was lost cannot be ended on the server");
        }
    }

    /// Tries something until it works, would always fail, or the patience is used up.
    fn persist<T>(
        &mut self,
        mut attempt: impl FnMut(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let began = Instant::now();
        loop {
            self.failure = None;
            let error = match self.reconnect().and_then(|()| attempt(self)) {
                Ok(done) => {
                    self.patience.restore();
                    return Ok(done);
                }
                Err(error) => error,
            };
            let failure = mem::take(&mut self.failure);
            self.roll_back();
            let wait = match failure {
                Some(Failure::Gone(_) | Failure::Collided(_)) => self.patience.lose(began),
                _ => None,
            };
            thread::sleep(wait.ok_or(error)?);
        }
    }

    fn meaning(&self, error: &sqlx::Error) -> Failure {
        Failure::of(&self.target.place, self.target.patience, error)
    }

    /// Notes what went wrong, and gives the connection up where it is gone.
    fn failed(&mut self, error: &sqlx::Error) -> StoreError {
        let failure = self.meaning(error);
        if matches!(failure, Failure::Gone(_)) {
            self.connection = None;
        }
        self.failure = Some(failure);
        self.meaning(error).into_error()
    }

    /// Does something with the connection that sends so many bytes, and notes what went wrong.
    fn with<T>(
        &mut self,
        bytes: usize,
        work: impl AsyncFnOnce(&mut PgConnection) -> sqlx::Result<T>,
    ) -> Result<T, StoreError> {
        let limit = self.patience.for_answer(bytes);
        let done = match &mut self.connection {
            Some(connection) => {
                self.runtime.block_on(async { answer(limit, work(connection)).await })
            }
            None => Err(sqlx::Error::PoolClosed),
        };
        done.map_err(|error| self.failed(&error))
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
        self.with(0, async |connection| connection.execute(sqlx::raw_sql(sql)).await.map(drop))
    }

    /// Gives the connection back in order, or gives it up.
    fn roll_back(&mut self) {
        if self.connection.is_some() && self.run("ROLLBACK").is_err() {
            self.connection = None;
        }
    }

    /// Reads rows, once.
    fn fetch(&mut self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        let rows = self.with(size(sql), async |connection| {
            let values = SqlxValues(Values(sql.values.clone()));
            let query = sqlx::query_with(AssertSqlSafe(sql.text.as_str()), values);
            connection.fetch_all(query).await
        })?;
        let rows = rows.iter().map(row).collect::<sqlx::Result<_>>();
        rows.map_err(|error| self.meaning(&error).into_error())
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
        self.transactions += 1;
        let mut done = None;
        self.persist(|this| {
            this.in_transaction = true;
            let result = this.attempt(&mut work, &mut done);
            this.in_transaction = false;
            result
        })?;
        done.ok_or_else(|| StoreError::Failed {
            place: self.target.place.clone(),
            reason: "a commit was lost".to_owned(),
        })
    }

    fn rows(&mut self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        if self.in_transaction { self.fetch(sql) } else { self.persist(|this| this.fetch(sql)) }
    }

    fn execute(&mut self, sql: &Sql) -> Result<u64, StoreError> {
        self.with(size(sql), async |connection| {
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
        self.with(script.len(), async |connection| {
            connection.execute(sqlx::raw_sql(AssertSqlSafe(script))).await.map(drop)
        })
    }

    fn claim(&mut self, run: RunId) -> Result<bool, StoreError> {
        if !self.claims.contains(&run) && self.lock_run(run)? {
            self.claims.insert(run);
        }
        Ok(self.claims.contains(&run))
    }

    fn release(&mut self, run: RunId) {
        if !self.claims.remove(&run) || self.connection.is_none() {
            return;
        }
        let unlock = self.about(run, "SELECT pg_advisory_unlock(hashtextextended($1, 0))");
        if self.execute(&unlock).is_err() {
            self.connection = None;
        }
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
            drop(self.runtime.block_on(async { answer(GOODBYE, connection.close()).await }));
        }
    }
}

/// Waits so long for an answer: a server that is silent counts as one that is gone.
async fn answer<T>(
    limit: Duration,
    work: impl Future<Output = sqlx::Result<T>>,
) -> sqlx::Result<T> {
    timeout(limit, work).await.unwrap_or_else(|_| {
        let reason = format!("it has not answered for {} s", limit.as_secs());
        Err(sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, reason)))
    })
}

/// Returns about how many bytes a statement sends.
fn size(sql: &Sql) -> usize {
    let values = sql.values.iter().map(|value| match value {
        Value::String(Some(text)) => text.len(),
        Value::Bytes(Some(bytes)) => bytes.len(),
        _ => size_of::<i64>(),
    });
    sql.text.len() + values.sum::<usize>()
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
