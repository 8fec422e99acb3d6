//! The chance of one number of passes in a draw, in Loader's saddle-point form.

use super::Urn;
use crate::stats::{
    loader::{deviance, stirling_error},
    real::real,
};

impl Urn {
    /// Returns P(exactly `passes` passes in the draw); 0 outside the support.
    pub(in crate::stats) fn pmf(&self, passes: u64) -> f64 {
        if passes < self.fewest() || passes > self.most() {
            return 0.0;
        }
        self.density(passes, 0.0)
    }

    /// The pmf at `base + offset`, continued smoothly between the integers.
    ///
    /// Loader writes dhyper as `dbinom · dbinom / dbinom`, all at one success chance. Their deviances add up
    /// to those of the four cells of the table drawn/left by passed/failed, and all four cells lie the same
    /// distance from their expectation. That distance is computed in integers, so nothing cancels even at
    /// 1e15 trials. Domain: `base` in the support, every cell plus or minus `offset` at least 0.
    pub(super) fn density(&self, base: u64, offset: f64) -> f64 {
        let [n, c, k] = [self.trials, self.passes, self.drawn].map(real);
        let (fails, not_drawn) = (real(self.fails()), real(self.trials - self.drawn));
        let apart = self.distance(base) + offset;
        let failed_drawn = self.drawn - base;
        let cells = [
            (real(base) + offset, c * (k / n), apart),
            (real(failed_drawn) - offset, fails * (k / n), -apart),
            (real(self.passes - base) - offset, c * (not_drawn / n), -apart),
            (real(self.fails() - failed_drawn) + offset, fails * (not_drawn / n), apart),
        ];
        let margins: f64 = [c, fails, k, not_drawn].into_iter().map(ln_factorial_excess).sum();
        let inner: f64 = cells.into_iter().map(|(cell, _, _)| ln_factorial_excess(cell)).sum();
        let deviances: f64 = cells.into_iter().map(|(o, e, d)| deviance(o, e, d)).sum();
        (margins - ln_factorial_excess(n) - inner - deviances).exp()
    }

    /// `passes - c k / n`, its numerator computed in integers.
    fn distance(&self, passes: u64) -> f64 {
        let observed = u128::from(passes) * u128::from(self.trials);
        let expected = u128::from(self.passes) * u128::from(self.drawn);
        let size = wide(observed.abs_diff(expected)) / real(self.trials);
        if observed < expected { -size } else { size }
    }

    /// Returns the variance of the number of passes in the draw: `k (c/n) (1 - c/n) (n - k) / (n - 1)`.
    pub(in crate::stats) fn variance(&self) -> f64 {
        let [n, c, k] = [self.trials, self.passes, self.drawn].map(real);
        if self.trials < 2 {
            return 0.0;
        }
        k * (c / n) * (real(self.fails()) / n) * (real(self.trials - self.drawn) / (n - 1.0))
    }
}

/// `ln x! - x ln x + x`: what Stirling's formula leaves of a factorial once powers are taken out.
fn ln_factorial_excess(x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    0.5 * (std::f64::consts::TAU * x).ln() + stirling_error(x)
}

/// Converts a product of two counts to the nearest double.
#[expect(clippy::cast_precision_loss, reason = "a rounding of 1e-16 is all the formula needs")]
fn wide(product: u128) -> f64 {
    product as f64
}

#[cfg(test)]
mod tests {
    use super::Urn;

    #[track_caller]
    fn check(trials: u64, passes: u64, drawn: u64) {
        let urn = Urn { trials, passes, drawn };
        let mut before = 0.0;
        for j in 0..=drawn {
            let tail = urn.counted_tail(j).value - urn.counted_tail(j + 1).value;
            assert!((urn.pmf(j) - tail).abs() < 3e-14, "{urn:?} at {j}");
            before += urn.pmf(j);
        }
        assert!((before - 1.0).abs() < 1e-13, "{urn:?} sums to {before}");
    }

    #[test]
    fn the_saddle_point_agrees_with_counting_and_sums_to_one() {
        check(6, 3, 2);
        check(30, 29, 17);
        check(56, 20, 28);
        check(40, 40, 3);
        check(12, 0, 12);
    }
}
