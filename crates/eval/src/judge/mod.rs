//! Evals that ask a model for a verdict.
//!
//! [`JudgeEval`] asks any question and gives the answer as a type of your own. Over it are three that know
//! what to ask: [`RubricJudge`] rates one artifact by named criteria, [`PairwiseJudge`] compares two, and
//! [`Panel`] joins several judges into one verdict. What their numbers are worth is said in
//! [Judging with a model](crate::judging).

mod asking;
mod correction;
mod error;
mod evaluation;
mod exhibit;
mod fence;
mod judge_eval;
mod pairwise;
mod panel;
mod rubric;

pub use self::{
    error::JudgeError,
    exhibit::{Exhibit, Pair},
    judge_eval::JudgeEval,
    pairwise::{Ballot, PairwiseJudge, PairwiseReport, Position, Preference},
    panel::{Member, MemberReport, MemberVerdict, Panel, PanelError, PanelReport, PanelRule},
    rubric::{Criterion, CriterionReport, InvalidRubric, RubricJudge, RubricReport},
};
