//! Trials that always end alike, as under a temperature of 0 or from a cache.

use crate::stats::counts::Counts;

/// Returns whether at least two tasks ran several times, and every one of them passed always or never.
///
/// Such trials say no more than one of each task would, and a rerun variance of 0 is no sign of reliability. Count the
/// graded trials only.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Counts, drift::never_disagree};
///
/// let tasks = [Counts { n: 4, c: 4 }, Counts { n: 4, c: 0 }, Counts { n: 1, c: 1 }];
/// assert!(never_disagree(&tasks));
/// assert!(!never_disagree(&[Counts { n: 4, c: 4 }, Counts { n: 4, c: 3 }]));
/// assert!(!never_disagree(&[Counts { n: 4, c: 4 }, Counts { n: 1, c: 0 }]));
/// ```
pub fn never_disagree(tasks: &[Counts]) -> bool {
    let several = || tasks.iter().filter(|task| task.n > 1);
    several().count() > 1 && several().all(|task| task.c == 0 || task.c >= task.n)
}
