//! The store over any of the databases.

use std::{
    collections::HashSet,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use super::{
    cold::{self, Filter},
    command::{Command, Reply},
    connection::Connection,
    decode,
    dialect::Statement as _,
    encode,
    index::{Indexes, RunIndex},
    reader::Reader,
    row::Row,
    writer::Writer,
};
use crate::store::{
    error::StoreError,
    model::{
        CaseTally, Page, PastTrial, Rescoring, RunEnd, RunId, RunManifest, RunQuery, RunSummary,
        StoredTrial, TrialKey, TrialQuery, TrialState, TrialSummary,
    },
    run_store::{Creation, Stored},
};

/// The store over any of the databases.
pub(in crate::store) struct SqlStore<C: Connection> {
    place: String,
    /// Dropped before the reader, so that the last of the two connections to close is one that reads.
    writer: Option<Writer>,
    reader: Reader<C>,
    indexes: Indexes,
    /// The runs that somebody holds by this store.
    claims: Mutex<HashSet<RunId>>,
}

impl<C: Connection> fmt::Debug for SqlStore<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlStore").field("place", &self.place).finish_non_exhaustive()
    }
}

impl<C: Connection> SqlStore<C> {
    /// Opens a store for reading and, where there is a second way to open it, for writing.
    pub(in crate::store) async fn open<W, R>(
        place: &str,
        write: Option<W>,
        read: R,
    ) -> Result<Self, StoreError>
    where
        W: FnOnce() -> Result<C, StoreError> + Send + 'static,
        R: FnOnce() -> Result<C, StoreError> + Send + 'static,
    {
        // The one that writes makes the tables.
        let writer = match write {
            Some(write) => Some(Writer::start(place, write).await?),
            None => None,
        };
        let reader = Reader::start(place, read).await?;
        let (place, indexes, claims) = (place.to_owned(), Indexes::default(), Mutex::default());
        Ok(Self { place, writer, reader, indexes, claims })
    }

    pub(in crate::store) fn place(&self) -> &str {
        &self.place
    }

    pub(in crate::store) async fn create_run(
        &self,
        manifest: &RunManifest,
    ) -> Result<Creation, StoreError> {
        match self.ask(Command::Create(Box::new(encode::run(manifest)?))).await? {
            Reply::Created(Creation::AlreadyThere) => {
                let known = self.manifest(manifest.id).await?;
                if known.runs_the_same_as(manifest) {
                    Ok(Creation::AlreadyThere)
                } else {
                    Err(StoreError::OtherRun { run: manifest.id })
                }
            }
            Reply::Created(creation) => Ok(creation),
            other => Err(self.unexpected(&other)),
        }
    }

    pub(in crate::store) async fn manifest(&self, run: RunId) -> Result<RunManifest, StoreError> {
        let found = self
            .reader
            .read(move |connection| {
                let dialect = connection.dialect();
                let Some(mut row) = connection.rows(&cold::run(run).sql(dialect))?.pop() else {
                    return Ok(None);
                };
                let (no, _evals, trials) = (row.int()?, row.text()?, row.int()?);
                let manifest = decode::manifest(&row.text()?, trials)?;
                let cases = connection.rows(&cold::cases(no).sql(dialect))?;
                let cases = cases.into_iter().map(decode::case).collect::<Result<_, _>>()?;
                Ok(Some(RunManifest { cases, ..manifest }))
            })
            .await?;
        found.ok_or_else(|| self.unknown(run))
    }

    pub(in crate::store) async fn runs(
        &self,
        query: &RunQuery,
    ) -> Result<Vec<RunSummary>, StoreError> {
        self.all(cold::runs(query), decode::run_summary).await
    }

    pub(in crate::store) async fn continue_run(
        &self,
        manifest: &RunManifest,
    ) -> Result<(), StoreError> {
        let run = manifest.id;
        let before = self.manifest(run).await?;
        if !before.runs_the_same_as(manifest) {
            return Err(StoreError::OtherRun { run });
        }
        let index = self.index(run).await?;
        let going_on = encode::going_on(&index, before, manifest)?;
        self.change(run, Command::Continue(Box::new(going_on))).await
    }

