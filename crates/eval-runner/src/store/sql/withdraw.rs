//! Counts attempts no more of which nothing came.

use std::collections::BTreeMap;

use sea_query::{Expr, ExprTrait as _, Query};

use super::{
    columns::{KEY, TRIAL},
    command::Key,
    connection::Connection,
    dialect::Statement as _,
};
use crate::store::error::StoreError;

/// So many trials share a statement.
const TOGETHER: usize = 1_000;

/// Counts an attempt less of each of these trials that has not finished.
pub(super) fn withdraw<C: Connection>(
    connection: &mut C,
    trials: &[Key],
) -> Result<(), StoreError> {
    // Trials begin in the order of their index, so few indices are under way at a time.
    let mut cases = BTreeMap::<[i64; 2], Vec<i64>>::new();
    for [run, case, index] in trials {
        cases.entry([*run, *index]).or_default().push(*case);
    }
    let [run_no, case_no, idx] = KEY;
    for ([run, index], cases) in cases {
        for cases in cases.chunks(TOGETHER) {
            let mut update = Query::update();
            update.table(TRIAL).value("attempts", Expr::col("attempts").sub(1_i64));
            update.and_where(Expr::col(run_no).eq(run)).and_where(Expr::col(idx).eq(index));
            update.and_where(Expr::col(case_no).is_in(cases.iter().copied()));
            update.and_where(Expr::col("outcome").is_null());
            update.and_where(Expr::col("attempts").gt(0_i64));
            connection.execute(&update.sql(connection.dialect()))?;
        }
    }
    Ok(())
}
