//! The judge that compares two artifacts.

mod judge;
mod prompt;
mod report;

pub use self::{
    judge::PairwiseJudge,
    report::{Ballot, PairwiseReport, Position, Preference},
};
