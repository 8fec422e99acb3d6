//! The Beta distribution: its two tails and its quantiles, for any size of its parameters.

use super::{
    loader::{deviance, stirling_error},
    tail_integral::tail_integral,
};

/// Above this smaller parameter the tail is integrated, below it the continued fraction is short.
const SMOOTH: f64 = 3_000.0;
/// The continued fraction needs a few hundred steps at [`SMOOTH`]; this only bounds the loop.
const MAX_STEPS: u32 = 20_000;
/// Newton's method needs about ten steps, bisection of the logarithm at most this many.
const MAX_REFINEMENTS: u32 = 200;

/// A Beta distribution with both parameters above 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beta {
    pub(super) a: f64,
    pub(super) b: f64,
}

/// Two numbers that add up to 1, each with its own digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    pub(super) lower: f64,
    pub(super) upper: f64,
}

impl Split {
    /// Makes the pair from its lower part.
    pub(super) fn from_lower(lower: f64) -> Self {
        Self { lower, upper: 1.0 - lower }
    }

    /// Makes the pair from its upper part.
    pub(super) fn from_upper(upper: f64) -> Self {
        Self { lower: 1.0 - upper, upper }
    }

    fn swapped(self) -> Self {
        Self { lower: self.upper, upper: self.lower }
    }
}

impl Beta {
    /// Returns the chances below and above the point `at`: the regularized incomplete beta function.
    pub(super) fn tails(self, at: Split) -> Split {
        if at.lower <= 0.0 {
            return Split { lower: 0.0, upper: 1.0 };
        }
        if at.upper <= 0.0 {
            return Split { lower: 1.0, upper: 0.0 };
        }
        if at.lower <= (self.a + 1.0) / (self.a + self.b + 2.0) {
            Split::from_lower(self.lighter_tail(at))
        } else {
            Split::from_upper(self.mirrored().lighter_tail(at.swapped()))
        }
    }

    /// Returns the point with the chance `chance.lower` below it.
    ///
    /// Newton's method on the logarithm of the coordinate that is below one half, kept inside a bracket that
    /// bisection shrinks where Newton would leave it.
    pub(super) fn quantile(self, chance: Split) -> Split {
        if self.tails(Split { lower: 0.5, upper: 0.5 }).lower >= chance.lower {
            Split::from_lower(self.small_quantile(chance))
        } else {
            Split::from_upper(self.mirrored().small_quantile(chance.swapped()))
        }
    }

    fn mirrored(self) -> Self {
        Self { a: self.b, b: self.a }
    }

    /// The chance below a point that lies below about the mean.
    fn lighter_tail(self, at: Split) -> f64 {
        if self.a.min(self.b) > SMOOTH {
            self.integrated(at)
        } else {
            self.a * (self.b / (self.a + self.b)) * self.height(at) * self.fraction(at)
        }
    }

    /// `C(a + b, a) x^a (1 - x)^b`, the binomial chance continued to real counts, in Loader's form.
    fn height(self, at: Split) -> f64 {
        let size = self.a + self.b;
        let apart = self.a * at.upper - self.b * at.lower;
        let excess = stirling_error(size) - stirling_error(self.a) - stirling_error(self.b);
        let deviances =
            deviance(self.a, size * at.lower, apart) + deviance(self.b, size * at.upper, -apart);
        (excess - deviances).exp() * (size / self.a / self.b / std::f64::consts::TAU).sqrt()
    }

    /// The density at a point.
    fn density(self, at: Split) -> f64 {
        if at.lower <= 0.0 || at.upper <= 0.0 {
            return 0.0;
        }
        self.a * (self.b / (self.a + self.b)) * self.height(at) / at.lower / at.upper
    }

    /// The lower tail as an integral of the density, for parameters so large that it is smooth.
    fn integrated(self, at: Split) -> f64 {
        let size = self.a + self.b;
        let deviation = (self.a / size * (self.b / size) / (size + 1.0)).sqrt();
        let rise = (self.a - 1.0) / at.lower - (self.b - 1.0) / at.upper;
        let width = deviation.min(4.0 / rise.max(f64::MIN_POSITIVE));
        tail_integral(|x| self.density(Split::from_lower(x)), at.lower, -width)
    }

