//! Shows a trial: how it was scored, what was made, and what was done.

use probity_eval_runner::{
    store::{PastTrial, RunId, RunStore, StoredTrial, TrialKey},
    suite::{Judgment, Verdict},
};

use crate::{error::CliError, run_words, target::Out};

pub(super) async fn show(
    store: &dyn RunStore,
    run: RunId,
    key: &TrialKey,
    out: Out<'_>,
) -> Result<(), CliError> {
    let Some(trial) = store.trial(run, key).await? else {
        return Err(CliError::usage(format!("{key} has not finished in run {run}")));
    };
    head(&trial, out)?;
    for past in store.history(run, key).await? {
        writeln!(out, "before    {}", before(&past))?;
    }
    for judgment in &trial.summary.scores.judgments {
        judged(judgment, out)?;
    }
    if let Some(artifact) = &trial.artifact {
        writeln!(out, "\nartifact\n{}", serde_json::to_string_pretty(artifact)?)?;
    }
    writeln!(out, "\nwhat the agent did\n{}", trial.trace)?;
    if let Some(raw) = &trial.raw {
        let entries = raw.entries.len();
        writeln!(out, "\n{entries} raw entries went over the wire; `probity export` writes them")?;
    }
    if let Some(trace) = &trial.eval_trace {
        writeln!(out, "\nwhat the evals did\n{trace}")?;
    }
    Ok(())
}

fn head(trial: &StoredTrial, out: Out<'_>) -> Result<(), CliError> {
    let summary = &trial.summary;
    let (started, took) =
        (run_words::time(summary.started_at), run_words::seconds(summary.duration));
    writeln!(out, "{} trial {}", summary.key.case, summary.key.index)?;
    writeln!(out, "outcome   {}", summary.scores.outcome)?;
    writeln!(out, "seed      {}", summary.seed)?;
    writeln!(out, "started   {started} UTC, took {took}, attempts: {}", summary.attempts)?;
    for (who, spent) in [("agent", summary.spent), ("evals", summary.scores.spent)] {
        let (tokens, cost) = (spent.tokens(), run_words::cost(spent));
        if tokens > 0 || spent.cost_usd.is_some() {
            writeln!(out, "{who:<9} {tokens} tokens, {cost}")?;
        }
    }
    Ok(())
}

fn before(past: &PastTrial) -> String {
    let why = if past.agent.is_some() { "it was run again" } else { "it was scored anew" };
    let at = run_words::time(past.superseded_at);
    format!("{}, until {why} at {at} UTC", past.summary.scores.outcome)
}

fn judged(judgment: &Judgment, out: Out<'_>) -> Result<(), CliError> {
    match &judgment.verdict {
        Verdict::Scored { score, passed, report, .. } => {
            let word = if *passed { "passed" } else { "failed" };
            let report = serde_json::to_string(report)?;
            writeln!(out, "eval      {}: {word}, score {score}, {report}", judgment.eval)?;
        }
        Verdict::NotGraded { reason, .. } => {
            writeln!(out, "eval      {}: not graded, {reason}", judgment.eval)?;
        }
        _ => {}
    }
    Ok(())
}
