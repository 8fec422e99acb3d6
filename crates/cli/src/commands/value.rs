//! Reads the values of arguments.

use probity_eval_runner::stats::Confidence;

/// Reads a level of confidence: `0.95`.
pub(super) fn confidence(text: &str) -> Result<Confidence, String> {
    let level = text.parse().map_err(|_| format!("`{text}` is no number"))?;
    Confidence::new(level).map_err(|error| error.to_string())
}

/// Reads a share above 0 and up to 1: `0.05`, `5%`.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let share: Option<f64> = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse().ok().map(|percent: f64| percent / 100.0),
        None => text.parse().ok(),
    };
    let share = share.filter(|share| *share > 0.0 && *share <= 1.0);
    share.ok_or_else(|| format!("`{text}` is no share above 0 and up to 1, such as 0.05 or 5%"))
}
