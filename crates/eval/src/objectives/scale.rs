//! How the closure of an objective is placed on 0..=1.

use std::ops::RangeInclusive;

use crate::{into_score::IntoScore, objective::ObjectiveError, score::Score};

/// Places what an objective's closure returns on 0..=1, the highest value at 1.
///
/// Sealed: [`UnitScale`] and [`RangeScale`] are all there are.
pub trait Scale<T>: sealed::Sealed {
    /// Places one value.
    ///
    /// # Errors
    ///
    /// NaN has no place; what else has none is the scale's to say.
    fn place(&self, value: T) -> Result<Score, ObjectiveError>;
}

/// The scale of an objective without a range: a number must lie in 0..=1 already.
#[derive(Clone, Copy, Debug, Default)]
pub struct UnitScale;

impl<T: IntoScore> Scale<T> for UnitScale {
    fn place(&self, value: T) -> Result<Score, ObjectiveError> {
        Ok(value.into_score()?)
    }
}

/// The scale of an objective with a range: linear from its start at 0 to its end at 1.
///
/// A number beyond an end counts as that end.
#[derive(Clone, Debug)]
pub struct RangeScale {
    range: RangeInclusive<f32>,
}

impl RangeScale {
    pub(crate) fn new(range: RangeInclusive<f32>) -> Self {
        Self { range }
    }

    /// Returns the ends where they can carry a scale.
    fn ends(&self) -> Result<(f64, f64), ObjectiveError> {
        let (start, end) = (*self.range.start(), *self.range.end());
        if start.is_finite() && end.is_finite() && start < end {
            Ok((start.into(), end.into()))
        } else {
            Err(ObjectiveError::InvalidRange { start, end })
        }
    }
}

impl Scale<f32> for RangeScale {
    /// Gives (value - start) / (end - start), kept within 0..=1.
    ///
    /// # Errors
    ///
    /// Errs for NaN, and for any value where the range itself is invalid.
    fn place(&self, value: f32) -> Result<Score, ObjectiveError> {
        let (start, end) = self.ends()?;
        if value.is_nan() {
            return Err(ObjectiveError::NotANumber);
        }
        // In double precision the length of no finite range overflows.
        Ok(Score::from_f64_clamped((f64::from(value) - start) / (end - start)))
    }
}

mod sealed {
    /// Keeps [`super::Scale`] to this crate.
    #[expect(unnameable_types, reason = "what no one else can name, no one else can implement")]
    pub trait Sealed {}

    impl Sealed for super::UnitScale {}
    impl Sealed for super::RangeScale {}
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place(range: RangeInclusive<f32>, value: f32) -> Result<f32, ObjectiveError> {
        RangeScale::new(range).place(value).map(Score::value)
    }

    #[test]
    fn a_range_is_linear_and_holds_at_its_ends() {
        let table = [(-5.0, 0.0), (10.0, 0.0), (15.0, 0.25), (20.0, 0.5), (30.0, 1.0), (99.0, 1.0)];
        for (value, expected) in table {
            assert_eq!(place(10.0..=30.0, value), Ok(expected), "{value}");
        }
        assert_eq!(place(0.0..=1.0, f32::INFINITY), Ok(1.0));
        assert_eq!(place(0.0..=1.0, f32::NEG_INFINITY), Ok(0.0));
        assert_eq!(place(f32::MIN..=f32::MAX, 0.0), Ok(0.5));
    }

    #[test]
    fn a_range_does_not_hide_nan() {
        assert_eq!(place(0.0..=1.0, f32::NAN), Err(ObjectiveError::NotANumber));
    }

    #[test]
    fn a_range_that_is_none_is_an_error_that_names_it() {
        let ranges = [(1.0, 0.0), (2.0, 2.0), (0.0, f32::INFINITY), (f32::NEG_INFINITY, 0.0)];
        for (start, end) in ranges {
            let error = place(start..=end, 0.5).unwrap_err();
            assert_eq!(error, ObjectiveError::InvalidRange { start, end });
            assert!(error.to_string().contains(&format!("{start}..={end}")), "{error}");
        }
        let error = place(f32::NAN..=1.0, 0.5).unwrap_err();
        assert!(matches!(error, ObjectiveError::InvalidRange { .. }), "{error}");
    }

    proptest! {
        #[test]
        fn a_higher_value_never_places_lower(
            start in -1e6_f32..1e6, length in 1e-3_f32..1e6, a in -1e7_f32..1e7, b in -1e7_f32..1e7,
        ) {
            prop_assume!(start < start + length);
            let range = start..=start + length;
            let (low, high) = (a.min(b), a.max(b));
            prop_assert!(place(range.clone(), low).unwrap() <= place(range, high).unwrap());
        }
    }
}
