//! What the methods of [`PureEvalExt`](crate::PureEvalExt) and [`EvalExt`](crate::EvalExt) return.
//!
//! Each is an eval of the same kind as its parts: a `PureEval` over pure evals, an `Eval` over async
//! ones.

mod after;
mod all_of;
mod and_then;
mod any_of;
mod boxed;
mod combine;
mod contramap_artifact;
mod contramap_artifact_owned;
mod group;
#[cfg(test)]
mod group_laws;
mod in_words;
mod lift;
mod map_error;
mod map_report;
mod named;
mod or_else;
mod scored_by;
mod self_scored;
mod weighted;

pub use self::{
    all_of::{AllOf, all_of},
    and_then::AndThen,
    any_of::{AnyOf, any_of},
    boxed::{BoxEval, BoxPureEval},
    combine::Combine,
    contramap_artifact::ContramapArtifact,
    contramap_artifact_owned::ContramapArtifactOwned,
    group::{GroupError, Part},
    in_words::InWords,
    lift::Lift,
    map_error::MapError,
    map_report::MapReport,
    named::Named,
    or_else::OrElse,
    scored_by::ScoredBy,
    self_scored::SelfScored,
    weighted::{Weighted, weighted},
};
