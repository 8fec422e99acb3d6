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
