//! Makes rows out of runs and trials, on the caller's thread.

use std::{
    borrow::Cow,
    collections::HashSet,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use probity_trace::TraceSnapshot;
use sea_query::Value;
use serde::Serialize;

use super::{
    command::{ChangedCase, GoingOn, Key, NewRun, NewScores, NewTrial},
    index::RunIndex,
};
use crate::{
    store::{
        blob,
        error::StoreError,
        mask,
        model::{ManifestCase, OutcomeKind, Rescoring, RunManifest, Scores, Spending, StoredTrial},
    },
    suite::Judgment,
    trials::Outcome,
};

/// Makes the rows of a run.
pub(super) fn run(manifest: &RunManifest) -> Result<NewRun, StoreError> {
    let mut ids = HashSet::new();
    if let Some(twice) = manifest.cases.iter().find(|case| !ids.insert(case.id.as_str())) {
        let reason = format!("case {:?} occurs twice", twice.id);
        return Err(StoreError::BadRun { run: manifest.id, reason });
    }
    let cases = (0_i64..).zip(&manifest.cases).map(|(no, case)| {
        Ok(vec![
            Value::from(no),
            Value::from(case.id.as_str()),
            Value::from(case.fingerprint.as_str()),
            Value::from(case.group.clone()),
            tags(case)?,
        ])
    });
    let cases: Vec<_> = cases.collect::<Result<_, StoreError>>()?;
    let row = vec![
        ("id", Value::from(manifest.id.to_string())),
        ("suite", Value::from(manifest.suite.as_str())),
        ("name", Value::from(manifest.name.clone())),
        ("agent", Value::from(manifest.agent.as_str())),
        ("evals", Value::from(manifest.evals.as_str())),
        ("cases", Value::from(i64::try_from(manifest.cases.len()).unwrap_or(i64::MAX))),
        ("trials", Value::from(i64::from(manifest.trials))),
        ("created_at", Value::from(unix_nanos(manifest.created_at))),
        ("manifest", without_cases(manifest)?),
    ];
    Ok(NewRun { row, cases })
}

/// Makes what has changed of a run, as it was before and as it goes on.
///
/// The column of the evals stays, since it says what scored the trials that name none.
pub(super) fn going_on(
    run: &RunIndex,
    before: RunManifest,
    now: &RunManifest,
) -> Result<GoingOn, StoreError> {
    let pairs = (0_i64..).zip(before.cases.iter().zip(&now.cases));
    let changed = pairs.filter(|(_, (before, now))| before != now).map(|(no, (_, now))| {
        let row = vec![("group_name", Value::from(now.group.clone())), ("tags", tags(now)?)];
        Ok(ChangedCase { key: [run.no, no], row })
    });
    let cases = changed.collect::<Result<_, StoreError>>()?;
    let going_on = RunManifest { trials: now.trials, evals: now.evals.clone(), ..before };
    let row = vec![
        ("trials", Value::from(i64::from(now.trials))),
        ("manifest", without_cases(&going_on)?),
    ];
    Ok(GoingOn { run: now.id, row, cases })
}

/// Writes a manifest as JSON without its cases, which have a table of their own.
fn without_cases(manifest: &RunManifest) -> Result<Value, StoreError> {
    let light = RunManifest { cases: Vec::new(), ..manifest.clone() };
    let light = serde_json::to_value(&light)
        .map_err(|error| StoreError::unstorable("the manifest of a run", error))?;
    Ok(Value::from(mask::json(&light).to_string()))
}

fn tags(case: &ManifestCase) -> Result<Value, StoreError> {
    let tags = (!case.tags.is_empty()).then(|| json("tags", &case.tags));
    Ok(Value::from(tags.transpose()?))
}

/// Makes the rows of a trial.
pub(super) fn trial(run: &RunIndex, key: Key, trial: &StoredTrial) -> Result<NewTrial, StoreError> {
    let summary = &trial.summary;
    let (scores, spent) = (&summary.scores, &summary.spent);
    let kind = OutcomeKind::of(&scores.outcome);
    let tokens = |count: Option<u64>| Value::from(count.map(whole));
    let mut row = Vec::with_capacity(18);
    row.extend(key.map(Value::from));
    row.extend([
        Value::from(i64::from(summary.attempts)),
        Value::from(kind.as_str()),
        Value::from(detail(&scores.outcome)?),
        // The same bits: SQL knows no unsigned numbers.
        Value::from(summary.seed.cast_signed()),
        Value::from(unix_nanos(summary.started_at)),
        Value::from(nanos(summary.duration)),
        tokens(spent.usage.input_tokens),
        tokens(spent.usage.output_tokens),
        tokens(spent.usage.cache_read_input_tokens),
        tokens(spent.usage.cache_write_input_tokens),
        tokens(spent.usage.reasoning_output_tokens),
        Value::from(spent.cost_usd),
        Value::from(i64::from(spent.unpriced_calls)),
        evals(run, scores),
        eval_spent(&scores.spent)?,
    ]);
    let artifact =
        trial.artifact.as_ref().map(|artifact| blob::write("an artifact", &mask::json(artifact)));
    let mut body = Vec::with_capacity(8);
    body.extend(key.map(Value::from));
    body.extend([
        Value::from(judgments(&scores.judgments)?),
        Value::from(artifact.transpose()?),
        Value::from(blob::write("a trace", &trial.trace)?),
        Value::from(trial.raw.as_ref().map(|raw| blob::write("a raw trace", raw)).transpose()?),
        Value::from(maybe_trace(trial.eval_trace.as_ref())?),
    ]);
    Ok(NewTrial { key, kind, row, body })
}

/// Makes the columns of other scores.
pub(super) fn rescoring(
    run: &RunIndex,
    key: Key,
    rescoring: &Rescoring,
) -> Result<NewScores, StoreError> {
    let scores = &rescoring.scores;
    let kind = OutcomeKind::of(&scores.outcome);
    let trial = vec![
        ("outcome", Value::from(kind.as_str())),
        ("detail", Value::from(detail(&scores.outcome)?)),
        ("evals", evals(run, scores)),
        ("eval_spent", eval_spent(&scores.spent)?),
    ];
    let body = vec![
        ("judgments", Value::from(judgments(&scores.judgments)?)),
        ("eval_trace", Value::from(maybe_trace(rescoring.eval_trace.as_ref())?)),
    ];
    Ok(NewScores { key, kind, at: unix_nanos(SystemTime::now()), trial, body })
}

/// Returns a time in nanoseconds since 1970, as far as those can be counted: until 2262.
pub(super) fn unix_nanos(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => nanos(after),
        Err(before) => -nanos(before.duration()),
    }
}

