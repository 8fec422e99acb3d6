//! Makes runs and trials out of rows.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use probity_trace::{TraceSnapshot, genai::Usage};
use serde::de::DeserializeOwned;

use super::{index::RunIndex, row::Row};
use crate::{
    stats::Tally,
    store::{
        blob,
        error::StoreError,
        model::{
            CaseTally, ManifestCase, OutcomeKind, PastAgent, PastTrial, RunId, RunManifest,
            RunSummary, Scores, Spending, StoredTrial, TrialKey, TrialState, TrialSummary,
        },
    },
    suite::Fingerprint,
    trials::Outcome,
};

/// Reads the manifest of a run, without its cases.
pub(super) fn manifest(text: &str, trials: i64) -> Result<RunManifest, StoreError> {
    let manifest: RunManifest = json("the manifest of a run", text)?;
    Ok(RunManifest { trials: small("a number of trials", trials)?, ..manifest })
}

/// Reads a run from the columns of `cold::runs`.
pub(super) fn run_summary(mut row: Row) -> Result<RunSummary, StoreError> {
    let (cases, trials) = (count("a number of cases", row.int()?)?, row.int()?);
    let end = row.maybe_text()?.map(|end| json("the end of a run", &end)).transpose()?;
    let manifest = manifest(&row.text()?, trials)?;
    Ok(RunSummary {
        id: manifest.id,
        suite: manifest.suite,
        name: manifest.name,
        labels: manifest.labels,
        agent: manifest.agent,
        agent_version: manifest.agent_version,
        evals: manifest.evals,
        cases,
        trials: manifest.trials,
        seed: manifest.seed,
        shard: manifest.shard,
        created_at: manifest.created_at,
        end,
        tally: tally(&mut row)?,
    })
}

/// Reads a case from the columns of `cold::cases`.
pub(super) fn case(mut row: Row) -> Result<ManifestCase, StoreError> {
    Ok(ManifestCase {
        id: row.text()?,
        fingerprint: fingerprint(row.text()?)?,
        group: row.maybe_text()?,
        tags: row.maybe_text()?.map(|tags| json("tags", &tags)).transpose()?.unwrap_or_default(),
    })
}

/// Reads the tally of a case from the columns of `cold::tallies`.
pub(super) fn case_tally(mut row: Row) -> Result<CaseTally, StoreError> {
    Ok(CaseTally { case: row.text()?, group: row.maybe_text()?, tally: tally(&mut row)? })
}

/// Reads a baseline.
pub(super) fn baseline(mut row: Row) -> Result<(String, RunId), StoreError> {
    let name = row.text()?;
    let run = row.text()?.parse().map_err(|error| StoreError::unreadable("a baseline", error))?;
    Ok((name, run))
}

/// Reads how far a trial has come.
pub(super) fn state(run: &RunIndex, mut row: Row) -> Result<TrialState, StoreError> {
    Ok(TrialState {
        key: key(run, &mut row)?,
        attempts: small("a number of attempts", row.int()?)?,
        outcome: row.maybe_text()?.map(|name| kind(&name)).transpose()?,
    })
}

/// Reads a trial from the columns of `cold::trials`.
pub(super) fn trial_summary(run: &RunIndex, mut row: Row) -> Result<TrialSummary, StoreError> {
    summary(run, &mut row)
}

/// Reads a trial from the columns of `cold::trial`.
pub(super) fn trial(run: &RunIndex, mut row: Row) -> Result<StoredTrial, StoreError> {
    let summary = summary(run, &mut row)?;
    let agent = agent(&mut row)?;
    let PastAgent { artifact, trace, raw } =
        agent.ok_or_else(|| StoreError::unreadable(summary.key.to_string(), "it has no trace"))?;
    Ok(StoredTrial { summary, artifact, trace, raw, eval_trace: maybe_trace(&mut row)? })
}

/// Reads a part of the history of a trial from the columns of `cold::history`.
pub(super) fn past_trial(run: &RunIndex, mut row: Row) -> Result<PastTrial, StoreError> {
    Ok(PastTrial {
        superseded_at: time(row.int()?),
        summary: summary(run, &mut row)?,
        agent: agent(&mut row)?,
        eval_trace: maybe_trace(&mut row)?,
    })
}

