//! What a trial costs, from its start to its commit, beside what others were measured to cost.
//!
//! `cargo bench -p probity-eval-runner --bench runner`; or one of its workloads: `noop COUNT`, `waiting COUNT`. Each
//! runs in a process of its own, so that its peak of memory is its own.

mod process;
mod workload;

use std::{env, process::Command};

/// CPU in microseconds of a trial that does nothing, seconds of wall time for 10,000 trials of 50 ms at a concurrency
/// of 1,000, and the peak of memory in MB, as measured on one machine on 22 August 2026. Versions: Inspect AI 0.3.285,
/// promptfoo 0.121.20, deepeval 4.3.1, pydantic-evals 2.62.0, arize-phoenix-evals 3.9.4, braintrust 0.47.0.
const PEERS: [(&str, f64, f64, f64); 7] = [
    ("Inspect AI", 10_800.0, 121.6, 447.0),
    ("promptfoo", 2_500.0, 24.9, 1_034.0),
    ("deepeval, cache off", 1_200.0, 13.0, 173.0),
    ("pydantic-evals with 3 captured spans", 1_050.0, 11.3, 168.0),
    ("pydantic-evals", 440.0, 4.67, 162.0),
    ("phoenix-evals", 190.0, 4.39, 111.0),
    ("braintrust (writes no log)", 130.0, 1.29, 72.0),
];

fn main() {
    let words: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    match words.as_slice() {
        [workload, count] => workload::run(workload, count.parse().expect("a number of trials")),
        // `cargo test` wants to know only whether it runs.
        _ if !env::args().any(|word| word == "--bench") => {
            workload::run("noop", 200);
            workload::run("waiting", 200);
        }
        _ => all(),
    }
}

/// Runs every workload, each in a process of its own.
fn all() {
    println!("{:38} {:>10} {:>12} {:>8}", "", "CPU/trial", "10k x 50 ms", "memory");
    for (peer, cpu, wall, memory) in PEERS {
        println!("{peer:38} {cpu:>7.0} us {wall:>10.2} s {memory:>5.0} MB");
    }
    let this = env::current_exe().expect("this program has a path");
    for (workload, count) in [("noop", "10000"), ("waiting", "10000"), ("noop", "1000000")] {
        let status = Command::new(&this).args([workload, count]).status();
        assert!(status.is_ok_and(|status| status.success()), "{workload} {count} failed");
    }
}
