//! Ranges of one task's pass chance that hold at every time at once.

use crate::stats::{
    binomial::{at_least, ln_peak},
    confidence::Confidence,
    interval::Interval,
    loader::deviance,
    real::real,
};

/// Bisection of the logarithm of a chance has no digit left to find after so many steps.
const STEPS: u32 = 64;

/// Returns the range of the pass chance after so many trials, valid at any time of stopping.
///
/// `{p : ln B(1 + s, 1 + f) - s ln p - f ln (1 - p) < ln 1/α}` with `s` passes and `f` failures: where the likelihood,
/// averaged over all chances, is less than `1/α` times that of `p` (Robbins 1970, Ville's inequality). The chance that
/// any of these ranges misses, from the first trial to the last, is at most `α`; the price is a range about 1.6 times
/// as wide as [`wilson`](crate::stats::wilson)'s. The ends are exactly 0 without a pass and 1 without a failure.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Confidence, stopping::confidence_sequence};
///
/// let range = confidence_sequence(8, 2, Confidence::default());
/// assert!((range.lo - 0.3530).abs() < 1e-4 && (range.hi - 0.9895).abs() < 1e-4);
/// let nothing = confidence_sequence(0, 0, Confidence::default());
/// assert_eq!((nothing.lo, nothing.hi), (0.0, 1.0));
/// ```
pub fn confidence_sequence(passes: u64, fails: u64, confidence: Confidence) -> Interval {
    let lo = lower_end(passes, fails, confidence);
    Interval { lo, hi: 1.0 - lower_end(fails, passes, confidence) }
}

/// Returns the same for P(at least `m` of `k` trials of this task pass).
pub(crate) fn metric_sequence(
    passes: u64,
    fails: u64,
    (m, k): (u64, u64),
    confidence: Confidence,
) -> Interval {
    let Interval { lo, hi } = confidence_sequence(passes, fails, confidence);
    Interval { lo: at_least(k, m, lo), hi: at_least(k, m, hi) }
}

/// A pass chance watched while trials end, for stopping as soon as enough is known.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Confidence, stopping::ConfidenceSequence};
///
/// let mut watched = ConfidenceSequence::new(Confidence::default());
/// while watched.interval().is_some_and(|range| range.lo < 0.8) {
///     watched.observe(true); // A trial that passed.
/// }
/// assert_eq!(watched.passes(), 29);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConfidenceSequence {
    passes: u64,
    fails: u64,
    confidence: Confidence,
    common: Interval,
}

impl ConfidenceSequence {
    /// Starts without a trial.
    pub fn new(confidence: Confidence) -> Self {
        Self { passes: 0, fails: 0, confidence, common: Interval { lo: 0.0, hi: 1.0 } }
    }

    /// Adds a graded trial.
    pub fn observe(&mut self, passed: bool) {
        let count = if passed { &mut self.passes } else { &mut self.fails };
        *count = count.saturating_add(1);
        let now = confidence_sequence(self.passes, self.fails, self.confidence);
        self.common.lo = self.common.lo.max(now.lo);
        self.common.hi = self.common.hi.min(now.hi);
    }

    /// Returns what all ranges so far have in common, which never widens.
    ///
    /// `None` where they have nothing in common: then the pass chance has changed on the way.
    pub fn interval(&self) -> Option<Interval> {
        (self.common.lo <= self.common.hi).then_some(self.common)
    }

    /// Returns the same for P(at least `m` of `k` trials pass).
    pub fn metric(&self, k: u64, m: u64) -> Option<Interval> {
        let Interval { lo, hi } = self.interval()?;
        Some(Interval { lo: at_least(k, m, lo), hi: at_least(k, m, hi) })
    }

    /// Returns the number of passes.
    pub fn passes(&self) -> u64 {
        self.passes
    }

    /// Returns the number of failures.
    pub fn fails(&self) -> u64 {
        self.fails
    }
}

/// The smallest chance in the range.
///
/// Around the share that was seen, the left side is the deviance of both counts less a constant, and falls up to it.
fn lower_end(passes: u64, fails: u64, confidence: Confidence) -> f64 {
    if passes == 0 {
        return 0.0;
    }
    let [above, below] = [passes, fails].map(real);
    let all = above + below;
    let allowed =
        -confidence.alpha().ln() + all.ln_1p() + ln_peak(passes.saturating_add(fails), passes);
    if fails == 0 {
        return (-allowed / above).exp();
    }
    let beyond = |chance: f64| {
        let expected = all * chance;
        let apart = above - expected;
        deviance(above, expected, apart) + deviance(below, all - expected, -apart) > allowed
    };
    let (mut outside, mut inside) = (f64::MIN_POSITIVE.ln(), (above / all).ln());
    for _ in 0..STEPS {
        let middle = 0.5 * (outside + inside);
        if beyond(middle.exp()) {
            outside = middle;
        } else {
            inside = middle;
        }
    }
    inside.exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_failures_the_range_has_a_closed_form() {
        // α^(1/s) (s + 1)^(-1/s).
        let level = Confidence::new(0.9).unwrap();
        for passes in [1_u64, 4, 50, 1_000_000] {
            let want = (0.1 / real(passes + 1)).powf(1.0 / real(passes));
            let got = confidence_sequence(passes, 0, level);
            assert!((got.lo - want).abs() < 1e-12, "{passes}: {got:?}");
            assert_eq!(got.hi.to_bits(), 1.0_f64.to_bits());
        }
    }

    #[test]
    fn the_ends_solve_their_equation_for_any_counts() {
        for (passes, fails) in [(1, 1), (3, 500), (70_000, 12), (5_000_000_000, 1_000_000)] {
            let level = Confidence::default();
            let range = confidence_sequence(passes, fails, level);
            let [s, f] = [passes, fails].map(real);
            let share = s / (s + f);
            // Relative to the likelihood at the share, so that nothing of the size of s is left.
            let loss = |p: f64| s * (share / p).ln() + f * ((1.0 - share) / (1.0 - p)).ln();
            let allowed =
                -level.alpha().ln() + (s + f + 1.0).ln() + ln_peak(passes + fails, passes);
            for end in [range.lo, range.hi] {
                assert!((loss(end) / allowed - 1.0).abs() < 1e-4, "{passes} {fails}: {end}");
            }
        }
    }

    #[test]
    fn a_chance_that_changes_on_the_way_is_noticed() {
        let mut watched = ConfidenceSequence::new(Confidence::default());
        (0..200).for_each(|_| watched.observe(true));
        assert!(watched.metric(4, 4).unwrap().lo > 0.8);
        (0..200).for_each(|_| watched.observe(false));
        assert_eq!((watched.interval(), watched.metric(4, 4)), (None, None));
        assert_eq!((watched.passes(), watched.fails()), (200, 200));
    }
}
