//! Writes the trials of a run as JSON, one a line.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use probity_eval_runner::store::{
    self, OutcomeKind, Page, RunId, RunStore, Spending, StoredTrial, TrialQuery, TrialSummary,
};
use serde_json::{Value, json};

use crate::{
    error::CliError,
    find,
    target::{self, Out, TargetFile},
};

/// So many trials are read together.
const PAGE: u32 = 256;

/// What to write.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The run
    run: String,

    /// Only trials of this case
    #[arg(long)]
    case: Option<String>,

    /// Only trials that came to this
    #[arg(long, value_enum)]
    outcome: Option<Wanted>,

    /// Leave out artifacts and traces
    #[arg(long)]
    brief: bool,

    /// The file to write to
    #[arg(long, short, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

/// An outcome to ask for.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Wanted {
    Passed,
    Failed,
    NotGraded,
}

impl Export {
    /// Writes the trials.
    pub(super) async fn run(mut self, place: &str, out: Out<'_>) -> Result<(), CliError> {
        let store = store::open_read_only(place).await?;
        let run = find::find(&*store, &self.run).await?;
        if let Some(case) = &mut self.case {
            *case = find::case(&*store, run, case).await?;
        }
        if target::is_stdout(&self.output) {
            return self.write(&*store, run, out).await;
        }
        let mut file = TargetFile::create(&self.output)?;
        self.write(&*store, run, &mut file).await?;
        file.close()?;
        writeln!(out, "written: {}", self.output.display())?;
        Ok(())
    }

    async fn write(&self, store: &dyn RunStore, run: RunId, out: Out<'_>) -> Result<(), CliError> {
        let mut page = Page::first(PAGE);
        loop {
            let mut query = TrialQuery::new(page.clone());
            query.case.clone_from(&self.case);
            query.outcome = self.outcome.map(|outcome| match outcome {
                Wanted::Passed => OutcomeKind::Passed,
                Wanted::Failed => OutcomeKind::Failed,
                Wanted::NotGraded => OutcomeKind::NotGraded,
            });
            let trials = store.trials(run, &query).await?;
            let Some(last) = trials.last() else { return Ok(()) };
            page = page.after(last.key.clone());
            for summary in &trials {
                let mut line = of_summary(run, summary)?;
                if !self.brief
                    && let Some(trial) = store.trial(run, &summary.key).await?
                {
                    add_content(&mut line, &trial)?;
                }
                serde_json::to_writer(&mut *out, &line)?;
                out.write_all(b"\n")?;
            }
        }
    }
}

fn of_summary(run: RunId, trial: &TrialSummary) -> Result<Value, CliError> {
    let outcome = &trial.scores.outcome;
    Ok(json!({
        "format": "probity-trial/1",
        "run": run.to_string(),
        "case": trial.key.case,
        "index": trial.key.index,
        "seed": trial.seed,
        "outcome": OutcomeKind::of(outcome).as_str(),
        "reason": if outcome.is_passed() { Value::Null } else { outcome.to_string().into() },
        "attempts": trial.attempts,
        "started_at": humantime::format_rfc3339_millis(trial.started_at).to_string(),
        "seconds": trial.duration.as_secs_f64(),
        "spent": spent(trial.spent)?,
        "judging": spent(trial.scores.spent)?,
        "judgments": serde_json::to_value(&trial.scores.judgments)?,
    }))
}

fn spent(spending: Spending) -> Result<Value, CliError> {
    Ok(serde_json::to_value(spending)?)
}

fn add_content(line: &mut Value, trial: &StoredTrial) -> Result<(), CliError> {
    let content = [
        ("artifact", trial.artifact.clone().unwrap_or_default()),
        ("trace", serde_json::to_value(&trial.trace)?),
        ("eval_trace", serde_json::to_value(&trial.eval_trace)?),
        ("raw", serde_json::to_value(&trial.raw)?),
    ];
    if let Some(line) = line.as_object_mut() {
        line.extend(content.map(|(key, value)| (key.to_owned(), value)));
    }
    Ok(())
}
