//! A suite: cases, an agent, and evals that judge what it makes.

mod answer;
mod build;
mod fingerprint;
mod graded;

pub use answer::Answer;
pub use build::{Suite, SuiteDraft, SuiteError};
pub use fingerprint::{Fingerprint, Fingerprints};
pub use graded::{EvalName, Judgment, Verdict, outcome};
