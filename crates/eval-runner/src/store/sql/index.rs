//! The numbers under which a run and its cases are stored.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{cold, connection::Connection, decode, dialect::Statement as _};
use crate::{
    store::{
        error::StoreError,
        model::{RunId, TrialKey},
    },
    suite::Fingerprint,
};

/// So many runs are remembered. Few are in use at a time.
const REMEMBERED: usize = 8;

/// The numbers under which a run and its cases are stored. They never change.
#[derive(Debug)]
pub(super) struct RunIndex {
    pub(super) run: RunId,
    pub(super) no: i64,
    /// The fingerprint of the evals with which the run began.
    pub(super) evals: Fingerprint,
    ids: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, i64>,
}

/// The runs that were used last.
#[derive(Debug, Default)]
pub(super) struct Indexes {
    /// The one used last comes last.
    runs: Mutex<Vec<Arc<RunIndex>>>,
}

impl RunIndex {
    /// Reads the index of a run; `None` if there is no such run.
    pub(super) fn read<C: Connection>(
        connection: &mut C,
        run: RunId,
    ) -> Result<Option<Self>, StoreError> {
        let dialect = connection.dialect();
        let Some(mut row) = connection.rows(&cold::run(run).sql(dialect))?.pop() else {
            return Ok(None);
        };
        let (no, evals) = (row.int()?, decode::fingerprint(row.text()?)?);
        let cases = connection.rows(&cold::cases(no).sql(dialect))?;
        let ids: Vec<Arc<str>> =
            cases.into_iter().map(|mut row| row.text().map(Arc::from)).collect::<Result<_, _>>()?;
        let numbers = ids.iter().map(Arc::clone).zip(0..).collect();
        Ok(Some(Self { run, no, evals, ids, numbers }))
    }

    /// Returns the number of a case.
    pub(super) fn case_no(&self, case: &str) -> Result<i64, StoreError> {
        self.numbers
            .get(case)
            .copied()
            .ok_or_else(|| StoreError::UnknownCase { run: self.run, case: case.to_owned() })
    }

    /// Returns the numbers of a trial.
    pub(super) fn key(&self, trial: &TrialKey) -> Result<[i64; 3], StoreError> {
        Ok([self.no, self.case_no(&trial.case)?, i64::from(trial.index)])
    }

    /// Returns the name of a case.
    pub(super) fn case(&self, case_no: i64) -> Result<&str, StoreError> {
        let id = usize::try_from(case_no).ok().and_then(|no| self.ids.get(no));
        id.map(|id| &**id).ok_or_else(|| {
            StoreError::unreadable("a trial", format!("the run has no case {case_no}"))
        })
    }
}

impl Indexes {
    /// Finds a run.
    pub(super) fn find(&self, run: RunId) -> Option<Arc<RunIndex>> {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let place = runs.iter().position(|known| known.run == run)?;
        let last = runs.len() - 1;
        if place != last {
            runs.swap(place, last);
        }
        runs.last().map(Arc::clone)
    }

    /// Remembers a run, in place of that which was not used for longest.
    pub(super) fn remember(&self, run: &Arc<RunIndex>) {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if runs.len() >= REMEMBERED {
            runs.remove(0);
        }
        runs.push(Arc::clone(run));
    }
}
