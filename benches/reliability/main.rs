//! How reliable is the service agent of a small shop? The example suite, offline and in a few seconds.
//!
//! ```text
//! cargo bench --bench reliability -- --trials 20
//! ```
//!
//! The agent is real but for its model: it calls tools, the tools work on a SQLite database, each trial has its own.
//! The stand-in for the model decides by what the tools answer and errs as models do, at random but from the seed of
//! the trial: it mixes orders up, skips a check under pressure, forgets a wish, hides an error. So some cases always
//! pass, and most pass sometimes. Each of its answers takes a millisecond.
//!
//! With `PROBITY_EXAMPLE_LOG=FILE` in the environment, each trial adds a line `case index` to the file when its agent
//! comes to its end: a side effect that shows what was run, and how often.

mod agent;
mod cases;
mod effect;
mod evals;
mod model;
mod shop;
mod tools;
mod transcript;
mod wish;

use std::{sync::Arc, time::Duration};

use probity::{
    Case, PureEvalExt as _, Runner, Suite,
    eval::{Price, Prices, prices::PricesError},
};

use crate::{
    agent::{Letter, Service, serve},
    cases::{Expected, cases},
    evals::{looked_first, right_books, right_reply},
};

fn suite() -> Result<(Suite<Letter, Expected, Service>, Runner), PricesError> {
    let suite = Suite::new("shop", cases())
        .agent("1", |case: Arc<Case<Letter, Expected>>| async move { serve(&case.input).await })
        .eval("right books", right_books().lift())
        .eval("right reply", right_reply().lift())
        .eval("looked first", looked_first().lift());
    let prices = Prices::new().with("stand-in", Price::new(0.15, 0.6))?;
    let runner = Runner::new().trials(20).concurrency(32);
    Ok((suite, runner.time_limit(Duration::from_secs(10)).prices(prices)))
}

probity::main!(suite);
