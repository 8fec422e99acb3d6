//! Golden vectors: every vector of a block holds within its tolerance.
//!
//! The vectors come from the file named by `PROBITY_GOLDEN`, else from `tests/data/golden.json`.

mod agreement;
mod compare;
mod file;
mod many;
mod metrics;
mod one_task;
mod plans;
mod published;
mod real_data;
mod tasks;

/// The blocks that the tests of this binary read; each fails where its block is missing or empty.
const TESTED: [&str; 24] = [
    "m_of_k",
    "m_of_k_large",
    "gpass_threshold",
    "errored_and_unequal",
    "interval_one_task",
    "interval_one_task_metric",
    "task_mean",
    "mcnemar",
    "paired_proportions",
    "paired_tasks",
    "power",
    "success_run",
    "sprt",
    "confidence_sequence",
    "cohen_kappa",
    "fleiss_ac1",
    "krippendorff",
    "rogan_gladen",
    "ppi_mean",
    "multiplicity",
    "cochran_q",
    "published_pass_hat",
    "published_scalar",
    "real_data",
];

#[test]
fn no_block_of_the_golden_file_is_without_a_test() {
    for name in file::names() {
        assert!(TESTED.contains(&name.as_str()), "no test reads block {name}");
    }
}
