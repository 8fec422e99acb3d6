//! The 200 real trajectories of GPT-4o on the airline tasks, where they are at hand.

use std::path::{Path, PathBuf};

use probity_adapters::tau_bench::{Grade, Info, Replay, Results};
use probity_trace::{Dropped, capture_sync};

use crate::files::four_records;

/// Reads the file, which is not committed; says so and returns `None` where it is missing.
fn all_records() -> Option<Results> {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join("../shared/data/tau-bench/gpt-4o-airline.json");
    if !path.exists() {
        println!("skipped: {} is missing", path.display());
        return None;
    }
    Some(Results::read(path).expect("the file is well-formed"))
}

/// Returns the number of ways to choose `k` of `n`.
fn choose(n: u32, k: u32) -> u32 {
    (0..k).fold(1, |ways, i| ways * n.saturating_sub(i) / (i + 1))
}

#[test]
fn the_published_rates_come_out_exactly() {
    let Some(results) = all_records() else { return };
    let passes: Vec<u32> = results
        .tasks()
        .values()
        .map(|trials| {
            assert_eq!(trials.len(), 4);
            let passed = trials.iter().filter(|trial| trial.grade() == Grade::Passed);
            u32::try_from(passed.count()).unwrap()
        })
        .collect();
    assert_eq!(passes.len(), 50);

    // pass^k as fractions of 50 C(4, k): 21/50, 41/150, 11/50 and 1/5.
    let all_k = |k| passes.iter().map(|&c| choose(c, k)).sum::<u32>();
    assert_eq!([1, 2, 3, 4].map(all_k), [84, 82, 44, 10]);
    assert_eq!([1, 2, 3, 4].map(|k| 50 * choose(4, k)), [200, 300, 200, 50]);

    let sometimes = passes.iter().filter(|&&c| 0 < c && c < 4).count();
    assert_eq!(sometimes, 26);
}

#[test]
fn five_trials_ran_out_of_steps_and_failed() {
    let Some(results) = all_records() else { return };
    let out_of_steps: Vec<_> = results
        .records()
        .iter()
        .filter(|record| matches!(&record.info, Info::Ended { reward_info: None, .. }))
        .collect();
    assert_eq!(out_of_steps.len(), 5);
    assert!(out_of_steps.iter().all(|record| record.grade() == Grade::Failed));
}

#[test]
fn every_trajectory_is_replayed_whole() {
    let Some(results) = all_records() else { return };
    let agent = Replay::new("airline");
    let (mut chats, mut tools, mut errors, mut agents) = (0, 0, 0, 0);
    for record in results.records() {
        let trace = capture_sync(|| agent.run(record)).trace;
        agents += trace.spans("invoke_agent").count();
        chats += trace.spans("chat").count();
        tools += trace.spans("execute_tool").count();
        errors +=
            trace.spans("execute_tool").filter(|tool| tool.field("error.type").is_some()).count();
        assert_eq!(trace.dropped(), Dropped::default());
    }
    // Counted in the file by other means.
    assert_eq!((agents, chats, tools, errors), (200, 2454, 1164, 73));
}

#[test]
fn the_committed_sample_is_a_part_of_the_file() {
    let Some(results) = all_records() else { return };
    for record in four_records().records() {
        assert!(results.records().contains(record), "task {}", record.task);
    }
}