    /// The continued fraction `α1 / (β1 + α2 / (β2 + ...))` of the incomplete beta function, by Lentz's method.
    ///
    /// Source: ACM TOMS algorithm 708 (1992). It takes both coordinates of the point and
    /// `a y - b x`, so that it keeps its digits beside either end; it converges fast below the mean.
    fn fraction(self, at: Split) -> f64 {
        let Self { a, b } = self;
        let (x, y) = (at.lower, at.upper);
        let apart = a * y - b * x + 1.0;
        let mut value = keep_off_zero(a / (a + 1.0) * apart);
        let (mut numerator, mut denominator) = (value, 0.0);
        for step in 1..MAX_STEPS {
            let m = f64::from(step);
            let scale = a + 2.0 * m - 1.0;
            let alpha = (a + m - 1.0) / scale * x * m * ((a + b + m - 1.0) / scale * x * (b - m));
            let beta =
                m + m * (b - m) * x / scale + (a + m) * (apart + m * (1.0 + y)) / (scale + 2.0);
            denominator = keep_off_zero(beta + alpha * denominator).recip();
            numerator = keep_off_zero(beta + alpha / numerator);
            let change = denominator * numerator;
            value *= change;
            if (change - 1.0).abs() <= f64::EPSILON {
                break;
            }
        }
        value.recip()
    }

    /// The quantile where it is known to be at most one half.
    fn small_quantile(self, chance: Split) -> f64 {
        let (mut low, mut high) = (f64::MIN_POSITIVE.ln(), 0.5_f64.ln());
        let mut at = (self.a / (self.a + self.b)).ln().clamp(low, high);
        for _ in 0..MAX_REFINEMENTS {
            let point = Split::from_lower(at.exp());
            let tails = self.tails(point);
            let excess = if chance.lower <= 0.5 {
                tails.lower - chance.lower
            } else {
                chance.upper - tails.upper
            };
            if excess > 0.0 {
                high = at;
            } else {
                low = at;
            }
            let newton = at - excess / (self.density(point) * point.lower);
            let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
            let moved = (next - at).abs();
            at = next;
            if moved <= f64::EPSILON {
                break;
            }
        }
        at.exp()
    }
}

/// Moves a denominator of the continued fraction away from zero.
fn keep_off_zero(value: f64) -> f64 {
    if value.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: f64, b: f64, x: f64, want: f64) {
        let got = Beta { a, b }.tails(Split::from_lower(x)).lower;
        assert!((got / want - 1.0).abs() < 1e-11, "I_{x}({a}, {b}) = {got:e}, want {want:e}");
    }

    #[test]
    fn closed_forms_hold() {
        check(1.0, 1.0, 0.3, 0.3);
        check(1.0, 5.0, 0.2, 1.0 - 0.8_f64.powi(5));
        check(7.0, 1.0, 0.9, 0.9_f64.powi(7));
        check(0.5, 0.5, 0.25, 1.0 / 3.0);
        check(3_000_000.0, 3_000_000.0, 0.5, 0.5);
    }

    #[test]
    fn the_integral_joins_the_continued_fraction() {
        for (a, b) in [(4_000.0, 4_000.0), (4_000.0, 900_000.0), (1e6, 3_500.0)] {
            let beta = Beta { a, b };
            let mean: f64 = a / (a + b);
            let deviation = (mean * (1.0 - mean) / (a + b)).sqrt();
            for distance in [0.0, 0.5, 3.0, 8.0] {
                let at = Split::from_lower(mean - distance * deviation);
                let fraction = a * (b / (a + b)) * beta.height(at) * beta.fraction(at);
                let integral = beta.integrated(at);
                assert!((fraction / integral - 1.0).abs() < 1e-10, "{beta:?} {distance}");
            }
        }
    }

    #[test]
    fn a_quantile_leads_back_to_its_chance() {
        for (a, b) in [(0.5, 0.5), (0.5, 40.5), (3.0, 2.0), (1e6, 0.5), (2e4, 3e9), (1.0, 1e15)] {
            for lower in [1e-12, 0.005, 0.025, 0.5, 0.975, 1.0 - 1e-9] {
                let beta = Beta { a, b };
                let back = beta.tails(beta.quantile(Split::from_lower(lower))).lower;
                assert!((back - lower).abs() <= 1e-10 * lower, "{beta:?} at {lower}: {back}");
            }
        }
    }
}
