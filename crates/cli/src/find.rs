//! Finds runs by what users call them.

use probity_eval_runner::{
    facts::RunFacts,
    store::{RunId, RunQuery, RunStore, RunSummary},
};

use crate::{error::CliError, run_words::short};

/// The latest run of all.
const LATEST: &str = "latest";

/// So many runs are read together.
const RUNS: u32 = 256;

/// So many runs are offered where a text means several.
const OFFERED: usize = 5;

/// Finds a run by its identifier or the beginning of it, by its name, as a baseline, by its suite, or as the latest.
pub(crate) async fn find(store: &dyn RunStore, text: &str) -> Result<RunId, CliError> {
    if let Ok(run) = text.parse() {
        return Ok(store.run(run).await?.id);
    }
    if let Some(run) = store.baseline(text).await? {
        return Ok(run);
    }
    let newest = |query: RunQuery| async move {
        let runs = store.runs(&query.limit(1)).await?;
        Ok::<_, CliError>(runs.first().map(|run| run.id))
    };
    if let Some(run) = newest(RunQuery::new().name(text)).await? {
        return Ok(run);
    }
    if text == LATEST {
        let latest = newest(RunQuery::new()).await?;
        let none = || CliError::usage(format!("the store {} has no runs", store.place()));
        return latest.ok_or_else(none);
    }
    if let Some(run) = newest(RunQuery::new().suite(text)).await? {
        return Ok(run);
    }
    by_beginning(store, text).await
}

/// Finds a run, and reads what it came to.
pub(crate) async fn facts(store: &dyn RunStore, text: &str) -> Result<RunFacts, CliError> {
    let run = find(store, text).await?;
    Ok(RunFacts::read(store, run).await?)
}

async fn by_beginning(store: &dyn RunStore, text: &str) -> Result<RunId, CliError> {
    let mut found = Vec::new();
    let mut query = RunQuery::new().limit(RUNS);
    loop {
        let runs = store.runs(&query).await?;
        let Some(last) = runs.last() else { break };
        query = query.before(last.id);
        found.extend(runs.into_iter().filter(|run| run.id.to_string().starts_with(text)));
    }
    match found.as_slice() {
        [] => Err(CliError::usage(format!(
            "the store {} has no run, baseline or suite {text:?}; `probity runs` lists the runs",
            store.place()
        ))),
        [run] => Ok(run.id),
        several => Err(CliError::usage(ambiguous(text, several))),
    }
}

fn ambiguous(text: &str, runs: &[RunSummary]) -> String {
    let offered: Vec<String> = runs.iter().take(OFFERED).map(|run| short(run.id)).collect();
    let more = match runs.len().saturating_sub(OFFERED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{text:?} is the beginning of several runs: {}{more}", offered.join(", "))
}
