//! Lists runs.

use std::collections::HashMap;

use clap::Args;
use probity_eval_runner::store::{
    self, EndReason, RunId, RunQuery, RunStore, RunSummary, StoreError,
};

use crate::{
    error::CliError,
    run_words,
    table::{self, Align, Column},
    target::Out,
};

/// Which runs to list.
#[derive(Debug, Args)]
pub(crate) struct Runs {
    /// Only runs of this suite
    #[arg(long)]
    suite: Option<String>,

    /// Only runs of this name
    #[arg(long)]
    name: Option<String>,

    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
}

const COLUMNS: [Column; 10] = [
    ("run", Align::Left),
    ("created (UTC)", Align::Left),
    ("suite", Align::Left),
    ("agent", Align::Left),
    ("name", Align::Left),
    ("cases × trials", Align::Right),
    ("passed", Align::Right),
    ("not graded", Align::Right),
    ("missing", Align::Right),
    ("state", Align::Left),
];

impl Runs {
    /// Writes a line for each run.
    pub(super) async fn run(self, place: &str, out: Out<'_>) -> Result<(), CliError> {
        let store = store::open_read_only(place).await?;
        let mut query = RunQuery::new().limit(self.limit);
        (query.suite, query.name) = (self.suite, self.name);
        let runs = store.runs(&query).await?;
        let mut names: HashMap<RunId, Vec<String>> = HashMap::new();
        for (name, run) in store.baselines().await? {
            names.entry(run).or_default().push(name);
        }
        if runs.is_empty() {
            let others = store.runs(&RunQuery::new().limit(1)).await?;
            let (wanted, place) = (wanted(&query), store.place());
            let hint = if others.is_empty() { "" } else { "; `probity runs` lists the others" };
            writeln!(out, "no runs{wanted} in {place}{hint}")?;
            return Ok(());
        }
        let is_full = runs.len() as u64 == u64::from(self.limit);
        let mut rows = Vec::with_capacity(runs.len());
        for run in &runs {
            let to_rescore = to_rescore(&*store, run).await?;
            rows.push(row(run, to_rescore, names.get(&run.id)));
        }
        table::write(out, &COLUMNS, rows)?;
        if is_full {
            writeln!(out, "\nthe newest {}; more with --limit", self.limit)?;
        }
        Ok(())
    }
}

/// Counts the trials that are still to be scored anew. A run that has ended with all that it needed has none.
async fn to_rescore(store: &dyn RunStore, run: &RunSummary) -> Result<u64, StoreError> {
    match run.end.as_ref().map(|end| &end.reason) {
        Some(EndReason::Complete | EndReason::Decided(_)) => Ok(0),
        _ => store.to_rescore(run.id).await,
    }
}

/// Says which runs were asked for.
fn wanted(query: &RunQuery) -> String {
    let said = [("of suite", &query.suite), ("named", &query.name)];
    let said = said.into_iter().filter_map(|(word, name)| {
        let name = name.as_ref()?;
        Some(format!(" {word} {name:?}"))
    });
    said.collect()
}

fn row(run: &RunSummary, to_rescore: u64, baselines: Option<&Vec<String>>) -> Vec<String> {
    let planned = run.cases * u64::from(run.trials);
    let planned = run.shard.map_or(planned, |shard| shard.share_of(planned));
    let part = run.shard.map(|shard| format!(", part {} of {}", shard.index, shard.count));
    let baseline = baselines.map(|names| format!(", baseline {}", names.join(", ")));
    let rescoring = (to_rescore > 0).then(|| format!(", {to_rescore} still to be scored anew"));
    let state = run_words::end(run.end.as_ref());
    let passed = match run.tally.trials() {
        0 => "-".to_owned(),
        trials => format!("{} of {trials}", run.tally.passed),
    };
    vec![
        run_words::short(run.id),
        run_words::time(run.created_at),
        run.suite.clone(),
        run.agent_version.clone().unwrap_or_else(|| run.agent.to_string()),
        run.name.clone().unwrap_or_default(),
        format!("{} × {}", run.cases, run.trials),
        passed,
        run.tally.not_graded.to_string(),
        planned.saturating_sub(run.tally.trials()).to_string(),
        format!(
            "{state}{}{}{}",
            rescoring.unwrap_or_default(),
            part.unwrap_or_default(),
            baseline.unwrap_or_default()
        ),
    ]
}
