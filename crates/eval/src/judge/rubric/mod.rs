//! The judge that rates an artifact by named criteria.

mod criterion;
mod error;
mod judge;
mod keys;
mod prompt;
mod read;
mod report;
mod schema;

pub use self::{
    criterion::Criterion,
    error::InvalidRubric,
    judge::RubricJudge,
    report::{CriterionReport, RubricReport},
};
