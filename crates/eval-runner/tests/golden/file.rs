//! The golden file: where it is, and how a block of it is read.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
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
    let mut blocks = read();
    let block = blocks.get_mut(name).unwrap_or_else(|| panic!("no block {name}")).take();
    let block: Block<V> =
        serde_json::from_value(block).unwrap_or_else(|error| panic!("block {name}: {error}"));
    assert!(!block.vectors.is_empty(), "block {name} is empty");
    println!("{name}: {} vectors", block.vectors.len());
    block
}

/// Returns the names of the blocks, what the file says of itself left out.
pub(crate) fn names() -> Vec<String> {
    let blocks = read();
    let blocks = blocks.as_object().expect("the file holds blocks");
    blocks.keys().filter(|name| *name != "meta").cloned().collect()
}

fn read() -> Value {
    let path = golden_file();
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    serde_json::from_str(&text).expect("the file is JSON")
}

/// Finds the file; a relative `PROBITY_GOLDEN` may start at the crate or at the workspace.
pub(crate) fn golden_file() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(named) = std::env::var_os("PROBITY_GOLDEN").map(PathBuf::from) else {
        return here.join("tests/data/golden.json");
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

/// Reads `num/den`.
pub(crate) fn fraction(text: &str) -> f64 {
    let (num, den) = text.split_once('/').expect("a fraction");
    num.parse::<f64>().expect("a number") / den.parse::<f64>().expect("a number")
}
