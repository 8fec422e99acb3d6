//! The statements that are needed for every trial. They are written once and used a million times.

use sea_query::{Expr, ExprTrait as _, InsertStatement, OnConflict, Query, Value};

use super::columns::{BODY, CASE_TALLY, FINISHED, KEY, RUN_CASE, TRIAL, TRIAL_BODY};
#[cfg(feature = "sqlite")]
use super::dialect::{Dialect, Statement as _};
use crate::store::error::StoreError;

/// A statement that writes rows, and leaves those that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::store) enum Hot {
    /// Adds a case to a run.
    Case,
    /// Counts attempts of a trial that has not finished.
    Begin,
    /// Finishes a trial that has not finished.
    Finish,
    /// Adds what is large of a trial.
    Body,
    /// Adds to the tally of a case.
    Tally,
}

impl Hot {
    /// All of them.
    #[cfg(feature = "sqlite")]
    pub(in crate::store) const ALL: [Self; 5] =
        [Self::Case, Self::Begin, Self::Finish, Self::Body, Self::Tally];

    /// Returns the columns of a row.
    pub(in crate::store) fn columns(self) -> Vec<&'static str> {
        match self {
            Self::Case => vec!["run_no", "case_no", "id", "fingerprint", "group_name", "tags"],
            Self::Begin => [&KEY[..], &["attempts"]].concat(),
            Self::Finish => [&KEY[..], &FINISHED[..]].concat(),
            Self::Body => [&KEY[..], &BODY[..]].concat(),
            Self::Tally => vec!["run_no", "case_no", "passed", "failed", "not_graded"],
        }
    }

    /// Returns whether it may leave rows as they are, so that one must know which it has written.
    #[cfg(feature = "postgres")]
    pub(in crate::store) fn is_conditional(self) -> bool {
        matches!(self, Self::Begin | Self::Finish)
    }

    /// Writes the statement for these rows, without saying which were written.
    pub(in crate::store) fn statement(
        self,
        rows: impl IntoIterator<Item = Vec<Value>>,
    ) -> Result<InsertStatement, StoreError> {
        let mut insert = Query::insert();
        insert.into_table(self.table()).columns(self.columns());
        for row in rows {
            insert
                .values(row.into_iter().map(Expr::value))
                .map_err(|error| StoreError::unstorable("a row", error))?;
        }
        if let Some(on_conflict) = self.on_conflict() {
            insert.on_conflict(on_conflict);
        }
        Ok(insert)
    }

    fn table(self) -> &'static str {
        match self {
            Self::Case => RUN_CASE,
            Self::Begin | Self::Finish => TRIAL,
            Self::Body => TRIAL_BODY,
            Self::Tally => CASE_TALLY,
        }
    }

    fn on_conflict(self) -> Option<OnConflict> {
        let unfinished = || Expr::col((TRIAL, "outcome")).is_null();
        match self {
            Self::Case | Self::Body => None,
            Self::Begin => Some(
                OnConflict::columns(KEY)
                    .value("attempts", sum(TRIAL, "attempts"))
                    .action_and_where(unfinished())
                    .to_owned(),
            ),
            Self::Finish => {
                // The store's own count is the truth, unless the trial comes from elsewhere.
                let [attempts, others @ ..] = FINISHED;
                let counted = Expr::col((TRIAL, attempts));
                let told = Expr::col(("excluded", attempts));
                let larger = Expr::case(counted.clone().gt(told.clone()), counted).finally(told);
                Some(
                    OnConflict::columns(KEY)
                        .update_columns(others)
                        .value(attempts, larger)
                        .action_and_where(unfinished())
                        .to_owned(),
                )
            }
            Self::Tally => Some(
                OnConflict::columns(["run_no", "case_no"])
                    .values(
                        ["passed", "failed", "not_graded"]
                            .map(|column| (column, sum(CASE_TALLY, column))),
                    )
                    .to_owned(),
            ),
        }
    }
}

/// Writes a statement for one row, with places for its values.
#[cfg(feature = "sqlite")]
pub(in crate::store) fn hot_sql(hot: Hot, dialect: Dialect) -> Result<String, StoreError> {
    let row = hot.columns().iter().map(|_| Value::BigInt(None)).collect();
    Ok(hot.statement([row])?.sql(dialect).text)
}

/// What is there plus what is added.
fn sum(table: &'static str, column: &'static str) -> Expr {
    Expr::col((table, column)).add(Expr::col(("excluded", column)))
}
