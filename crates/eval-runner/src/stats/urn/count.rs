//! Exact counting, for urns so small that every count is an exact double.

use super::{Urn, Worked};
use crate::stats::real::real;

/// The largest urn whose binomial coefficients are all below 2^53.
pub(in crate::stats) const COUNTED: u64 = 56;

impl Urn {
    /// Returns P(at least `least` passes in the draw), correctly rounded; domain `trials <= COUNTED`.
    ///
    /// `Σ C(c, j) C(n - c, k - j) / C(n, k)` over `j >= least`: a quotient of two integers below 2^53.
    pub(in crate::stats) fn counted_tail(&self, least: u64) -> Worked {
        let from = least.max(self.fewest());
        let favorable: u64 = (from..=self.most())
            .map(|j| choose(self.passes, j) * choose(self.fails(), self.drawn - j))
            .sum();
        let terms = (self.most() + 1).saturating_sub(from);
        Worked { value: real(favorable) / real(choose(self.trials, self.drawn)), terms }
    }
}

/// Returns the binomial coefficient, for `n <= COUNTED`; 0 where `k > n`.
pub(in crate::stats) fn choose(n: u64, k: u64) -> u64 {
    (0..k.min(n.saturating_sub(k))).fold(u64::from(k <= n), |value, i| value * (n - i) / (i + 1))
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn binomial_coefficients_follow_pascal() {
        assert_eq!(choose(56, 28), 7_648_690_600_760_440);
        assert_eq!(choose(3, 4), 0);
        for n in 1..56 {
            for k in 1..=n {
                assert_eq!(choose(n, k), choose(n - 1, k - 1) + choose(n - 1, k));
            }
        }
    }
}
