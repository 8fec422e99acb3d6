//! Shows the trials of a case.

use probity_eval_runner::store::{Page, RunId, RunStore, TrialQuery, TrialSummary};

use crate::{
    error::CliError,
    run_words,
    table::{self, Align, Column},
    target::Out,
};

/// So many trials are read together.
const PAGE: u32 = 1_024;

const COLUMNS: [Column; 7] = [
    ("trial", Align::Right),
    ("seed", Align::Right),
    ("time", Align::Right),
    ("tokens", Align::Right),
    ("cost", Align::Right),
    ("attempts", Align::Right),
    ("outcome", Align::Left),
];

pub(super) async fn show(
    store: &dyn RunStore,
    run: RunId,
    case: &str,
    out: Out<'_>,
) -> Result<(), CliError> {
    known(store, run, case).await?;
    let mut rows = Vec::new();
    let mut page = Page::first(PAGE);
    loop {
        let trials = store.trials(run, &TrialQuery::new(page.clone()).case(case)).await?;
        rows.extend(trials.iter().map(row));
        let Some(last) = trials.last() else { break };
        page = page.after(last.key.clone());
    }
    if rows.is_empty() {
        writeln!(out, "no trial of case {case:?} has finished")?;
        return Ok(());
    }
    table::write(out, &COLUMNS, rows)?;
    Ok(())
}

/// Refuses a case that the run does not have, with those that are like it.
async fn known(store: &dyn RunStore, run: RunId, case: &str) -> Result<(), CliError> {
    let manifest = store.manifest(run).await?;
    if manifest.cases.iter().any(|known| known.id == case) {
        return Ok(());
    }
    let holds = |known: &&str| known.contains(case);
    let all: Vec<&str> = manifest.cases.iter().map(|known| known.id.as_str()).collect();
    let like: Vec<&str> = all.iter().copied().filter(holds).take(5).collect();
    let offered = if like.is_empty() { all.into_iter().take(5).collect() } else { like };
    Err(CliError::usage(format!("run {run} has no case {case:?}; it has {}", offered.join(", "))))
}

fn row(trial: &TrialSummary) -> Vec<String> {
    let spent = trial.spent.plus(trial.scores.spent);
    vec![
        trial.key.index.to_string(),
        trial.seed.to_string(),
        run_words::seconds(trial.duration),
        spent.tokens().to_string(),
        run_words::cost(spent),
        trial.attempts.to_string(),
        trial.scores.outcome.to_string(),
    ]
}
