//! Finds runs by what users call them.

use probity_eval_runner::{
    facts::RunFacts,
    select::nearest,
    store::{RunId, RunQuery, RunStore, RunSummary},
};

use crate::{error::CliError, run_words::short};

/// The latest run of all.
const LATEST: &str = "latest";

/// So many runs are read together.
const RUNS: u32 = 256;

/// So many names are offered where a text means none or several.
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

/// Returns all runs, or those of a suite, the newest first.
pub(crate) async fn all(
    store: &dyn RunStore,
    suite: Option<&str>,
) -> Result<Vec<RunSummary>, CliError> {
    let mut found = Vec::new();
    let mut query = RunQuery::new().limit(RUNS);
    query.suite = suite.map(str::to_owned);
    loop {
        let runs = store.runs(&query).await?;
        let Some(last) = runs.last() else { return Ok(found) };
        query = query.before(last.id);
        found.extend(runs);
    }
}

/// Finds a case of a run by its name, alone or after that of its suite as tests are called: `shop::refund-lamp`.
pub(crate) async fn case(store: &dyn RunStore, run: RunId, text: &str) -> Result<String, CliError> {
    let manifest = store.manifest(run).await?;
    let names: Vec<&str> = manifest.cases.iter().map(|case| case.id.as_str()).collect();
    let suite = format!("{}::", manifest.suite);
    let alone = text.strip_prefix(&suite);
    let found = [Some(text), alone].into_iter().flatten().find(|name| names.contains(name));
    if let Some(name) = found {
        return Ok(name.to_owned());
    }
    let near = nearest(alone.unwrap_or(text), names.iter().copied(), OFFERED);
    let offered = if near.is_empty() {
        format!("it has {}", some_of(&names))
    } else {
        format!("like it are {}", near.join(", "))
    };
    Err(CliError::usage(format!("run {run} has no case {text:?}; {offered}")))
}

async fn by_beginning(store: &dyn RunStore, text: &str) -> Result<RunId, CliError> {
    let runs = all(store, None).await?.into_iter();
    let found: Vec<_> = runs.filter(|run| run.id.to_string().starts_with(text)).collect();
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
    let runs: Vec<String> = runs.iter().map(|run| short(run.id)).collect();
    format!("{text:?} is the beginning of several runs: {}", some_of(&runs))
}

/// Returns the first of some names, and how many more there are.
fn some_of(names: &[impl AsRef<str>]) -> String {
    let offered: Vec<&str> = names.iter().take(OFFERED).map(AsRef::as_ref).collect();
    let more = match names.len().saturating_sub(OFFERED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", offered.join(", "))
}
