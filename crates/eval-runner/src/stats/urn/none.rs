//! The chance that a draw holds no pass at all.

use super::{Urn, Worked};
use crate::stats::{
    loader::{deviance, stirling_error},
    real::real,
    sum::Sum,
};

/// Up to this many factors are multiplied out as a sum of logarithms; above, the saddle point takes over.
const FACTORS: u64 = 10_000;

impl Urn {
    /// Returns `ln C(n - c, k) / C(n, k)`, the logarithm of P(no pass in the draw).
    ///
    /// Negative infinity where the draw must hold a pass. Absolute and relative error stay near 1e-15 of the
    /// logarithm, so that both `exp` and `1 - exp` of it keep their digits.
    pub(in crate::stats) fn ln_none(&self) -> Worked {
        if self.drawn > self.fails() {
            return Worked { value: f64::NEG_INFINITY, terms: 0 };
        }
        let factors = self.most();
        if factors <= FACTORS {
            Worked { value: self.log_product(factors), terms: factors }
        } else {
            Worked { value: self.saddle_point(), terms: 1 }
        }
    }

    /// The logarithm of `Π (1 - b / (n - i))` over `i < a`, with `a = min(c, k)` and `b = max(c, k)`.
    fn log_product(&self, factors: u64) -> f64 {
        let other = self.drawn.max(self.passes);
        let mut logs = Sum::default();
        for i in 0..factors {
            let left = self.trials - i;
            let taken = real(other) / real(left);
            logs.add(if taken < 0.5 {
                (-taken).ln_1p()
            } else {
                (real(left - other) / real(left)).ln()
            });
        }
        logs.value()
    }

    /// Loader's saddle-point form of the same logarithm, its square root taken through `ln_1p`.
    ///
    /// `(n - c)(n - k) = n (n - c - k) + c k` turns the square root of the four margins into
    /// `½ ln(1 + c k / (n (n - c - k)))`, which keeps its digits where the chance is close to 1.
    fn saddle_point(&self) -> f64 {
        let [n, c, k] = [self.trials, self.passes, self.drawn].map(real);
        let (fails, rest) = (real(self.fails()), real(self.fails() - self.drawn));
        let not_drawn = real(self.trials - self.drawn);
        let both = c / n * k;
        let apart = both
            + deviance(k, k * (fails / n), both)
            + deviance(c, c * (not_drawn / n), both)
            + deviance(rest, fails * (not_drawn / n), -both);
        let margins = stirling_error(fails) + stirling_error(not_drawn) - stirling_error(n);
        let width = if rest > 0.0 {
            0.5 * (both / rest).ln_1p() - stirling_error(rest)
        } else {
            0.5 * (std::f64::consts::TAU * fails * (not_drawn / n)).ln()
        };
        margins + width - apart
    }
}

#[cfg(test)]
mod tests {
    use super::{FACTORS, Urn};

    #[test]
    fn both_forms_agree_where_either_may_be_used() {
        for (trials, passes, drawn) in [
            (30_000, 9_000, 20),
            (1_000_000, 9_999, 4_000),
            (1_000_000_000_000, 9_000, 9_000),
            (1_000_000_000_000_000, 10_000, 10_000_000_000),
            (25_000, 10_000, 15_000),
        ] {
            let urn = Urn { trials, passes, drawn };
            let product = urn.log_product(passes.min(drawn));
            let saddle = urn.saddle_point();
            assert!((saddle / product - 1.0).abs() < 1e-12, "{urn:?}: {saddle} and {product}");
        }
    }

    #[test]
    fn no_draw_sums_more_than_ten_thousand_factors() {
        let urn = Urn { trials: 1_000_000_000_000_000, passes: 500_000_000, drawn: 400_000_000 };
        assert!(urn.ln_none().terms <= FACTORS);
    }
}
