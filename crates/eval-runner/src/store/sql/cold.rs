//! The statements that are needed now and then.

use sea_query::{
    Expr, ExprTrait as _, InsertStatement, OnConflict, Order, Query, SelectStatement,
    UpdateStatement, Value,
};

use super::{
    columns::{
        BASELINE, BODY, CASE_TALLY, FINISHED, KEY, NOT_PASSED, PAST_TRIAL, RUN, RUN_CASE, TRIAL,
        TRIAL_BODY,
    },
    command::Key,
    index::RunIndex,
    supersede::{matching, same_key},
};
use crate::{
    store::{
        error::StoreError,
        model::{OutcomeKind, RunId, RunQuery},
    },
    suite::Fingerprint,
};

/// Creates a run; its number comes back, unless it is there already.
pub(super) fn create_run(row: &[(&'static str, Value)]) -> Result<InsertStatement, StoreError> {
    let mut insert = Query::insert();
    insert
        .into_table(RUN)
        .columns(row.iter().map(|(column, _)| *column))
        .values(row.iter().map(|(_, value)| Expr::value(value.clone())))
        .map_err(|error| StoreError::unstorable("a run", error))?;
    insert.on_conflict(OnConflict::column("id").do_nothing().to_owned()).returning_col("no");
    Ok(insert)
}

/// Says that a run goes on, with other values in these columns.
pub(super) fn continue_run(run: RunId, row: &[(&'static str, Value)]) -> UpdateStatement {
    let mut update = updating(RUN, row);
    update.value("ended", Value::String(None)).and_where(Expr::col("id").eq(run.to_string()));
    update
}

/// Writes other values into these columns of a case.
pub(super) fn update_case(key: [i64; 2], row: &[(&'static str, Value)]) -> UpdateStatement {
    let [run_no, case_no] = key;
    let mut update = updating(RUN_CASE, row);
    update.and_where(Expr::col("run_no").eq(run_no)).and_where(Expr::col("case_no").eq(case_no));
    update
}

fn updating(table: &'static str, row: &[(&'static str, Value)]) -> UpdateStatement {
    let mut update = Query::update();
    update.table(table);
    for (column, value) in row {
        update.value(*column, value.clone());
    }
    update
}

/// Says that a run has ended.
pub(super) fn end_run(run: RunId, ended: &str) -> UpdateStatement {
    let mut update = Query::update();
    update.table(RUN).value("ended", ended).and_where(Expr::col("id").eq(run.to_string()));
    update
}

/// Makes a run the baseline of a name.
pub(super) fn set_baseline(name: &str, run: RunId, at: i64) -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table(BASELINE).columns(["name", "run_id", "set_at"]);
    let mut select = Query::select();
    // Nothing is inserted where there is no such run.
    select
        .expr(Expr::value(name).cast_as("text"))
        .column((RUN, "id"))
        .expr(Expr::value(at).cast_as("bigint"))
        .from(RUN)
        .and_where(Expr::col((RUN, "id")).eq(run.to_string()));
    // The columns are as many as the expressions.
    drop(insert.select_from(select));
    insert.on_conflict(OnConflict::column("name").update_columns(["run_id", "set_at"]).to_owned());
    insert
}

/// Reads all baselines.
pub(super) fn baselines() -> SelectStatement {
    let mut select = Query::select();
    select.columns(["name", "run_id"]).from(BASELINE).order_by("name", Order::Asc);
    select
}

/// Reads the number of a run, its manifest and its planned trials.
pub(super) fn run(run: RunId) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(["no", "evals", "trials", "manifest"])
        .from(RUN)
        .and_where(Expr::col("id").eq(run.to_string()));
    select
}

/// Reads runs with their tallies.
pub(super) fn runs(query: &RunQuery) -> SelectStatement {
    let mut select = Query::select();
    select.columns(["cases", "trials", "ended", "manifest"].map(|column| (RUN, column)));
    for column in ["passed", "failed", "not_graded"] {
        let mut sum = Query::select();
        sum.expr(Expr::col((CASE_TALLY, column)).sum().cast_as("bigint"))
            .from(CASE_TALLY)
            .and_where(Expr::col((CASE_TALLY, "run_no")).equals((RUN, "no")));
        select.expr(Expr::SubQuery(None, Box::new(sum.into())));
    }
    select.from(RUN).order_by((RUN, "id"), Order::Desc);
    if let Some(suite) = &query.suite {
        select.and_where(Expr::col((RUN, "suite")).eq(suite.as_str()));
    }
    if let Some(name) = &query.name {
        select.and_where(Expr::col((RUN, "name")).eq(name.as_str()));
    }
    if let Some(id) = query.id {
        select.and_where(Expr::col((RUN, "id")).eq(id.to_string()));
    }
    if let Some(before) = query.before {
        select.and_where(Expr::col((RUN, "id")).lt(before.to_string()));
    }
    if let Some(limit) = query.limit {
        select.limit(limit.into());
    }
    select
}

/// Reads the cases of a run, in their order.
pub(super) fn cases(run_no: i64) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(["id", "fingerprint", "group_name", "tags"])
        .from(RUN_CASE)
        .and_where(Expr::col("run_no").eq(run_no))
        .order_by("case_no", Order::Asc);
    select
}

/// Reads the tallies of the cases of a run, in their order.
pub(super) fn tallies(run_no: i64) -> SelectStatement {
    let mut select = Query::select();
    select.columns([(RUN_CASE, "id"), (RUN_CASE, "group_name")]);
    select.columns(["passed", "failed", "not_graded"].map(|column| (CASE_TALLY, column)));
    let same_run = Expr::col((CASE_TALLY, "run_no")).equals((RUN_CASE, "run_no"));
    let same_case = Expr::col((CASE_TALLY, "case_no")).equals((RUN_CASE, "case_no"));
    select
        .from(RUN_CASE)
        .left_join(CASE_TALLY, same_run.and(same_case))
        .and_where(Expr::col((RUN_CASE, "run_no")).eq(run_no))
        .order_by((RUN_CASE, "case_no"), Order::Asc);
    select
}

/// Which rows of `trial` to read.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) run_no: i64,
    /// Only what comes after this case and index.
    pub(super) after: Option<[i64; 2]>,
    pub(super) case_no: Option<i64>,
    pub(super) outcome: Option<OutcomeKind>,
    pub(super) limit: u32,
}

