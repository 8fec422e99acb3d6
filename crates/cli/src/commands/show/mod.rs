//! Shows a run, a case of it, or a trial.

mod case;
mod run;
mod trial;

use clap::Args;
use probity_eval_runner::store::{self, TrialKey};

use crate::{error::CliError, find, target::Out};

/// What to show.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The run
    run: String,

    /// A case of the run, by its name or its name as a test: its trials
    case: Option<String>,

    /// A trial of the case, from 0: what was done in it
    trial: Option<u32>,
}

impl Show {
    /// Writes what is known of it.
    pub(super) async fn run(self, place: &str, out: Out<'_>) -> Result<(), CliError> {
        let store = store::open_read_only(place).await?;
        let run = find::find(&*store, &self.run).await?;
        let Some(case) = self.case else { return run::show(&*store, run, out).await };
        let case = find::case(&*store, run, &case).await?;
        match self.trial {
            None => case::show(&*store, run, &case, out).await,
            Some(index) => trial::show(&*store, run, &TrialKey::new(case, index), out).await,
        }
    }
}
