//! The tables.

#[cfg(feature = "postgres")]
use sea_query::PostgresQueryBuilder;
#[cfg(feature = "sqlite")]
use sea_query::SqliteQueryBuilder;
use sea_query::{
    ColumnDef, ConditionalStatement as _, Expr, Index, IndexCreateStatement, Table,
    TableCreateStatement,
};

use super::{
    columns::{
        BASELINE, CASE_TALLY, KEY, NOT_PASSED, PAST_TRIAL, RUN, RUN_CASE, TRIAL, TRIAL_BODY,
    },
    dialect::Dialect,
};

/// The first version.
pub(super) fn version_1(dialect: Dialect) -> Vec<String> {
    let tables = [run(), run_case(), case_tally(), trial(), trial_body(), past_trial(), baseline()];
    let mut statements: Vec<_> =
        tables.into_iter().map(|(table, shape)| create(dialect, table, shape)).collect();
    statements.push(index(dialect, &trial_by_outcome()));
    statements
}

/// The second version: what went over the wire.
pub(super) fn version_2(dialect: Dialect) -> Vec<String> {
    [TRIAL_BODY, PAST_TRIAL]
        .map(|name| {
            let mut table = Table::alter();
            table.table(name).add_column(ColumnDef::new("raw").blob());
            match dialect {
                #[cfg(feature = "sqlite")]
                Dialect::Sqlite => table.to_string(SqliteQueryBuilder),
                #[cfg(feature = "postgres")]
                Dialect::Postgres => table.to_string(PostgresQueryBuilder),
            }
        })
        .into()
}

/// How SQLite lays a table out.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// By an internal number: right where rows are large.
    Numbered,
    /// By the primary key: right where rows are small, since there is no second index to keep.
    ByKey,
}

fn run() -> (TableCreateStatement, Shape) {
    let mut table = Table::create();
    table
        .table(RUN)
        .col(ColumnDef::new("no").big_integer().not_null().auto_increment().primary_key())
        .col(text("id").unique_key())
        .col(text("suite"))
        .col(ColumnDef::new("name").text())
        .col(text("agent"))
        .col(text("evals"))
        .col(big("cases"))
        .col(big("trials"))
        .col(big("created_at"))
        .col(ColumnDef::new("ended").text())
        .col(text("manifest"));
    (table, Shape::Numbered)
}

fn run_case() -> (TableCreateStatement, Shape) {
    let mut table = Table::create();
    table
        .table(RUN_CASE)
        .col(big("run_no"))
        .col(big("case_no"))
        .col(text("id"))
        .col(text("fingerprint"))
        .col(ColumnDef::new("group_name").text())
        .col(ColumnDef::new("tags").text())
        .primary_key(Index::create().col("run_no").col("case_no"));
    (table, Shape::ByKey)
}

fn case_tally() -> (TableCreateStatement, Shape) {
    let mut table = Table::create();
    table
        .table(CASE_TALLY)
        .col(big("run_no"))
        .col(big("case_no"))
        .col(big("passed"))
        .col(big("failed"))
        .col(big("not_graded"))
        .primary_key(Index::create().col("run_no").col("case_no"));
    (table, Shape::ByKey)
}

fn trial() -> (TableCreateStatement, Shape) {
    let mut table = Table::create();
    table.table(TRIAL);
    keyed(&mut table);
    // A trial without an outcome was begun and has not finished.
    summary(table.col(big("attempts")).col(ColumnDef::new("outcome").text()));
    table.primary_key(&mut key());
    (table, Shape::ByKey)
}

fn trial_body() -> (TableCreateStatement, Shape) {
    let mut table = Table::create();
    table.table(TRIAL_BODY);
    keyed(&mut table);
    table
        .col(text("judgments"))
        .col(ColumnDef::new("artifact").blob())
        .col(ColumnDef::new("trace").blob().not_null())
        .col(ColumnDef::new("eval_trace").blob())
        // By index first, as trials run: so new ones come at the end, whichever case they are of.
        .primary_key(Index::create().col("run_no").col("idx").col("case_no"));
    (table, Shape::Numbered)
}

fn past_trial() -> (TableCreateStatement, Shape) {
    let mut table = Table::create();
    table.table(PAST_TRIAL);
    keyed(&mut table);
    summary(
        table
            .col(big("past_no"))
            .col(big("superseded_at"))
            .col(big("attempts"))
            .col(text("outcome")),
    );
    table
        .col(text("judgments"))
        .col(ColumnDef::new("artifact").blob())
        // Nothing where the trial was scored anew: what the agent did is still its own.
        .col(ColumnDef::new("trace").blob())
        .col(ColumnDef::new("eval_trace").blob())
        .primary_key(key().col("past_no"));
    (table, Shape::Numbered)
}

fn baseline() -> (TableCreateStatement, Shape) {
    let mut table = Table::create();
    table
        .table(BASELINE)
        .col(ColumnDef::new("name").text().not_null().primary_key())
        .col(text("run_id"))
        .col(big("set_at"));
    (table, Shape::ByKey)
}

/// Finds the trials that did not pass without reading those that did. Those that passed or have not finished are
/// not in it and cost nothing.
fn trial_by_outcome() -> IndexCreateStatement {
    let mut index = Index::create();
    index.name("trial_by_outcome").table(TRIAL);
    index.col("run_no").col("outcome").col("case_no").col("idx");
    index.cond_where(Expr::cust(NOT_PASSED));
    index
}

/// Adds what a summary of a trial has after its outcome.
fn summary(table: &mut TableCreateStatement) {
    table.col(ColumnDef::new("detail").text());
    for name in [
        "seed",
        "started_at",
        "duration_ns",
        "input_tokens",
        "output_tokens",
        "cache_read_tokens",
        "cache_write_tokens",
        "reasoning_tokens",
    ] {
        table.col(ColumnDef::new(name).big_integer());
    }
    table
        .col(ColumnDef::new("cost_usd").double())
        .col(ColumnDef::new("unpriced_calls").big_integer())
        .col(ColumnDef::new("evals").text())
        .col(ColumnDef::new("eval_spent").text());
}

fn keyed(table: &mut TableCreateStatement) {
    for name in KEY {
        table.col(big(name));
    }
}

fn key() -> IndexCreateStatement {
    let mut index = Index::create();
    for name in KEY {
        index.col(name);
    }
    index
}

fn big(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.big_integer().not_null();
    column
}

fn text(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.text().not_null();
    column
}

fn create(dialect: Dialect, mut table: TableCreateStatement, shape: Shape) -> String {
    if shape == Shape::ByKey && dialect.numbers_rows() {
        table.extra("WITHOUT ROWID");
    }
    match dialect {
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => table.to_string(SqliteQueryBuilder),
        #[cfg(feature = "postgres")]
        Dialect::Postgres => table.to_string(PostgresQueryBuilder),
    }
}

fn index(dialect: Dialect, index: &IndexCreateStatement) -> String {
    match dialect {
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => index.to_string(SqliteQueryBuilder),
        #[cfg(feature = "postgres")]
        Dialect::Postgres => index.to_string(PostgresQueryBuilder),
    }
}
