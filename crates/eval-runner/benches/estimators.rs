//! What the chance that at least m of k trials pass costs where numbers are large.
//!
//! `cargo bench -p probity-eval-runner --bench estimators`. The vectors are those of the golden file, which
//! `PROBITY_GOLDEN` may name; exact rational arithmetic takes seconds for some of them.

use std::{
    env, fs,
    hint::black_box,
    time::{Duration, Instant},
};

use probity_eval_runner::stats::m_of_k;
use serde_json::Value;

/// The fastest of so many runs counts.
const RUNS: usize = 20;

fn main() {
    let file = env::var("PROBITY_GOLDEN").unwrap_or_else(|_| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/golden.json").to_owned()
    });
    let golden = fs::read_to_string(&file).expect("the golden file can be read");
    let golden: Value = serde_json::from_str(&golden).expect("it is JSON");
    let vectors = golden["m_of_k_large"]["vectors"].as_array().expect("it has the block");
    println!("{:>12} {:>12} {:>9} {:>9} {:>14}", "n", "c", "k", "m", "milliseconds");
    let mut slowest = Duration::ZERO;
    for vector in vectors {
        let [n, c, k, m] = ["n", "c", "k", "m"].map(|key| vector[key].as_u64().unwrap_or_default());
        let took = (0..RUNS).map(|_| time(n, c, k, m)).min().unwrap_or_default();
        slowest = slowest.max(took);
        println!("{n:>12} {c:>12} {k:>9} {m:>9} {:>14.4}", took.as_secs_f64() * 1e3);
    }
    println!("{} vectors, the slowest took {slowest:?}", vectors.len());
}

fn time(n: u64, c: u64, k: u64, m: u64) -> Duration {
    let started = Instant::now();
    _ = black_box(m_of_k(black_box(n), c, k, m));
    started.elapsed()
}
