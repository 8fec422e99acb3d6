//! Reads the values of arguments.

use crate::{stats::Confidence, store::Shard};

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