    pub(in crate::store) async fn end_run(
        &self,
        run: RunId,
        end: &RunEnd,
    ) -> Result<(), StoreError> {
        let ended = encode::json("the end of a run", end)?;
        self.change(run, Command::End { run, ended }).await
    }

    pub(in crate::store) async fn claim(&self, run: RunId) -> Result<bool, StoreError> {
        // The connection cannot tell who asks.
        if !self.claims().insert(run) {
            return Ok(false);
        }
        match self.ask(Command::Claim { run }).await? {
            Reply::Claimed(true) => Ok(true),
            Reply::Claimed(false) => {
                self.claims().remove(&run);
                Ok(false)
            }
            other => Err(self.unexpected(&other)),
        }
    }

    pub(in crate::store) async fn release(&self, run: RunId) -> Result<(), StoreError> {
        self.claims().remove(&run);
        self.ask(Command::Release { run }).await.map(drop)
    }

    fn claims(&self) -> MutexGuard<'_, HashSet<RunId>> {
        self.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::store) async fn begin_attempts(
        &self,
        run: RunId,
        trials: &[TrialKey],
    ) -> Result<Vec<TrialKey>, StoreError> {
        let index = self.index(run).await?;
        let keys: Vec<_> = trials.iter().map(|trial| index.key(trial)).collect::<Result<_, _>>()?;
        match self.ask(Command::Begin { trials: keys }).await? {
            Reply::Begun(finished) => finished
                .into_iter()
                .map(|[_, case, place]| {
                    let place = u32::try_from(place).unwrap_or_default();
                    Ok(TrialKey::new(index.case(case)?, place))
                })
                .collect(),
            other => Err(self.unexpected(&other)),
        }
    }

    pub(in crate::store) async fn keep_attempt(
        &self,
        run: RunId,
        attempt: &StoredTrial,
    ) -> Result<(), StoreError> {
        let index = self.index(run).await?;
        let key = index.key(&attempt.summary.key)?;
        let attempt = Box::new(encode::trial(&index, key, attempt)?);
        let at = encode::unix_nanos(SystemTime::now());
        self.ask(Command::KeepAttempt { attempt, at }).await.map(drop)
    }

    pub(in crate::store) async fn withdraw_attempts(
        &self,
        run: RunId,
        trials: &[TrialKey],
    ) -> Result<(), StoreError> {
        let index = self.index(run).await?;
        let trials = trials.iter().map(|trial| index.key(trial)).collect::<Result<_, _>>()?;
        self.ask(Command::Withdraw { trials }).await.map(drop)
    }

    pub(in crate::store) async fn finish(
        &self,
        run: RunId,
        trial: &StoredTrial,
    ) -> Result<Stored, StoreError> {
        let index = self.index(run).await?;
        let key = index.key(&trial.summary.key)?;
        let trial = encode::trial(&index, key, trial)?;
        match self.ask(Command::Finish(Box::new(trial))).await? {
            Reply::Stored(stored) => Ok(stored),
            other => Err(self.unexpected(&other)),
        }
    }

    pub(in crate::store) async fn rescore(
        &self,
        run: RunId,
        trial: &TrialKey,
        rescoring: &Rescoring,
    ) -> Result<(), StoreError> {
        let index = self.index(run).await?;
        let scores = encode::rescoring(&index, index.key(trial)?, rescoring)?;
        match self.ask(Command::Rescore(Box::new(scores))).await? {
            Reply::NotFinished => Err(StoreError::NotFinished { run, key: trial.clone() }),
            _ => Ok(()),
        }
    }

    pub(in crate::store) async fn to_rescore(&self, run: RunId) -> Result<u64, StoreError> {
        let evals = self.manifest(run).await?.evals;
        let index = self.index(run).await?;
        let count = cold::to_rescore(&index, &evals);
        Ok(self.all(count, |mut row| decode::number(&mut row)).await?.into_iter().sum())
    }

    pub(in crate::store) async fn take_back(
        &self,
        run: RunId,
        trials: &[TrialKey],
    ) -> Result<u64, StoreError> {
        let index = self.index(run).await?;
        let trials = trials.iter().map(|trial| index.key(trial)).collect::<Result<_, _>>()?;
        let at = encode::unix_nanos(SystemTime::now());
        match self.ask(Command::TakeBack { trials, at }).await? {
            Reply::TakenBack(count) => Ok(count),
            other => Err(self.unexpected(&other)),
        }
    }

    pub(in crate::store) async fn history(
        &self,
        run: RunId,
        trial: &TrialKey,
    ) -> Result<Vec<PastTrial>, StoreError> {
        let index = self.index(run).await?;
        let key = index.key(trial)?;
        self.all(cold::history(key), move |row| decode::past_trial(&index, row)).await
    }

    pub(in crate::store) async fn states(
        &self,
        run: RunId,
        page: &Page,
    ) -> Result<Vec<TrialState>, StoreError> {
        let index = self.index(run).await?;
        let select = cold::states(&page_of(&index, page)?);
        self.all(select, move |row| decode::state(&index, row)).await
    }

    pub(in crate::store) async fn tallies(&self, run: RunId) -> Result<Vec<CaseTally>, StoreError> {
        let index = self.index(run).await?;
        self.all(cold::tallies(index.no), decode::case_tally).await
    }

    pub(in crate::store) async fn trials(
        &self,
        run: RunId,
        query: &TrialQuery,
    ) -> Result<Vec<TrialSummary>, StoreError> {
        let index = self.index(run).await?;
        let case_no = query.case.as_ref().map(|case| index.case_no(case)).transpose()?;
        let filter = Filter { case_no, outcome: query.outcome, ..page_of(&index, &query.page)? };
        self.all(cold::trials(&filter), move |row| decode::trial_summary(&index, row)).await
    }

    pub(in crate::store) async fn trial(
        &self,
        run: RunId,
        trial: &TrialKey,
    ) -> Result<Option<StoredTrial>, StoreError> {
        let index = self.index(run).await?;
        let key = index.key(trial)?;
        let found = self.all(cold::trial(key), move |row| decode::trial(&index, row)).await?;
        Ok(found.into_iter().next())
    }

    pub(in crate::store) async fn set_baseline(
        &self,
        name: &str,
        run: RunId,
    ) -> Result<(), StoreError> {
        let at = encode::unix_nanos(SystemTime::now());
        self.change(run, Command::Baseline { name: name.to_owned(), run, at }).await
    }

    pub(in crate::store) async fn baselines(&self) -> Result<Vec<(String, RunId)>, StoreError> {
        self.all(cold::baselines(), decode::baseline).await
    }

    /// Reads rows and makes something of each.
    async fn all<T: Send + 'static>(
        &self,
        select: sea_query::SelectStatement,
        decode: impl Fn(Row) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<Vec<T>, StoreError> {
        self.reader
            .read(move |connection| {
                let rows = connection.rows(&select.sql(connection.dialect()))?;
                rows.into_iter().map(decode).collect()
            })
            .await
    }

    async fn index(&self, run: RunId) -> Result<Arc<RunIndex>, StoreError> {
        if let Some(index) = self.indexes.find(run) {
            return Ok(index);
        }
        let found = self.reader.read(move |connection| RunIndex::read(connection, run)).await?;
        let index = Arc::new(found.ok_or_else(|| self.unknown(run))?);
        self.indexes.remember(&index);
        Ok(index)
    }

    async fn change(&self, run: RunId, command: Command) -> Result<(), StoreError> {
        match self.ask(command).await? {
            Reply::UnknownRun => Err(self.unknown(run)),
            _ => Ok(()),
        }
    }

    async fn ask(&self, command: Command) -> Result<Reply, StoreError> {
        match &self.writer {
            Some(writer) => writer.ask(command).await,
            None => Err(StoreError::ReadOnly { place: self.place.clone() }),
        }
    }

    fn unknown(&self, run: RunId) -> StoreError {
        StoreError::UnknownRun { place: self.place.clone(), run }
    }

    fn unexpected(&self, reply: &Reply) -> StoreError {
        let reason = format!("an answer to another question came: {reply:?}");
        StoreError::Failed { place: self.place.clone(), reason }
    }
}

fn page_of(index: &RunIndex, page: &Page) -> Result<Filter, StoreError> {
    let after = page.after.as_ref().map(|trial| index.key(trial)).transpose()?;
    let after = after.map(|[_, case, place]| [case, place]);
    Ok(Filter { run_no: index.no, after, limit: page.limit, ..Filter::default() })
}
