//! Quantiles of the normal and of Student's t distribution, and the tails of the normal and of chi-square.

use super::beta::{Beta, Split};
use statrs::{
    distribution::{ContinuousCDF as _, Normal},
    function::gamma::checked_gamma_ur,
};

/// Returns the point that a standard normal number exceeds in size with the chance `alpha`, in 0..1.
pub(super) fn normal(alpha: f64) -> f64 {
    -Normal::standard().inverse_cdf(0.5 * alpha)
}

/// Returns the chance that a standard normal number exceeds `z` in size.
///
/// Its square has one degree of freedom; the `erfc` of `statrs` 0.19 is off in the eleventh place.
pub(super) fn normal_tail(z: f64) -> f64 {
    chi_square_tail(z * z, 1.0)
}

/// Returns the chance that a chi-square number with `degrees` of freedom exceeds `x`; 1 at 0.
///
/// Domain: `degrees >= 1`, `x >= 0`; outside it 1.
pub(super) fn chi_square_tail(x: f64, degrees: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    if x.is_infinite() {
        return 0.0;
    }
    checked_gamma_ur(0.5 * degrees, 0.5 * x).unwrap_or(1.0)
}

/// Returns the point that Student's t with `degrees` of freedom exceeds in size with the chance `alpha`.
///
/// `ν / (ν + t²)` follows Beta(ν/2, ½), whose quantile is exact for any number of degrees. The series in
/// `statrs` 0.19 is not: at a million degrees its quantile is off in the fourth place.
/// Domain: `degrees >= 1`, `alpha` in 0..1.
pub(super) fn student(alpha: f64, degrees: f64) -> f64 {
    let share = Beta { a: 0.5 * degrees, b: 0.5 }.quantile(Split::from_lower(alpha));
    (degrees * (share.upper / share.lower)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{chi_square_tail, normal, normal_tail, student};

    #[track_caller]
    fn check(got: f64, want: f64) {
        assert!((got / want - 1.0).abs() < 1e-12, "got {got}, want {want}");
    }

    #[test]
    fn normal_quantiles_agree_with_tables() {
        check(normal(0.05), 1.959_963_984_540_054);
        check(normal(0.01), 2.575_829_303_548_901);
        check(normal(0.1), 1.644_853_626_951_472_2);
    }

    #[test]
    fn a_tail_leads_back_to_its_chance() {
        for alpha in [0.9, 0.5, 0.05, 1e-6, 1e-12] {
            check(normal_tail(normal(alpha)), alpha);
        }
    }

    #[test]
    fn chi_square_with_an_even_number_of_degrees_has_a_closed_form() {
        for x in [1e-9_f64, 0.3, 4.0, 30.0] {
            check(chi_square_tail(x, 2.0), (-0.5 * x).exp());
            check(chi_square_tail(x, 4.0), (1.0 + 0.5 * x) * (-0.5 * x).exp());
        }
        check(chi_square_tail(0.0, 3.0), 1.0);
        assert!(chi_square_tail(f64::INFINITY, 3.0) < 1e-300 && chi_square_tail(1e9, 3.0) < 1e-300);
    }

    #[test]
    fn one_and_two_degrees_have_closed_forms() {
        for alpha in [0.5, 0.1, 0.05, 0.01, 1e-6] {
            check(student(alpha, 1.0), 1.0 / (std::f64::consts::FRAC_PI_2 * alpha).tan());
            let upper = 1.0 - 0.5 * alpha;
            check(student(alpha, 2.0), (2.0 * upper - 1.0) * (0.5 / (upper * 0.5 * alpha)).sqrt());
        }
    }

    #[test]
    fn many_degrees_approach_the_normal_quantile() {
        // Cornish-Fisher: t = z + (z³ + z) / 4ν + (5z⁵ + 16z³ + 3z) / 96ν² + ...
        for degrees in [1e5, 1e6, 1e9, 1e12] {
            let z = normal(0.05);
            let first = (z.powi(3) + z) / (4.0 * degrees);
            let second =
                (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * degrees * degrees);
            check(student(0.05, degrees), z + first + second);
        }
    }
}
