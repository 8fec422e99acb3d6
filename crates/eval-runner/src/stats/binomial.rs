//! The binomial law: the chance of so many passes in trials of one task.

use super::{
    beta::{Beta, Split},
    loader::stirling_error,
    real::real,
};

/// Returns P(Binomial(`trials`, `chance`) >= `least`).
///
/// With the incomplete beta function between none and all. Domain: `chance` in 0..=1.
pub(super) fn at_least(trials: u64, least: u64, chance: f64) -> f64 {
    let size = real(trials);
    if least == 0 {
        1.0
    } else if least > trials {
        0.0
    } else if least == 1 {
        -(size * (-chance).ln_1p()).exp_m1()
    } else if least == trials {
        (size * chance.ln()).exp()
    } else {
        Beta { a: real(least), b: real(trials - least) + 1.0 }
            .tails(Split::from_lower(chance))
            .lower
    }
}

/// Returns the logarithm of P(Binomial(n, c/n) = c): the chance of the counts under the share that was seen.
///
/// `ln C(n, c) + c ln (c/n) + (n - c) ln (1 - c/n)` in Loader's form, in which nothing cancels. Domain: `c <= n`.
pub(super) fn ln_peak(n: u64, c: u64) -> f64 {
    if c == 0 || c == n {
        return 0.0;
    }
    let [size, passed, failed] = [n, c, n - c].map(real);
    let excess = stirling_error(size) - stirling_error(passed) - stirling_error(failed);
    excess + 0.5 * (size / passed / failed / std::f64::consts::TAU).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-13 * (1.0 + want.abs()), "got {got}, want {want}");
    }

    #[test]
    fn tails_agree_with_counting() {
        check(at_least(4, 0, 0.3), 1.0);
        check(at_least(4, 1, 0.5), 15.0 / 16.0);
        check(at_least(4, 2, 0.5), 11.0 / 16.0);
        check(at_least(4, 4, 0.5), 1.0 / 16.0);
        check(at_least(4, 5, 0.5), 0.0);
    }

    #[test]
    fn the_peak_agrees_with_counting() {
        check(ln_peak(4, 2), (6.0_f64 / 16.0).ln());
        check(ln_peak(10, 1), (0.9_f64.powi(9)).ln());
        check(ln_peak(7, 0), 0.0);
        check(ln_peak(7, 7), 0.0);
    }
}