/// Reads how far trials have come.
pub(super) fn states(filter: &Filter) -> SelectStatement {
    let mut select = Query::select();
    select.columns(["case_no", "idx", "attempts", "outcome"].map(|column| (TRIAL, column)));
    select.from(TRIAL);
    filtered(&mut select, filter);
    // One that was taken back is as if it had never begun.
    let begun = Expr::col((TRIAL, "attempts")).gt(0_i64);
    select.and_where(begun.or(Expr::col((TRIAL, "outcome")).is_not_null()));
    select
}

/// Counts the finished trials that were not scored by these evals.
pub(super) fn to_rescore(run: &RunIndex, evals: &Fingerprint) -> SelectStatement {
    let scored_by = || Expr::col((TRIAL, "evals"));
    let by_others = scored_by().ne(evals.as_str());
    // Nothing stands for the evals with which the run began.
    let is_other =
        if *evals == run.evals { by_others } else { by_others.or(scored_by().is_null()) };
    let mut select = Query::select();
    select.expr(Expr::col((TRIAL, "idx")).count()).from(TRIAL);
    select.and_where(Expr::col((TRIAL, "run_no")).eq(run.no));
    select.and_where(Expr::col((TRIAL, "outcome")).is_not_null()).and_where(is_other);
    select
}

/// Reads finished trials without what is large.
pub(super) fn trials(filter: &Filter) -> SelectStatement {
    let mut select = Query::select();
    select.columns(["case_no", "idx"].map(|column| (TRIAL, column)));
    select.columns(FINISHED.map(|column| (TRIAL, column)));
    select.column((TRIAL_BODY, "judgments"));
    select.from(TRIAL).inner_join(TRIAL_BODY, same_key());
    filtered(&mut select, filter);
    select.and_where(Expr::col((TRIAL, "outcome")).is_not_null());
    select
}

/// Reads one finished trial.
pub(super) fn trial(key: Key) -> SelectStatement {
    let mut select = Query::select();
    select.columns(["case_no", "idx"].map(|column| (TRIAL, column)));
    select.columns(FINISHED.map(|column| (TRIAL, column)));
    select.columns(BODY.map(|column| (TRIAL_BODY, column)));
    select.from(TRIAL).inner_join(TRIAL_BODY, same_key());
    select.and_where(matching(key, TRIAL));
    select.and_where(Expr::col((TRIAL, "outcome")).is_not_null());
    select
}

/// Reads the history of a trial, the oldest first.
pub(super) fn history(key: Key) -> SelectStatement {
    let mut select = Query::select();
    select.columns(["superseded_at", "case_no", "idx"]).columns(FINISHED).columns(BODY);
    select.from(PAST_TRIAL);
    select.and_where(matching(key, PAST_TRIAL));
    select.order_by("past_no", Order::Asc);
    select
}

fn filtered(select: &mut SelectStatement, filter: &Filter) {
    let [run, case, index] = KEY.map(|column| Expr::col((TRIAL, column)));
    select.and_where(run.eq(filter.run_no));
    if let Some(after) = filter.after {
        let place = Expr::tuple([case.clone(), index]);
        select.and_where(place.gt(Expr::tuple(after.map(Expr::value))));
    }
    if let Some(case_no) = filter.case_no {
        select.and_where(case.eq(case_no));
    }
    if let Some(outcome) = filter.outcome {
        select.and_where(Expr::col((TRIAL, "outcome")).eq(outcome.as_str()));
        if outcome != OutcomeKind::Passed {
            select.and_where(Expr::cust(NOT_PASSED));
        }
    }
    select.order_by((TRIAL, "case_no"), Order::Asc).order_by((TRIAL, "idx"), Order::Asc);
    select.limit(filter.limit.into());
}
