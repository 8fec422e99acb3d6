//! What `peer-count` prints and `peer-bench` reads.

use serde::{Deserialize, Serialize};

use crate::sample::HeapUse;

/// The heap use of one run, and how many units it emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Units emitted.
    pub units: u64,
    /// Heap use of all of them.
    pub heap: HeapUse,
}
