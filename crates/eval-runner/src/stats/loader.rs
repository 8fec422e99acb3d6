//! The two functions of Loader's saddle-point form: the error of Stirling's formula and the deviance.
//!
//! Source: C. Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000).
//! Both stay exact to a few units in the last place where a difference of log-gamma values loses every digit.

/// Returns `ln Γ(x + 1) - ½ ln(2πx) - x ln x + x`, the error of Stirling's formula, for `x > 0`.
///
/// From 16 on the asymptotic series is exact to the last digit; below, the recurrence
/// `δ(x) = δ(x + 1) + (x + ½) ln(1 + 1/x) - 1` leads there.
pub(super) fn stirling_error(x: f64) -> f64 {
    let mut at = x;
    let mut shift = 0.0;
    while at < 16.0 {
        shift += (at + 0.5) * (1.0 / at).ln_1p() - 1.0;
        at += 1.0;
    }
    shift + stirling_series(at)
}

/// The series `Σ B(2i) / (2i (2i - 1) x^(2i - 1))` over the Bernoulli numbers, for `x >= 16`.
fn stirling_series(x: f64) -> f64 {
    const TERMS: [f64; 6] =
        [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0];
    let step = 1.0 / (x * x);
    TERMS.iter().rev().fold(0.0, |value, term| value * step + term) / x
}

/// Returns `o ln(o / e) + e - o`, the deviance of an observed from an expected count.
///
/// `difference` is `observed - expected`; the caller often knows it with more digits than the subtraction has.
/// Domain: `observed >= 0`, `expected >= 0`. The result is 0 where both agree and is never negative.
pub(super) fn deviance(observed: f64, expected: f64, difference: f64) -> f64 {
    if observed <= 0.0 {
        return expected;
    }
    if expected <= 0.0 {
        return f64::INFINITY;
    }
    let ratio = difference / (observed + expected);
    if ratio.abs() < 0.1 {
        near(observed, difference, ratio)
    } else {
        observed * (observed / expected).ln() - difference
    }
}

/// The deviance by its series in `v = (o - e) / (o + e)`: `(o - e) v + 2 o Σ v^(2i + 1) / (2i + 1)`.
fn near(observed: f64, difference: f64, ratio: f64) -> f64 {
    let mut value = difference * ratio;
    let mut power = 2.0 * observed * ratio;
    let mut odd = 3.0;
    loop {
        power *= ratio * ratio;
        let next = value + power / odd;
        // The powers shrink by a factor of 100, so the loop ends after ten terms at most.
        if next.to_bits() == value.to_bits() || odd > 99.0 {
            return next;
        }
        value = next;
        odd += 2.0;
    }
}

#[cfg(test)]
mod tests {
    use super::{deviance, stirling_error};

    #[track_caller]
    fn check(got: f64, want: f64) {
        assert!((got - want).abs() <= 4e-15 * (1.0 + want.abs()), "got {got}, want {want}");
    }

    #[test]
    fn the_error_of_stirlings_formula_agrees_with_known_values() {
        // δ(1) = 1 - ½ ln 2π; δ(½) = ½ - ½ ln 2 because Γ(3/2) = ½ √π.
        check(stirling_error(1.0), 1.0 - 0.5 * std::f64::consts::TAU.ln());
        check(stirling_error(0.5), 0.5 - 0.5 * std::f64::consts::LN_2);
        check(stirling_error(100.0), 8.333_305_556_349_18e-4);
    }

    #[test]
    fn the_deviance_joins_smoothly_where_the_series_ends() {
        for observed in [80.0, 81.0, 82.0, 83.0, 110.0, 122.0, 123.0, 130.0_f64] {
            let plain = observed * (observed / 100.0).ln() + 100.0 - observed;
            assert!((deviance(observed, 100.0, observed - 100.0) - plain).abs() < 1e-12);
        }
    }

    #[test]
    fn an_empty_cell_deviates_by_what_was_expected() {
        check(deviance(0.0, 3.5, -3.5), 3.5);
        check(deviance(7.0, 7.0, 0.0), 0.0);
    }
}
