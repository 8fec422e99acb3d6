//! Where files and the network may be used.

use crate::{
    crates::{self, Crate},
    sources::{self, Source},
};

const FILES: [&[&str]; 2] = [&["std", "fs"], &["tokio", "fs"]];
const NETWORK: [&[&str]; 3] = [&["std", "net"], &["tokio", "net"], &["sqlx"]];
const PROCESSES: [&[&str]; 2] = [&["std", "process"], &["tokio", "process"]];

/// The one module that may use the network besides the adapters.
const POSTGRES: (&str, &[&str]) = ("probity-eval-runner", &["store", "postgres"]);

/// Returns where the sources of a crate name a path that starts with one of these.
fn breaches(found: &Crate, forbidden: &[&[&str]]) -> Vec<String> {
    breaches_in(sources::of(found), forbidden)
}

fn breaches_in(sources: impl IntoIterator<Item = Source>, forbidden: &[&[&str]]) -> Vec<String> {
    let starts = |path: &[String], start: &[&str]| {
        path.len() >= start.len() && path.iter().zip(start).all(|(a, b)| a == b)
    };
    let mut breaches = Vec::new();
    for source in sources {
        let paths = sources::paths(&source.syntax).into_iter();
        let wrong = paths.filter(|path| forbidden.iter().any(|start| starts(path, start)));
        breaches
            .extend(wrong.map(|path| format!("{}: {}", source.file.display(), path.join("::"))));
    }
    breaches
}

#[track_caller]
fn check_unused(found: &Crate, forbidden: &[&[&str]]) {
    check_none(found, &breaches(found, forbidden));
}

#[track_caller]
fn check_none(found: &Crate, breaches: &[String]) {
    assert!(breaches.is_empty(), "{} must not use:\n{}", found.name, breaches.join("\n"));
}

#[test]
fn files_are_seen_where_they_are_used() {
    let crates = crates::all();
    let adapters = crates.iter().find(|found| found.name == "probity-adapters");
    let breaches = breaches(adapters.expect("the adapters"), &FILES);
    let [one] = &breaches[..] else {
        panic!("one place of the adapters reads files: {breaches:?}")
    };
    assert!(one.ends_with("results.rs: std::fs"), "{one}");
}

#[test]
fn only_the_runner_the_command_and_the_adapters_use_files() {
    let allowed = ["probity-eval-runner", "probity-cli", "probity-adapters"];
    for found in crates::all() {
        if !allowed.contains(&found.name.as_str()) {
            check_unused(&found, &FILES);
        }
    }
}

#[test]
fn only_the_adapters_and_the_store_on_postgresql_use_the_network() {
    for found in crates::all().iter().filter(|found| found.name != "probity-adapters") {
        let may = |source: &Source| {
            let module = source.module.iter().take(2).map(String::as_str);
            found.name == POSTGRES.0 && module.eq(POSTGRES.1.iter().copied())
        };
        let (exempt, others): (Vec<_>, Vec<_>) = sources::of(found).into_iter().partition(may);
        check_none(found, &breaches_in(others, &NETWORK));
        if found.name == POSTGRES.0 {
            assert!(!breaches_in(exempt, &NETWORK).is_empty(), "it needs no exception any more");
        }
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

#[test]
fn the_statistics_know_no_type_of_probity() {
    for found in crates::all().iter().filter(|found| found.name == "probity-eval-runner") {
        let sources = sources::of(found).into_iter();
        let mut stats =
            sources.filter(|source| source.module.first().is_some_and(|m| m == "stats"));
        let mut seen = 0;
        for source in stats.by_ref() {
            seen += 1;
            for path in sources::paths(&source.syntax) {
                let outside = path[0].starts_with("probity")
                    || path[0] == "crate" && path.get(1).is_some_and(|module| module != "stats");
                assert!(!outside, "{} uses {}", source.file.display(), path.join("::"));
            }
        }
        assert!(seen > 0, "the statistics have moved");
    }
}
