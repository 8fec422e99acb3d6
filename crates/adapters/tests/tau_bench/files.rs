//! The files that the tests read.

use std::path::PathBuf;

use probity_adapters::tau_bench::Results;
use serde_json::{Value, json};

/// Returns the path of a committed fixture.
pub(crate) fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tau-bench").join(name)
}

/// Returns four real records.
pub(crate) fn four_records() -> Results {
    Results::read(fixture("airline.gpt-4o.4records.json")).expect("the fixture is well-formed")
}

/// Returns the made-up record of a harness that raised an exception.
pub(crate) fn error_record() -> Results {
    Results::read(fixture("error-record.shape-only.json")).expect("the fixture is well-formed")
}

/// Returns a record that passed, to be changed by the test.
pub(crate) fn passed_record() -> Value {
    json!({
        "task_id": 7,
        "trial": 0,
        "reward": 1.0,
        "info": {"reward_info": {"reward": 1.0}},
        "traj": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "Hello."},
            {"role": "assistant", "content": "Hello to you."},
        ],
    })
}
