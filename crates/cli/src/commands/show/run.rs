//! Shows a run: what it was, its report, and its cases.

use probity_eval_runner::{
    facts::{CaseFacts, RunFacts},
    report::Report,
    store::{RunId, RunManifest, RunStore},
    trials::TrialLimits,
};

use crate::{
    error::CliError,
    run_words,
    table::{self, Align, Column},
    target::Out,
};

const COLUMNS: [Column; 8] = [
    ("case", Align::Left),
    ("group", Align::Left),
    ("passed", Align::Right),
    ("failed", Align::Right),
    ("not graded", Align::Right),
    ("mean time", Align::Right),
    ("tokens", Align::Right),
    ("cost", Align::Right),
];

pub(super) async fn show(store: &dyn RunStore, run: RunId, out: Out<'_>) -> Result<(), CliError> {
    let manifest = store.manifest(run).await?;
    let facts = RunFacts::read(store, run).await?;
    head(&manifest, &facts, out)?;
    match Report::of(&facts) {
        Ok(report) => writeln!(out, "\n{report}\n")?,
        Err(error) => writeln!(out, "\n{error}\n")?,
    }
    table::write(out, &COLUMNS, facts.cases.iter().map(row))?;
    Ok(())
}

fn head(manifest: &RunManifest, facts: &RunFacts, out: Out<'_>) -> Result<(), CliError> {
    let mut line = |key: &str, value: String| {
        if value.is_empty() {
            return Ok(());
        }
        writeln!(out, "{key:<9} {}", table::on_one_line(&value))
    };
    line("run", manifest.id.to_string())?;
    line("suite", manifest.suite.clone())?;
    line("name", manifest.name.clone().unwrap_or_default())?;
    let labels = manifest.labels.iter().map(|(key, value)| format!("{key}={value}"));
    line("labels", labels.collect::<Vec<_>>().join(" "))?;
    line("created", format!("{} UTC", run_words::time(manifest.created_at)))?;
    line("state", run_words::end(facts.end.as_ref()))?;
    let part =
        |shard: probity_eval_runner::store::Shard| format!("{} of {}", shard.index, shard.count);
    line("part", manifest.shard.map(part).unwrap_or_default())?;
    line("seed", manifest.seed.to_string())?;
    let agent = manifest.agent_version.clone().unwrap_or_else(|| manifest.agent.to_string());
    line("agent", agent)?;
    line("evals", manifest.evals.to_string())?;
    line("scores", to_rescore(facts))?;
    line("limits", manifest.limits.map(limits).unwrap_or_default())?;
    line(
        "settings",
        match &manifest.settings {
            serde_json::Value::Null => String::new(),
            settings => settings.to_string(),
        },
    )?;
    Ok(())
}

/// What one attempt at a trial might use, in words.
fn limits(limits: TrialLimits) -> String {
    let limits = [
        limits.time.map(|limit| format!("{limit:?}")),
        limits.tokens.map(|limit| format!("{limit} tokens")),
        limits.cost_usd.map(|limit| format!("${limit}")),
    ];
    limits.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Says how many trials are still to be scored anew, if any are.
fn to_rescore(facts: &RunFacts) -> String {
    match facts.to_rescore() {
        0 => String::new(),
        1 => "1 trial is still to be scored by these evals; --resume scores it anew".to_owned(),
        trials => format!(
            "{trials} trials are still to be scored by these evals; --resume scores them anew"
        ),
    }
}

fn row(case: &CaseFacts) -> Vec<String> {
    let trials = case.seconds().len();
    #[expect(clippy::cast_precision_loss, reason = "so many trials nobody runs")]
    let mean = (trials > 0).then(|| case.seconds().sum::<f64>() / trials as f64);
    let spent = case.spent.plus(case.judging);
    vec![
        case.id.clone(),
        case.group.clone().unwrap_or_default(),
        case.tally.passed.to_string(),
        case.tally.failed.to_string(),
        case.tally.not_graded.to_string(),
        mean.map_or("-".to_owned(), |mean| {
            run_words::seconds(std::time::Duration::try_from_secs_f64(mean).unwrap_or_default())
        }),
        spent.tokens().to_string(),
        run_words::cost(spent),
    ]
}