/// Writes a value as JSON.
pub(super) fn json(what: &str, value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::unstorable(what, error))
}

fn nanos(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The whole outcome, where its kind does not say it all.
fn detail(outcome: &Outcome) -> Result<Option<String>, StoreError> {
    if outcome.is_passed() {
        return Ok(None);
    }
    let value = serde_json::to_value(outcome)
        .map_err(|error| StoreError::unstorable("an outcome", error))?;
    Ok(Some(mask::json(&value).to_string()))
}

/// The fingerprint of the evals, where it is not that with which the run began.
fn evals(run: &RunIndex, scores: &Scores) -> Value {
    let other = scores.evals != run.evals;
    Value::from(other.then(|| scores.evals.as_str().to_owned()))
}

fn eval_spent(spent: &Spending) -> Result<Value, StoreError> {
    let any = *spent != Spending::default();
    Ok(Value::from(any.then(|| json("what evals spent", spent)).transpose()?))
}

fn judgments(judgments: &[Judgment]) -> Result<String, StoreError> {
    if judgments.is_empty() {
        return Ok("[]".to_owned());
    }
    let value = serde_json::to_value(judgments)
        .map_err(|error| StoreError::unstorable("what an eval said", error))?;
    Ok(match mask::json(&value) {
        Cow::Borrowed(value) => value.to_string(),
        Cow::Owned(value) => value.to_string(),
    })
}

fn maybe_trace(trace: Option<&TraceSnapshot>) -> Result<Option<Vec<u8>>, StoreError> {
    trace.map(|trace| blob::write("a trace", trace)).transpose()
}
