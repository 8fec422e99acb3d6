//! The history of a trial: what it was before it is scored anew or run again, and attempts at it that failed.

use sea_query::{Expr, ExprTrait as _, Query, SelectStatement, SimpleExpr, Value};

use super::{
    batch::{TallyChanges, count},
    columns::{BODY, FINISHED, KEY, PAST_TRIAL, TRIAL, TRIAL_BODY},
    command::{Key, NewScores, NewTrial, Reply},
    connection::Connection,
    dialect::Statement as _,
};
use crate::store::{error::StoreError, model::OutcomeKind};

/// What becomes of the agent's part of a trial.
#[derive(Clone, Copy, PartialEq)]
enum Agent {
    /// It stays with the trial.
    Stays,
    /// It goes into the history.
    Goes,
}

/// Gives a trial other scores.
pub(super) fn rescore<C: Connection>(
    connection: &mut C,
    scores: &NewScores,
    tallies: &mut TallyChanges,
) -> Result<Reply, StoreError> {
    let Some(before) = remember(connection, scores.key, scores.at, Agent::Stays)? else {
        return Ok(Reply::NotFinished);
    };
    count(tallies, scores.key, before.tally(), -1);
    count(tallies, scores.key, scores.kind.tally(), 1);
    update(connection, TRIAL, scores.key, &scores.trial)?;
    update(connection, TRIAL_BODY, scores.key, &scores.body)?;
    Ok(Reply::Done)
}

/// Puts an attempt that failed into the history of its trial.
pub(super) fn keep_attempt<C: Connection>(
    connection: &mut C,
    attempt: &NewTrial,
    at: i64,
) -> Result<(), StoreError> {
    let written = |values: &[Value]| values.iter().cloned().map(Expr::value).collect::<Vec<_>>();
    let (key, finished) = attempt.row.split_at(KEY.len());
    let (_, body) = attempt.body.split_at(KEY.len());
    let mut row = written(key);
    row.extend([number(attempt.key), Expr::value(at)]);
    row.extend(written(finished).into_iter().chain(written(body)));
    let mut insert = Query::insert();
    insert.into_table(PAST_TRIAL).columns(past_columns());
    insert.values(row).map_err(|error| StoreError::unstorable("an attempt", error))?;
    connection.execute(&insert.sql(connection.dialect())).map(drop)
}

/// Takes trials back, and returns how many of them had finished.
pub(super) fn take_back<C: Connection>(
    connection: &mut C,
    trials: &[Key],
    at: i64,
    tallies: &mut TallyChanges,
) -> Result<u64, StoreError> {
    let mut finished = 0;
    for key in trials {
        if let Some(before) = remember(connection, *key, at, Agent::Goes)? {
            finished += 1;
            count(tallies, *key, before.tally(), -1);
            let mut forget = Query::delete();
            forget.from_table(TRIAL_BODY);
            forget.and_where(matching(*key, TRIAL_BODY));
            connection.execute(&forget.sql(connection.dialect()))?;
        }
        let unfinished = [("attempts", Value::from(0_i64)), ("outcome", Value::String(None))];
        update(connection, TRIAL, *key, &unfinished)?;
    }
    Ok(finished)
}

/// Copies a finished trial into the history, and returns what it came to; `None` if it has not finished.
fn remember<C: Connection>(
    connection: &mut C,
    key: Key,
    at: i64,
    agent: Agent,
) -> Result<Option<OutcomeKind>, StoreError> {
    let mut outcome = Query::select();
    outcome.column("outcome").from(TRIAL);
    outcome.and_where(matching(key, TRIAL));
    let Some(mut row) = connection.rows(&outcome.sql(connection.dialect()))?.pop() else {
        return Ok(None);
    };
    let Some(outcome) = row.maybe_text()? else { return Ok(None) };
    let kind = OutcomeKind::named(&outcome)
        .ok_or_else(|| StoreError::unreadable("an outcome", format!("{outcome:?} is not known")))?;
    let mut insert = Query::insert();
    insert.into_table(PAST_TRIAL).columns(past_columns());
    insert
        .select_from(current(key, at, agent))
        .map_err(|error| StoreError::unstorable("the history of a trial", error))?;
    connection.execute(&insert.sql(connection.dialect()))?;
    Ok(Some(kind))
}

/// The columns of a row of the history.
fn past_columns() -> Vec<&'static str> {
    [&KEY[..], &["past_no", "superseded_at"], &FINISHED[..], &BODY[..]].concat()
}

/// The number of the next row in the history of a trial.
fn number(key: Key) -> SimpleExpr {
    let mut number = Query::select();
    number.expr(Expr::col("past_no").count()).from(PAST_TRIAL);
    number.and_where(matching(key, PAST_TRIAL));
    SimpleExpr::SubQuery(None, Box::new(number.into()))
}

/// Selects a trial as a row of the history.
fn current(key: Key, at: i64, agent: Agent) -> SelectStatement {
    let mut select = Query::select();
    select.columns(KEY.map(|column| (TRIAL, column)));
    select.expr(number(key));
    // Typed, since PostgreSQL takes a parameter of a list of columns for a text.
    select.expr(Expr::value(at).cast_as("bigint"));
    select.columns(FINISHED.map(|column| (TRIAL, column)));
    for column in BODY {
        match (agent, column) {
            (Agent::Stays, "artifact" | "trace" | "raw") => select.expr(Expr::cust("NULL")),
            _ => select.column((TRIAL_BODY, column)),
        };
    }
    select.from(TRIAL).inner_join(TRIAL_BODY, same_key());
    select.and_where(matching(key, TRIAL));
    select
}

/// Says that a trial and its body belong together.
pub(super) fn same_key() -> SimpleExpr {
    let [run, case, index] =
        KEY.map(|column| Expr::col((TRIAL, column)).equals((TRIAL_BODY, column)));
    run.and(case).and(index)
}

/// Says that a row belongs to a trial.
pub(super) fn matching(key: Key, table: &'static str) -> SimpleExpr {
    let [run, case, index] = KEY.map(|column| Expr::col((table, column)));
    let [run_no, case_no, place] = key;
    run.eq(run_no).and(case.eq(case_no)).and(index.eq(place))
}

fn update<C: Connection>(
    connection: &mut C,
    table: &'static str,
    key: Key,
    values: &[(&'static str, Value)],
) -> Result<(), StoreError> {
    let mut update = Query::update();
    update.table(table);
    for (column, value) in values {
        update.value(*column, value.clone());
    }
    update.and_where(matching(key, table));
    connection.execute(&update.sql(connection.dialect())).map(drop)
}
