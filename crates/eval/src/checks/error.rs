//! Why a check could not judge.

use probity_trace::{CaptureStatus, Dropped};

use super::shortlist::Shortlist;
use crate::score::InvalidScore;

/// Why a check gave no report.
///
/// All checks have this error, so that they fit into one list. It says that the trace cannot tell, which
/// is not the same as failed: an artifact that is wrong, empty or in another format is reported, and
/// fails.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// Nothing was recorded, so nothing can be said about what happened.
    #[error("trace holds nothing to judge: {status}")]
    NotRecorded {
        /// Why nothing was recorded.
        status: CaptureStatus,
    },
    /// What is looked for is not in the trace, but may be in what the capture dropped.
    #[error("trace is not complete, since the capture dropped {dropped}: raise its limits")]
    Incomplete {
        /// What was dropped.
        dropped: Dropped,
    },
    /// What is looked for is not in the trace, but may be in what the capture cut off.
    #[error(
        "{values} texts that tell of tool calls were cut, and may tell of more: raise \
         `max_field_bytes` of the capture's limits"
    )]
    Cut {
        /// How many texts were cut.
        values: usize,
    },
    /// The trace has no model call, so nothing can be said about what model calls used.
    #[error("trace has no model call: see `probity_trace::genai` for what is read as one")]
    NoModelCalls,
    /// Some model calls did not report how many tokens they used.
    #[error("{unknown} of {calls} model calls did not report how many tokens they used")]
    UnknownUsage {
        /// How many did not.
        unknown: usize,
        /// The number of all model calls.
        calls: usize,
    },
    /// The cost of some model calls is not known.
    #[error(
        "{unknown} of {calls} model calls have no price, or did not report how many tokens they used: \
         {models}"
    )]
    UnknownCost {
        /// How many have no cost.
        unknown: usize,
        /// The number of all model calls.
        calls: usize,
        /// The models of these calls, each once.
        models: Shortlist<String>,
    },
    /// The arguments of calls that could decide were not recorded.
    #[error(
        "arguments of {unknown} of {calls} calls of {tool:?} were not recorded: let the emitter \
         capture content"
    )]
    UnknownArguments {
        /// The name of the tool.
        tool: String,
        /// How many have no arguments.
        unknown: usize,
        /// The number of all calls of the tool.
        calls: usize,
    },
    /// The arguments of calls that could decide were cut, or secrets in them masked, so that they cannot be
    /// compared.
    #[error(
        "arguments of {unknown} of {calls} calls of {tool:?} cannot be compared, since the capture cut \
         them or masked secrets in them"
    )]
    ArgumentsNotWhole {
        /// The name of the tool.
        tool: String,
        /// How many are not whole.
        unknown: usize,
        /// The number of all calls of the tool.
        calls: usize,
    },
    /// The pass mark that was set is not a score.
    #[error("check has an invalid pass mark")]
    PassMark(#[source] InvalidScore),
}
