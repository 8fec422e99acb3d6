//! A session with a PostgreSQL server, replaced where it is lost.

use std::{
    collections::BTreeSet,
    io,
    time::{Duration, Instant},
};

use sea_query::{Value, Values};
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
    sql::{Row, Sql},
};

/// How long it may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// A session with a PostgreSQL server, with a runtime of its own.
pub(super) struct Session {
    target: Target,
    runtime: Runtime,
    connection: Option<PgConnection>,
    patience: Patience,
    /// What no other session is called: by it the server knows this one and those that replace it.
    name: String,
    /// The runs that no other session may claim.
    claims: BTreeSet<RunId>,
    /// What went wrong last, while it is not yet clear what to do about it.
    failure: Option<Failure>,
}

impl Session {
    /// Begins a session. Whoever opens a store waits for no server: a wrong name is likelier than a server that starts.
    pub(super) fn begin(target: Target) -> Result<Self, StoreError> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| {
            StoreError::CannotOpen { place: target.place.clone(), reason: error.to_string() }
        })?;
        let name = Uuid::now_v7().to_string();
        let patience = Patience::new(target.patience);
        let options = target.options.application_name(&application(&name));
        let mut this = Self {
            target: Target { options, ..target },
            runtime,
            connection: None,
            patience,
            name,
            claims: BTreeSet::new(),
            failure: None,
        };
        this.connect()?;
        Ok(this)
    }

    /// Returns where the database is, without secrets.
    pub(super) fn place(&self) -> &str {
        &self.target.place
    }

    /// Returns the schema that has the tables.
    pub(super) fn schema(&self) -> &str {
        &self.target.schema
    }

    /// Returns what no other session is called.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Begins anew where the session was lost, with all its claims.
    pub(super) fn prepare(&mut self) -> Result<(), StoreError> {
        self.failure = None;
        if self.connection.is_some() {
            return Ok(());
        }
        self.connect()?;
        self.end_former();
        let claimed = self.claim_again();
        if claimed.is_err() {
            self.connection = None;
        }
        claimed
    }

    /// Notes that something has worked.
    pub(super) fn well(&mut self) {
        self.patience.restore();
    }

    /// Brings the session back in order, or gives it up, after something failed that began then; returns how long to wait
    /// before it is tried again, and `None` where it is not to be.
    pub(super) fn recover(&mut self, began: Instant) -> Option<Duration> {
        let failure = self.failure.take();
        self.roll_back();
        let wait = match failure {
            Some(Failure::Gone(_) | Failure::Collided(_)) => self.patience.lose(began),
            _ => None,
        };
        if wait.is_none() && self.connection.is_some() {
            self.patience.restore();
        }
        wait
    }

    /// Reads rows, once.
    pub(super) fn fetch(&mut self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        let rows = self.with(size(sql), async |connection| {
            let values = SqlxValues(Values(sql.values.clone()));
            let query = sqlx::query_with(AssertSqlSafe(sql.text.as_str()), values);
            connection.fetch_all(query).await
        })?;
        let rows = rows.iter().map(row).collect::<sqlx::Result<_>>();
        rows.map_err(|error| self.meaning(&error).into_error())
    }

    /// Changes rows, and returns how many.
    pub(super) fn execute(&mut self, sql: &Sql) -> Result<u64, StoreError> {
        self.with(size(sql), async |connection| {
            let values = SqlxValues(Values(sql.values.clone()));
            let query = sqlx::query_with(AssertSqlSafe(sql.text.as_str()), values);
            connection.execute(query).await.map(|done| done.rows_affected())
        })
    }

    /// Runs statements that return nothing.
    pub(super) fn script(&mut self, script: &str) -> Result<(), StoreError> {
        self.with(script.len(), async |connection| {
            connection.execute(sqlx::raw_sql(AssertSqlSafe(script))).await.map(drop)
        })
    }

    /// Runs a statement without parameters.
    pub(super) fn run(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.with(0, async |connection| connection.execute(sqlx::raw_sql(sql)).await.map(drop))
    }

    /// Claims a run for this session and those that replace it; `false` where another has it.
    pub(super) fn claim(&mut self, run: RunId) -> Result<bool, StoreError> {
        if !self.claims.contains(&run) && self.lock_run(run)? {
            self.claims.insert(run);
        }
        Ok(self.claims.contains(&run))
    }

    /// Gives the claim of a run back, if there is one.
    pub(super) fn release(&mut self, run: RunId) {
        if !self.claims.remove(&run) || self.connection.is_none() {
            return;
        }
        let unlock = self.about(run, "SELECT pg_advisory_unlock(hashtextextended($1, 0))");
        if self.execute(&unlock).is_err() {
            self.connection = None;
        }
    }

    fn connect(&mut self) -> Result<(), StoreError> {
        let limit = self.patience.for_answer(0);
        let options = &self.target.options;
        let connected = self.runtime.block_on(async { answer(limit, options.connect()).await });
        self.connection = Some(connected.map_err(|error| self.failed(&error))?);
        Ok(())
    }

    /// Claims again what the session had claimed before it was lost.
    fn claim_again(&mut self) -> Result<(), StoreError> {
        for run in self.claims.clone() {
            if !self.lock_run(run)? {
                let lost = StoreError::ClaimLost { place: self.target.place.clone(), run };
                // What is left of the former connection may still hold it for a moment.
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
                    WHERE application_name = $1 AND usename = session_user \
                    AND pid <> pg_backend_pid()";
        let name = Value::from(application(&self.name));
        let sql = Sql { text: text.to_owned(), values: vec![name] };
        if let Err(error) = self.execute(&sql) {
            tracing::debug!(%error, "a connection that was lost cannot be ended on the server");
        }
    }

    /// Gives the connection back in order, or gives it up.
    fn roll_back(&mut self) {
        if self.connection.is_some() && self.run("ROLLBACK").is_err() {
            self.connection = None;
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
}

impl Drop for Session {
    /// Says goodbye, so that the server need not find out.
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(self.runtime.block_on(async { answer(GOODBYE, connection.close()).await }));
        }
    }
}

/// What a session tells the server that it is.
fn application(name: &str) -> String {
    format!("probity {name}")
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
