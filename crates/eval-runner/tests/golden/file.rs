//! The golden file: where it is, and how a block of it is read.

use serde::{Deserialize, de::DeserializeOwned};
use std::path::{Path, PathBuf};

/// One block of vectors, with the tolerance that it states.
#[derive(Deserialize)]
pub(crate) struct Block<V> {
    pub(crate) tol_rel: Option<f64>,
    pub(crate) tol_abs: Option<f64>,
    pub(crate) vectors: Vec<V>,
}

/// Reads a block of the golden file; a missing or empty one fails the test.
#[track_caller]
pub(crate) fn block<V: DeserializeOwned>(name: &str) -> Block<V> {
    read(&golden_file(), name)
}

/// Reads a block of the copy in the repository, whatever `PROBITY_GOLDEN` says.
#[track_caller]
pub(crate) fn stored_block<V: DeserializeOwned>(name: &str) -> Block<V> {
    read(&stored_file(), name)
}

#[track_caller]
fn read<V: DeserializeOwned>(path: &Path, name: &str) -> Block<V> {
    let text = std::fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    let mut blocks: serde_json::Value = serde_json::from_str(&text).expect("the file is JSON");
    let block = blocks.get_mut(name).unwrap_or_else(|| panic!("no block {name}")).take();
    let block: Block<V> =
        serde_json::from_value(block).unwrap_or_else(|error| panic!("block {name}: {error}"));
    assert!(!block.vectors.is_empty(), "block {name} is empty");
    println!("{name}: {} vectors", block.vectors.len());
    block
}

fn stored_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/golden.json")
}

/// Finds the file; a relative `PROBITY_GOLDEN` may start at the crate or at the workspace.
fn golden_file() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(named) = std::env::var_os("PROBITY_GOLDEN").map(PathBuf::from) else {
        return stored_file();
    };
    let from_workspace = here.join("../..").join(&named);
    if !named.exists() && from_workspace.exists() {
        return from_workspace;
    }
    named
}

/// Checks a value within an absolute tolerance, scaled up for values above 1.
#[track_caller]
pub(crate) fn near(got: f64, want: f64, tolerance: f64, what: &str) {
    let allowed = tolerance * want.abs().max(1.0);
    assert!((got - want).abs() <= allowed, "{what}: got {got:e}, want {want:e}");
}
