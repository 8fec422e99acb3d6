//! The arrows between the crates, and what the lower ones may use.

use crate::crates::{self, Crate, Kind};

/// Each crate with those of the workspace that it may use. Adapters use the runner in their tests alone.
const ARROWS: [(&str, &[&str]); 7] = [
    ("probity-macros", &[]),
    ("probity-trace", &["probity-macros"]),
    ("probity-eval", &["probity-trace"]),
    ("probity-eval-runner", &["probity-trace", "probity-eval"]),
    ("probity-adapters", &["probity-trace", "probity-eval", "probity-eval-runner"]),
    ("probity-cli", &["probity-eval-runner"]),
    (
        "probity",
        &[
            "probity-macros",
            "probity-trace",
            "probity-eval",
            "probity-eval-runner",
            "probity-adapters",
        ],
    ),
];

/// What the lower crates may use besides. They know no model, no network, no file, and eval no
/// runtime either, so each addition is a decision.
const ALLOWED: [(&str, &[&str]); 3] = [
    ("probity-macros", &["proc-macro2", "quote", "syn"]),
    (
        "probity-trace",
        &[
            "futures-core", // The trait of streams, for functions that return one.
            "loom",         // Only where `cfg(probity_loom)` is set, for a model of the threads.
            "pin-project-lite",
            "quanta",
            "regex",
            "serde",
            "serde_json",
            "thiserror",
            "tokio",
            "tracing",
            "tracing-core",
            "tracing-subscriber",
        ],
    ),
    (
        "probity-eval",
        &[
            "async-trait",
            "backon", // The schedule of waits; the waiting is ours.
            "futures",
            "futures-timer", // A timer that needs no runtime.
            "governor",      // The arithmetic of limits per minute; the waiting is ours.
            "jsonschema",    // Without its features, which resolve references over the network.
            "pin-project-lite",
            "rapidfuzz",
            "regex",
            "schemars",
            "serde",
            "serde_json",
            "thiserror",
            "tracing",
        ],
    ),
];

/// The server that stands in for providers in tests, which any crate may start there.
const TEST_SERVER: &str = "probity-model-server";

fn own(names: &[String]) -> impl Iterator<Item = &str> {
    names.iter().map(String::as_str).filter(|name| name.starts_with("probity"))
}

fn find<'a>(crates: &'a [Crate], name: &str) -> &'a Crate {
    let found = crates.iter().find(|found| found.name == name);
    found.unwrap_or_else(|| panic!("there is no crate {name}"))
}

#[test]
fn the_crates_use_each_other_in_one_direction() {
    for found in crates::all() {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == found.name) else {
            panic!(
                "crate {} has no place in the order of the crates: give it one here",
                found.name
            );
        };
        let normal = found.dependencies(Kind::Normal);
        assert!(!own(&normal).any(|name| name == TEST_SERVER), "{} ships it", found.name);
        // Tests count too: a test that looks upward would make a circle of packages.
        let used = found.dependencies(Kind::WithTests);
        let others = own(&used).filter(|name| *name != found.name && *name != TEST_SERVER);
        for name in others {
            assert!(allowed.contains(&name), "{} must not depend on {name}", found.name);
        }
    }
}

#[test]
fn the_lower_crates_use_only_what_was_agreed() {
    let crates = crates::all();
    for (name, allowed) in ALLOWED {
        let used = find(&crates, name).dependencies(Kind::Normal);
        for dependency in used.iter().filter(|used| !used.starts_with("probity")) {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{name} depends on {dependency}, which is not on its list: it may use no model, \
                 network or file, and eval no runtime"
            );
        }
    }
}

#[test]
fn nothing_of_the_adapters_is_on_by_default() {
    let crates = crates::all();
    let default = |name: &str| {
        let features = &find(&crates, name).manifest["features"];
        features["default"].as_array().expect("a list of features").clone()
    };
    assert_eq!(default("probity-adapters"), []);
    // Those of the runner.
    assert_eq!(default("probity"), ["cli", "sqlite"].map(toml::Value::from));
    let adapters = &find(&crates, "probity-adapters").manifest;
    for (name, dependency) in adapters["dependencies"].as_table().expect("a table") {
        let optional = dependency.get("optional").and_then(toml::Value::as_bool);
        assert!(
            optional == Some(true) || name.starts_with("probity"),
            "probity-adapters builds {name} even with no feature enabled"
        );
    }
}

#[test]
fn every_crate_has_the_lints_of_the_workspace() {
    for found in crates::all() {
        let inherited = found.manifest["lints"]["workspace"].as_bool();
        assert_eq!(inherited, Some(true), "{}", found.name);
    }
}
