//! Whether a run goes on with what a store holds.

use crate::store::RunId;

/// Whether a run goes on with what its store holds of an earlier one.
///
/// A run that goes on runs the trials that have not finished, and no other. If only the evals have changed, or their
/// versions, stored trials are scored anew and the agent is not run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resume {
    /// A new run is begun.
    #[default]
    Never,
    /// The latest run of the same suite, seed and part goes on; without one, a new run is begun. One that ran
    /// another agent or other cases is refused, with what differs.
    Latest,
    /// As [`Latest`](Self::Latest), but if the latest ran something else, a new run is begun.
    LatestOrNew,
    /// This run goes on.
    Run(RunId),
}
