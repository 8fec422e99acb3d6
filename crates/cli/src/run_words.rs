//! How runs and what they took are written.

use std::time::{Duration, SystemTime};

use probity_eval_runner::store::{EndReason, RunEnd, RunId, Spending};

/// So much of an identifier tells the runs of one machine apart: the time to a millisecond.
const SHORT: usize = 13;

/// Returns the beginning of an identifier.
pub(crate) fn short(run: RunId) -> String {
    run.to_string().chars().take(SHORT).collect()
}

/// Returns a number with its noun: `1 run`, `2 runs`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Returns a point in time, to the second, in UTC.
pub(crate) fn time(at: SystemTime) -> String {
    // Where it cannot be written it is no time of a run.
    if at < SystemTime::UNIX_EPOCH {
        return "-".to_owned();
    }
    humantime::format_rfc3339_seconds(at).to_string().replace('T', " ").replace('Z', "")
}

/// Returns why a run ended.
pub(crate) fn end(end: Option<&RunEnd>) -> String {
    match end.map(|end| &end.reason) {
        None => "under way, or killed".to_owned(),
        Some(EndReason::Complete) => "complete".to_owned(),
        Some(EndReason::Decided(how)) => format!("seen enough: {how}"),
        Some(EndReason::Settled(how)) => format!("no trial of use was left: {how}"),
        Some(EndReason::Stopped(reason)) => format!("stopped: {reason}"),
        Some(_) => "interrupted".to_owned(),
    }
}

/// Returns a duration in seconds.
pub(crate) fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 1.0 { format!("{:.0} ms", seconds * 1_000.0) } else { format!("{seconds:.1} s") }
}

/// Returns a cost: a sum that is not whole is marked, and an unknown one is no number.
pub(crate) fn cost(spent: Spending) -> String {
    match (spent.cost_usd, spent.unpriced_calls) {
        (Some(cost), 0) => format!("${cost:.4}"),
        (Some(cost), _) => format!("over ${cost:.4}"),
        (None, 0) => "-".to_owned(),
        (None, _) => "unknown".to_owned(),
    }
}
