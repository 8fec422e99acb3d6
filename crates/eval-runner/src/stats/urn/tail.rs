//! The chance of at least so many passes in a draw, for any number in between none and all.

use super::{Urn, Worked};
use crate::stats::{real::real, tail_integral::tail_integral};

/// A tail that needs more terms than this is integrated instead of added up.
const WALK: u64 = 40_000;
/// Terms smaller than `e^-40` of the first do not reach the last digit.
const NEGLIGIBLE: f64 = 40.0;
/// Nor do those so many standard deviations away: a normal tail would need 9.
const FAR: f64 = 16.0;
/// What an integral counts as: its panels times their nodes, at most.
const INTEGRAL: u64 = 6_400;

impl Urn {
    /// Returns P(at least `least` passes in the draw); domain `fewest < least <= most`.
    ///
    /// The lighter of the two tails is computed: above the mode the tail itself, so that a tiny chance keeps
    /// all its digits, below it the complement, which is the same tail of the mirrored urn.
    pub(in crate::stats) fn tail(&self, least: u64) -> Worked {
        if least > self.mode() {
            return self.falling_tail(least);
        }
        let lower = self.mirrored().falling_tail(self.drawn - least + 1);
        Worked { value: 1.0 - lower.value, terms: lower.terms }
    }

    /// `⌊(c + 1)(k + 1) / (n + 2)⌋`.
    pub(in crate::stats) fn mode(&self) -> u64 {
        let peak = (u128::from(self.passes) + 1) * (u128::from(self.drawn) + 1)
            / (u128::from(self.trials) + 2);
        u64::try_from(peak).unwrap_or(u64::MAX)
    }

    /// The tail from a point at or above the mode, where the terms only fall.
    fn falling_tail(&self, from: u64) -> Worked {
        let first = self.pmf(from);
        if first <= 0.0 {
            return Worked { value: 0.0, terms: 1 };
        }
        let fall = -self.ratio(from).ln();
        let ends_soon = self.most() - from <= WALK
            || fall * real(WALK) >= NEGLIGIBLE
            || FAR * self.variance().sqrt() <= real(WALK);
        if ends_soon {
            self.walk(from, first)
        } else {
            Worked { value: self.integrate(from, fall), terms: INTEGRAL }
        }
    }

    /// Adds the terms up, each from the one before, until they no longer count.
    fn walk(&self, from: u64, first: f64) -> Worked {
        let (mut term, mut total, mut terms) = (1.0, 1.0, 1);
        for j in from..self.most().min(from.saturating_add(WALK)) {
            term *= self.ratio(j);
            total += term;
            terms += 1;
            if term < total * 1e-17 {
                break;
            }
        }
        Worked { value: first * total, terms }
    }

    /// P(j + 1) / P(j) = `(c - j)(k - j) / ((j + 1)(n - c - k + j + 1))`.
    fn ratio(&self, j: u64) -> f64 {
        let failed_left = self.fails() - (self.drawn - j);
        real(self.passes - j) / real(j + 1) * (real(self.drawn - j) / real(failed_left + 1))
    }

    /// The sum as an integral from half a step before, with the first Euler-Maclaurin correction.
    ///
    /// `Σ f(j) = ∫ f + f'(from - ½) / 24 + ...`; the next term is of the order of the inverse fourth power of
    /// the standard deviation, which is above 2,500 wherever this is used.
    fn integrate(&self, from: u64, fall: f64) -> f64 {
        let deviation = self.variance().sqrt();
        let width = deviation.min(4.0 / fall.max(f64::MIN_POSITIVE));
        let most = real(self.most() - from);
        let density = |offset: f64| {
            if offset > most { 0.0 } else { self.density(from, offset) }
        };
        let slope = density(-0.5) * self.ratio(from - 1).ln();
        tail_integral(density, -0.5, width) + slope / 24.0
    }
}

#[cfg(test)]
mod tests {
    use super::Urn;

    #[track_caller]
    fn check(trials: u64, passes: u64, drawn: u64, from: u64) {
        let urn = Urn { trials, passes, drawn };
        let walked = urn.walk(from, urn.pmf(from)).value;
        let smooth = urn.integrate(from, -urn.ratio(from).ln());
        assert!((smooth / walked - 1.0).abs() < 1e-10, "{urn:?} {from}: {smooth} and {walked}");
    }

    #[test]
    fn the_integral_agrees_with_the_sum() {
        check(400_000_000, 200_000_000, 100_000_000, 50_000_000);
        check(400_000_000, 200_000_000, 100_000_000, 50_010_000);
        check(400_000_000, 200_000_000, 100_000_000, 50_100_000);
        check(1_000_000_000, 30_000_000, 500_000_000, 15_004_000);
    }
}
