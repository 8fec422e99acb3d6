//! What a run came to, trial by trial, without what is large: what reports and gates are made of.
//!
//! [`RunFacts`] are read from a store, page by page, or taken from a run in memory. A trial takes a few bytes, so a
//! million of them fit.

mod case;
mod read;
mod report;
mod run;
mod trial;

pub use case::CaseFacts;
pub use run::RunFacts;
pub use trial::TrialFacts;
