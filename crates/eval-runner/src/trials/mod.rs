//! Running trials: one case k times, or many cases k times each.

mod agent;
mod classify;
mod current;
mod drive;
mod k_metric;
mod k_trials;
mod launch;
mod limits;
mod model_calls;
mod not_graded;
mod one_trial;
mod outcome;
mod record;
mod run;
mod run_trials;
mod seed;
mod settings;
mod timed;

pub use agent::TrialError;
pub(crate) use classify::{Ended, classify};
pub use current::{InTrial, Trial};
pub use k_metric::KMetric;
pub use k_trials::{KFuture, KMetricError, KTrials, pass_at_k, pass_hat_k};
pub use limits::TrialLimits;
pub use not_graded::NotGraded;
pub use outcome::{Failure, Outcome};
pub use record::TrialRecord;
pub use run::{CaseRun, TrialRun};
pub use run_trials::{RunFuture, RunTrials, RunTrialsError, run_trials};
pub use seed::trial_seed;
pub use settings::{DEFAULT_CONCURRENCY, SettingsError};
pub(crate) use timed::{OutOfTime, Timed};
