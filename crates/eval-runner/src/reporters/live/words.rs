//! The words for how far a run has come.

use std::time::Duration;

use crate::{
    report::Spent,
    runner::{Progress, Start},
    stats::Tally,
};

/// Says how a run begins.
pub(super) fn beginning(start: &Start) -> Vec<String> {
    let Start { planned, before, rescored, .. } = start;
    let mut parts = vec![format!("{} of {}", count(*planned, "trial"), count(start.cases, "case"))];
    if before.trials() > 0 {
        parts.push(format!("{} finished before", before.trials()));
    }
    if *rescored > 0 {
        parts.push(format!("{} scored anew", count(*rescored, "trial")));
    }
    if let Some(run) = start.run {
        parts.push(format!("run {run}"));
    }
    parts
}

/// Says how many trials passed, failed and were not graded.
pub(super) fn outcomes(tally: Tally) -> Vec<String> {
    let mut parts = vec![format!("{} passed", tally.passed), format!("{} failed", tally.failed)];
    if tally.not_graded > 0 {
        parts.push(format!("{} not graded", tally.not_graded));
    }
    parts
}

/// Says what a run has used and waited for, where it has.
pub(super) fn efforts(progress: &Progress) -> Vec<String> {
    let spent = Spent::from(progress.spent.plus(progress.judging));
    let mut parts = Vec::new();
    if !spent.is_nothing() {
        parts.push(spent.to_string());
    }
    if progress.retries > 0 {
        let retries = if progress.retries == 1 { "retry" } else { "retries" };
        parts.push(format!("{} {retries}", progress.retries));
    }
    if progress.wait() >= Duration::from_secs(1) {
        parts.push(format!("waited {}", time(progress.wait())));
    }
    parts
}

/// Writes how many trials end in a second, or in a minute where that is less than one.
pub(super) fn pace(per_second: f64) -> String {
    match per_second {
        rate if rate >= 100.0 => format!("{rate:.0}/s"),
        rate if rate >= 1.0 => format!("{rate:.1}/s"),
        rate => format!("{:.1}/min", rate * 60.0),
    }
}

/// Writes a time in its two largest units.
pub(super) fn time(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) if seconds < 10 => format!("{:.1} s", time.as_secs_f64()),
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {} s", seconds % 60),
        _ => format!("{hours} h {minutes} min"),
    }
}

/// Writes a number of things.
pub(super) fn count(number: u64, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_two_units() {
        let written = [0, 9_940, 59_999, 61_000, 3_600_000, 90_061_000]
            .map(|millis| time(Duration::from_millis(millis)));
        assert_eq!(written, ["0.0 s", "9.9 s", "59 s", "1 min 1 s", "1 h 0 min", "25 h 1 min"]);
    }

    #[test]
    fn paces_have_the_digits_that_matter() {
        assert_eq!(
            [12_345.6, 38.24, 1.0, 0.05].map(pace),
            ["12346/s", "38.2/s", "1.0/s", "3.0/min"]
        );
    }

    #[test]
    fn spending_retries_and_waits_are_said_where_there_were_any() {
        let mut progress = Progress::default();
        assert!(efforts(&progress).is_empty());
        (progress.retries, progress.waited_for_trials) = (2, Duration::from_secs(75));
        assert_eq!(efforts(&progress), ["2 retries", "waited 1 min 15 s"]);
        (progress.spent.cost_usd, progress.judging.cost_usd) = (Some(1.25), Some(0.5));
        assert_eq!(efforts(&progress)[0], "tokens not reported, $1.75");
        progress.judging.unpriced_calls = 3;
        let unknown = "tokens not reported, $1.75 and more, cost unknown: 3 calls have no price";
        assert_eq!(efforts(&progress)[0], unknown);
    }
}
