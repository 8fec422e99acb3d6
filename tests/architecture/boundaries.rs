//! Where files and the network may be used.

use crate::{
    crates::{self, Crate},
    sources,
};

const FILES: [&[&str]; 2] = [&["std", "fs"], &["tokio", "fs"]];
const NETWORK: [&[&str]; 2] = [&["std", "net"], &["tokio", "net"]];
const PROCESSES: [&[&str]; 2] = [&["std", "process"], &["tokio", "process"]];

/// Checks that no source of a crate names a path that starts with one of these.
#[track_caller]
fn check_unused(found: &Crate, forbidden: &[&[&str]]) {
    for source in sources::of(found) {
        for path in sources::paths(&source.syntax) {
            let breach = forbidden.iter().find(|start| {
                path.len() >= start.len() && path.iter().zip(**start).all(|(a, b)| a == b)
            });
            assert!(
                breach.is_none(),
                "{} uses {}, which {} must not",
                source.file.display(),
                path.join("::"),
                found.name
            );
        }
    }
}

#[test]
fn only_the_runner_and_the_adapters_use_files() {
    for found in crates::all() {
        if !["probity-eval-runner", "probity-adapters"].contains(&found.name.as_str()) {
            check_unused(&found, &FILES);
        }
    }
}

#[test]
fn only_the_adapters_use_the_network() {
    for found in crates::all().iter().filter(|found| found.name != "probity-adapters") {
        check_unused(found, &NETWORK);
    }
}

#[test]
fn trace_and_eval_start_no_processes() {
    for found in crates::all() {
        if ["probity-trace", "probity-eval"].contains(&found.name.as_str()) {
            check_unused(&found, &PROCESSES);
        }
    }
}
