//! Pure statistics: counts in, estimates and ranges out.
//!
//! This module knows nothing of traces, trials or reports, does no input or output, and is deterministic.
//! Words: `n` trials of one task ran, `c` of them passed; a metric asks for at least `m` passes of `k` fresh
//! trials.
//!
//! | question | function | source |
//! |---|---|---|
//! | how likely is it that at least m of k trials pass | [`m_of_k`] | Chen 2021, Yao 2024, Liu 2024 |
//! | which m is a share τ of k | [`gpass_threshold`] | Liu 2024 |
//! | which pass chance may one task have | [`wilson`], [`jeffreys`], [`clopper_pearson`], [`uniform_prior`] | Wilson 1927, Brown 2001, Clopper and Pearson 1934 |
//! | which m-of-k metric may one task have | [`one_task_metric`] | Wilson's ends, mapped |
//! | what is the mean over tasks, and its range for new tasks | [`task_mean`], [`effective_wilson`] | Wilson at an effective size |
//! | the same for tasks that come in groups | [`clustered`] | Miller 2024 |
//! | how much does a rerun of the same tasks move it, and its range for these tasks | [`rerun_variance`], [`rerun_range`] | unbiased identity, Wilson at an effective size |
//! | what does a uniform prior say of these tasks | [`posterior_mean`] | Bowyer 2025 |
//! | how many passes in a row show that p is high enough | [`success_run`] | the binomial at c = n |
//! | what do trials mean that could not be graded | [`Tally::read`] | three readings |
//! | which value do so many percent of the trials not exceed | [`percentile`] | the nearest rank |
//! | is a published row of pass^k possible, and which counts gave it | [`check_table`], [`Printed`] | whole numbers of tasks |
//! | how far apart are two agents, and may one be called better | [`compare`] | its own page |
//! | the same for many comparisons at once | [`many`] | its own page |
//! | how many tasks and trials separate two agents | [`planning`] | its own page |
//! | when may a run stop, and can it meet a gate at all | [`stopping`] | its own page |
//! | do trials depend on when they ran, and do they differ at all | [`drift`] | its own page |
//! | how far do raters agree, and what do a judge's verdicts say | [`agreement`] | its own page |
//!
//! A mean gets narrower ranges from more tasks before more trials, from [pairing](compare) two agents on the same
//! tasks and seeds, and from another agent's scores on many more tasks of the kind: [`agreement::ppi_mean`] takes those
//! as verdicts on the tasks that were not run.

pub mod agreement;
pub mod compare;
pub mod drift;
pub mod many;
pub mod planning;
pub mod stopping;

mod beta;
mod binomial;
mod check_table;
mod clustered;
mod confidence;
mod counts;
mod effective_wilson;
mod histograms;
mod interval;
mod loader;
mod m_of_k;
mod one_task;
mod percentile;
mod posterior;
mod printed;
mod quantile;
mod random;
mod real;
mod rerun;
mod rerun_range;
mod spread;
mod success_run;
mod sum;
mod tail_integral;
mod task_mean;
mod threshold;
mod urn;

pub use check_table::{Misfit, TableCheck, TableError, check_table};
pub use clustered::{Clustered, clustered};
pub use confidence::{Confidence, ConfidenceError};
pub use counts::{Counts, Reading, Tally};
pub use effective_wilson::{EffectiveWilson, effective_wilson};
pub use interval::Interval;
pub use m_of_k::{MAX_TERMS, MOfK, MOfKError, m_of_k, m_of_k_counted};
pub use one_task::{
    OneTaskError, clopper_pearson, jeffreys, one_task_metric, uniform_prior, wilson,
};
pub use percentile::percentile;
pub use posterior::{Posterior, posterior_mean};
pub use printed::{Printed, PrintedError};
pub(crate) use random::Random;
pub(crate) use real::{count_of, real};
pub use rerun::{Rerun, rerun_variance};
pub use rerun_range::rerun_range;
pub use success_run::{SuccessRunError, success_run};
pub use task_mean::{Spread, TaskMean, task_mean};
pub use threshold::{Threshold, ThresholdError, gpass_threshold};