/// Reads how many there are of something.
pub(super) fn number(row: &mut Row) -> Result<u64, StoreError> {
    count("a number of trials", row.int()?)
}

/// Reads a fingerprint.
pub(super) fn fingerprint(text: String) -> Result<Fingerprint, StoreError> {
    serde_json::from_value(text.into())
        .map_err(|error| StoreError::unreadable("a fingerprint", error))
}

fn summary(run: &RunIndex, row: &mut Row) -> Result<TrialSummary, StoreError> {
    let key = key(run, row)?;
    let attempts = small("a number of attempts", row.int()?)?;
    let (name, detail) = (row.text()?, row.maybe_text()?);
    let outcome = match detail {
        Some(detail) => json("an outcome", &detail)?,
        None if kind(&name)? == OutcomeKind::Passed => Outcome::Passed,
        None => return Err(StoreError::unreadable("an outcome", format!("why it {name} is lost"))),
    };
    let seed = row.int()?.cast_unsigned();
    let (started_at, duration) = (time(row.int()?), Duration::from_nanos(unsigned(row.int()?)));
    let spent = spending(row)?;
    let evals = match row.maybe_text()? {
        Some(evals) => fingerprint(evals)?,
        None => run.evals.clone(),
    };
    let eval_spent = row.maybe_text()?.map(|spent| json("what evals spent", &spent)).transpose()?;
    let judgments = json("what evals said", &row.text()?)?;
    let scores = Scores { evals, outcome, judgments, spent: eval_spent.unwrap_or_default() };
    Ok(TrialSummary { key, seed, attempts, started_at, duration, spent, scores })
}

fn spending(row: &mut Row) -> Result<Spending, StoreError> {
    let mut tokens = || row.maybe_int().map(|count| count.map(unsigned));
    let mut usage = Usage::default();
    usage.input_tokens = tokens()?;
    usage.output_tokens = tokens()?;
    usage.cache_read_input_tokens = tokens()?;
    usage.cache_write_input_tokens = tokens()?;
    usage.reasoning_output_tokens = tokens()?;
    Ok(Spending {
        usage,
        cost_usd: row.maybe_real()?,
        unpriced_calls: small("a number of calls", row.int()?)?,
    })
}

fn agent(row: &mut Row) -> Result<Option<PastAgent>, StoreError> {
    let artifact = row.maybe_bytes()?;
    let (trace, raw) = (maybe_trace(row)?, row.maybe_bytes()?);
    let Some(trace) = trace else { return Ok(None) };
    let raw = raw.map(|blob| blob::read("a raw trace", &blob)).transpose()?;
    let artifact = artifact.map(|blob| blob::read("an artifact", &blob)).transpose()?;
    Ok(Some(PastAgent { artifact, trace, raw }))
}

fn maybe_trace(row: &mut Row) -> Result<Option<TraceSnapshot>, StoreError> {
    row.maybe_bytes()?.map(|blob| blob::read("a trace", &blob)).transpose()
}

fn key(run: &RunIndex, row: &mut Row) -> Result<TrialKey, StoreError> {
    let (case_no, index) = (row.int()?, row.int()?);
    Ok(TrialKey::new(run.case(case_no)?, small("the index of a trial", index)?))
}

fn tally(row: &mut Row) -> Result<Tally, StoreError> {
    // A case without trials has no tally.
    let mut part = || row.maybe_int().map(|part| unsigned(part.unwrap_or_default()));
    Ok(Tally::new(part()?, part()?, part()?))
}

fn kind(name: &str) -> Result<OutcomeKind, StoreError> {
    OutcomeKind::named(name)
        .ok_or_else(|| StoreError::unreadable("an outcome", format!("{name:?} is not known")))
}

fn json<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::unreadable(what, error))
}

fn time(unix_nanos: i64) -> SystemTime {
    let distance = Duration::from_nanos(unix_nanos.unsigned_abs());
    let time = if unix_nanos < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    time.unwrap_or(UNIX_EPOCH)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

fn count(what: &str, number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::unreadable(what, format!("{number} is none")))
}

fn small(what: &str, number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::unreadable(what, format!("{number} is none")))
}
