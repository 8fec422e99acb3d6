//! The summaries of real count tables, where the tables are beside the workspace.

use crate::{
    file::stored_block,
    tasks::{Expected, check},
};
use probity_eval_runner::stats::Counts;
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
struct Real {
    counts: String,
    metrics: Vec<Expected>,
}

#[derive(Deserialize)]
struct Table {
    tasks: Vec<Task>,
}

#[derive(Deserialize)]
struct Task {
    n: u64,
    c: u64,
}

#[test]
fn real_count_tables_are_summarized_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/counts");
    let block = stored_block::<Real>("real_data");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for vector in &block.vectors {
        let Ok(text) = std::fs::read_to_string(folder.join(format!("{}.json", vector.counts)))
        else {
            println!("skipped: no table {} beside the workspace", vector.counts);
            continue;
        };
        let table: Table = serde_json::from_str(&text).expect("a count table");
        let counts = table.tasks.iter().map(|task| Counts { n: task.n, c: task.c });
        let counts: Vec<Counts> = counts.collect();
        for metric in &vector.metrics {
            check(&counts, metric, tolerance, &vector.counts);
        }
    }
}
