//! Reads the values of arguments.

use std::time::Duration;

use crate::{
    runner::Resume,
    stats::Confidence,
    store::{InvalidRunId, Shard},
};

/// Reads a part of a run: `1/3`.
pub(super) fn shard(text: &str) -> Result<Shard, String> {
    let parts = text.split_once('/');
    let parts = parts.and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
    parts
        .and_then(|(index, count)| Shard::new(index, count))
        .ok_or_else(|| format!("`{text}` is no part of a run, which looks like 1/3, 2/3 or 3/3"))
}

/// Reads an amount of money.
pub(super) fn dollars(text: &str) -> Result<f64, String> {
    let dollars = text.parse().ok().filter(|dollars: &f64| dollars.is_finite() && *dollars > 0.0);
    dollars.ok_or_else(|| format!("`{text}` is no number of dollars above 0, such as 1.50"))
}

/// What stands for the latest run.
pub(super) const LATEST: &str = "latest";

/// Reads which run is to go on: the latest, or the one of this identifier.
pub(super) fn resume(text: &str) -> Result<Resume, String> {
    if text == LATEST {
        return Ok(Resume::Latest);
    }
    text.parse().map(Resume::Run).map_err(|error: InvalidRunId| error.to_string())
}

/// Reads a time above 0: `30s`, `2min`.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(Duration::ZERO) => Err("a limit of time is above 0, such as 30s or 2min".to_owned()),
        Ok(time) => Ok(time),
        Err(error) => Err(error.to_string()),
    }
}

/// Reads a share above 0: `0.02`.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share: &f64| *share > 0.0 && *share <= 1.0);
    share.ok_or_else(|| format!("`{text}` is no share above 0 and up to 1, such as 0.02"))
}

/// Reads a label: `key=value`.
pub(super) fn label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(format!("`{text}` is no label, which looks like key=value")),
    }
}

/// Reads a level of confidence: `0.95`.
pub(super) fn confidence(text: &str) -> Result<Confidence, String> {
    let level = text.parse().map_err(|_| format!("`{text}` is no number"))?;
    Confidence::new(level).map_err(|error| error.to_string())
}
