//! Which of four things a comparison may be said to show.

use serde::{Deserialize, Serialize};

use crate::stats::{interval::Interval, spread::SAME};

/// What the range of a difference shows.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// The range lies above 0: the first is better.
    FirstBetter,
    /// The range lies below 0: the second is better.
    SecondBetter,
    /// The range holds 0 and lies within the margin that was given: they differ by less than that.
    Within {
        /// The margin.
        margin: f64,
    },
    /// The range holds 0: the tasks do not tell the two apart, which is not to say that there is no difference.
    NotSeparated,
}

/// Returns what the range of `first - second` shows, `margin` being the difference that does not matter, if any.
///
/// A range that excludes 0 shows a difference, however small, even where it lies within the margin. Ends within
/// 1e-12 of 0 are 0. A margin that is not above 0 holds no range.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Interval, compare::{Conclusion, conclude}};
///
/// let clear = Interval { lo: 0.019, hi: 0.144 };
/// assert_eq!(conclude(clear, None), Conclusion::FirstBetter);
/// let open = Interval { lo: -0.021, hi: 0.192 };
/// assert_eq!(conclude(open, None), Conclusion::NotSeparated);
/// assert_eq!(conclude(open, Some(0.2)), Conclusion::Within { margin: 0.2 });
/// ```
pub fn conclude(difference: Interval, margin: Option<f64>) -> Conclusion {
    if difference.lo > SAME {
        return Conclusion::FirstBetter;
    }
    if difference.hi < -SAME {
        return Conclusion::SecondBetter;
    }
    match margin {
        Some(margin) if -margin < difference.lo && difference.hi < margin => {
            Conclusion::Within { margin }
        }
        _ => Conclusion::NotSeparated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lo: f64, hi: f64, margin: Option<f64>, want: Conclusion) {
        assert_eq!(conclude(Interval { lo, hi }, margin), want, "{lo} to {hi} with {margin:?}");
    }

    #[test]
    fn a_range_that_touches_0_separates_nothing() {
        check(0.0, 0.2, None, Conclusion::NotSeparated);
        check(-0.2, 0.0, None, Conclusion::NotSeparated);
        check(1e-15, 0.2, None, Conclusion::NotSeparated);
        check(-0.2, -0.01, None, Conclusion::SecondBetter);
    }

    #[test]
    fn only_a_margin_that_holds_the_whole_range_is_named() {
        check(-0.02, 0.01, Some(0.02), Conclusion::NotSeparated);
        check(-0.019, 0.01, Some(0.02), Conclusion::Within { margin: 0.02 });
        check(0.001, 0.01, Some(0.02), Conclusion::FirstBetter);
        for margin in [0.0, -0.1, f64::NAN] {
            check(-0.02, 0.01, Some(margin), Conclusion::NotSeparated);
        }
    }
}
