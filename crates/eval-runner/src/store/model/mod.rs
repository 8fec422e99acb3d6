//! What a store holds, as plain data.

mod key;
mod manifest;
mod outcome_kind;
mod run;
mod run_id;
mod trial;

pub use key::{CaseTally, Page, TrialKey, TrialQuery, TrialState};
pub use manifest::{ManifestCase, RunManifest, Shard};
pub use outcome_kind::OutcomeKind;
pub use run::{EndReason, RunEnd, RunQuery, RunSummary};
pub use run_id::{InvalidRunId, RunId};
pub use trial::{PastAgent, PastTrial, Rescoring, Scores, Spending, StoredTrial, TrialSummary};
