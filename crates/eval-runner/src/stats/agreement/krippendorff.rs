//! Agreement of any number of raters with missing values: Krippendorff's alpha.

use serde::{Deserialize, Serialize};

use super::confusion::ConfusionTable;
use crate::stats::{
    real::{count_of, real_len},
    sum::sum,
};

/// What the distance between two values is.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Names: values are the same or they are not.
    Nominal,
    /// Ranks: the distance is the number of values in between.
    Ordinal,
    /// Numbers: the distance is the difference.
    Interval,
}

/// Krippendorff's alpha and what it is made of.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Alpha {
    /// 1 for full agreement, 0 for as much as chance gives, below 0 for less; `None` where all values used are the
    /// same, or none is used.
    pub value: Option<f64>,
    /// The number of units with at least two values.
    pub units_used: u64,
    /// The number of units with fewer, in which nobody can agree.
    pub units_skipped: u64,
}

/// Returns Krippendorff's alpha of `raters[rater][unit]`, where `None` is a missing value.
///
/// `1 - D / E`: `D` is the mean squared distance of two values of one unit, `E` that of two values of any units,
/// and a unit of `m` values weighs `m` (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"). Time grows
/// with `n ln n` of the `n` values. Domain: finite values; an interval scale does not mind their unit or zero.
///
/// # Errors
///
/// [`KrippendorffError`] where raters differ in their number of units, or a value is not finite.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::agreement::{Scale, krippendorff_alpha};
///
/// let raters = [
///     [Some(1.0), Some(2.0), Some(3.0), None, Some(2.0)],
///     [Some(1.0), Some(2.0), Some(3.0), Some(1.0), None],
///     [Some(1.0), Some(3.0), Some(3.0), None, None],
/// ];
/// let [names, numbers] = [Scale::Nominal, Scale::Interval]
///     .map(|scale| krippendorff_alpha(&raters, scale));
/// let (names, numbers) = (names?, numbers?);
/// assert_eq!((names.units_used, names.units_skipped), (3, 2));
/// assert!(names.value < numbers.value); // 2 for 3 is a near miss only if these are numbers.
/// # Ok::<(), probity_eval_runner::stats::agreement::KrippendorffError>(())
/// ```
pub fn krippendorff_alpha<R: AsRef<[Option<f64>]>>(
    raters: &[R],
    scale: Scale,
) -> Result<Alpha, KrippendorffError> {
    let units = units(raters)?;
    let all = count_of(&units);
    let mut used: Vec<Vec<f64>> = units.into_iter().filter(|unit| unit.len() > 1).collect();
    let (units_used, units_skipped) = (count_of(&used), all - count_of(&used));
    let places = Places::of(&used, scale);
    used.iter_mut().flatten().for_each(|value| *value = places.of_value(*value));
    Ok(Alpha { value: places.vary().then(|| alpha(&used, scale)), units_used, units_skipped })
}

/// Returns [`krippendorff_alpha`] of two raters on a nominal scale; `None` of an empty table, and where both raters
/// give the same single category.
pub fn krippendorff_alpha_two_raters(table: &ConfusionTable) -> Option<f64> {
    let shares = table.shares()?;
    let pooled = shares.pooled();
    if pooled.iter().filter(|&&share| share > 0.0).count() < 2 {
        return None;
    }
    let by_chance = sum(pooled.into_iter().map(|share| share * (1.0 - share)));
    let values = 2.0 * shares.total;
    Some(1.0 - (values - 1.0) / values * shares.disagreement() / by_chance)
}

/// Why values have no alpha.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum KrippendorffError {
    /// A rater has another number of units than the first; a missing value is `None`.
    #[error(
        "rater {rater} has {found} units and the first has {expected}: a missing value is None"
    )]
    UnequalUnits {
        /// The number of the rater, from 0.
        rater: usize,
        /// Its number of units.
        found: usize,
        /// The number of units of the first rater.
        expected: usize,
    },
    /// A value is no number.
    #[error("rater {rater} gives unit {unit} the value {value}: values are finite")]
    NotFinite {
        /// The number of the rater, from 0.
        rater: usize,
        /// The number of the unit, from 0.
        unit: usize,
        /// The value.
        value: f64,
    },
}

/// The values of each unit, without the missing ones.
fn units<R: AsRef<[Option<f64>]>>(raters: &[R]) -> Result<Vec<Vec<f64>>, KrippendorffError> {
    let expected = raters.first().map_or(0, |first| first.as_ref().len());
    let mut units = vec![Vec::new(); expected];
    for (rater, values) in raters.iter().map(AsRef::as_ref).enumerate() {
        if values.len() != expected {
            let found = values.len();
            return Err(KrippendorffError::UnequalUnits { rater, found, expected });
        }
        for (unit, (held, value)) in units.iter_mut().zip(values).enumerate() {
            match *value {
                Some(value) if !value.is_finite() => {
                    return Err(KrippendorffError::NotFinite { rater, unit, value });
                }
                // Adding 0 makes one value of the two zeros.
                Some(value) => held.push(value + 0.0),
                None => {}
            }
        }
    }
    Ok(units)
}

/// `1 - (n - 1) Σ spread(unit) / (m - 1) / spread(all)`, for values that are placed and vary.
fn alpha(units: &[Vec<f64>], scale: Scale) -> f64 {
    let all: Vec<f64> = units.iter().flatten().copied().collect();
    let within = sum(units.iter().map(|unit| spread(unit, scale) / (real_len(unit) - 1.0)));
    1.0 - (real_len(&all) - 1.0) * (within / spread(&all, scale))
}

/// The sum of the squared distances over all ordered pairs of values.
fn spread(values: &[f64], scale: Scale) -> f64 {
    let count = real_len(values);
    if scale == Scale::Nominal {
        return sum(runs(values).map(|(_, same)| same * (count - same)));
    }
    let center = sum(values.iter().copied()) / count;
    2.0 * count * sum(values.iter().map(|value| (value - center).powi(2)))
}

/// Each different value in rising order, and how often it occurs.
fn runs(values: &[f64]) -> impl Iterator<Item = (f64, f64)> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let runs: Vec<(f64, f64)> = sorted
        .chunk_by(|a, b| a.total_cmp(b).is_eq())
        .filter_map(|run| Some((*run.first()?, real_len(run))))
        .collect();
    runs.into_iter()
}

/// Where each value lies on a line on which the distance of the scale is the difference.
#[derive(Debug)]
struct Places {
    /// Each different value in rising order, with its place.
    places: Vec<(f64, f64)>,
}

impl Places {
    /// Names keep their value, ranks become the mean of their positions among all values, and numbers are brought
    /// to 0..=1, which no alpha depends on and no square overflows from.
    fn of(units: &[Vec<f64>], scale: Scale) -> Self {
        let all: Vec<f64> = units.iter().flatten().copied().collect();
        let runs: Vec<(f64, f64)> = runs(&all).collect();
        let [lowest, highest] =
            [runs.first(), runs.last()].map(|end| end.map_or(0.0, |&(value, _)| value));
        let mut before = 0.0;
        let places = runs.into_iter().map(|(value, count)| {
            let place = match scale {
                Scale::Nominal => value,
                Scale::Ordinal => before + 0.5 * count,
                Scale::Interval => share_of(value, lowest, highest),
            };
            before += count;
            (value, place)
        });
        Self { places: places.collect() }
    }

    fn of_value(&self, value: f64) -> f64 {
        let found = self.places.binary_search_by(|(known, _)| known.total_cmp(&value));
        found.ok().and_then(|at| self.places.get(at)).map_or(value, |&(_, place)| place)
    }

    /// Whether there are two different values.
    fn vary(&self) -> bool {
        self.places.len() > 1
    }
}

/// How far a value lies from the lowest to the highest, in 0..=1.
fn share_of(value: f64, lowest: f64, highest: f64) -> f64 {
    // The distance of two doubles of opposite sign can be too large for a double, that of their halves never.
    let scale = if (highest - lowest).is_finite() { 1.0 } else { 0.5 };
    (scale * value - scale * lowest) / (scale * highest - scale * lowest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALES: [Scale; 3] = [Scale::Nominal, Scale::Ordinal, Scale::Interval];

    #[test]
    fn values_that_never_vary_have_no_alpha() {
        let missing: [[Option<f64>; 3]; 2] = [[None, Some(1.0), None], [Some(2.0), None, None]];
        let constant = [[Some(4.0); 3]; 2];
        for scale in SCALES {
            let alpha = krippendorff_alpha(&missing, scale).unwrap();
            assert_eq!(alpha, Alpha { value: None, units_used: 0, units_skipped: 3 });
            assert_eq!(krippendorff_alpha(&constant, scale).unwrap().value, None);
            assert_eq!(krippendorff_alpha::<[_; 0]>(&[], scale).unwrap().value, None);
        }
    }

    #[test]
    fn a_value_that_stands_alone_does_not_count() {
        let with = [[Some(1.0), Some(2.0), Some(9.0)], [Some(1.0), Some(3.0), None]];
        let without = [[Some(1.0), Some(2.0)], [Some(1.0), Some(3.0)]];
        for scale in SCALES {
            let [with, without] = [
                krippendorff_alpha(&with, scale).unwrap(),
                krippendorff_alpha(&without, scale).unwrap(),
            ];
            assert_eq!(with.value, without.value);
            assert_eq!((with.units_used, with.units_skipped), (2, 1));
        }
    }

    #[test]
    fn the_two_zeros_are_one_value() {
        let zeros = [[Some(0.0), Some(1.0)], [Some(-0.0), Some(1.0)]];
        for scale in SCALES {
            assert_eq!(krippendorff_alpha(&zeros, scale).unwrap().value, Some(1.0));
        }
    }

    #[test]
    fn the_largest_and_smallest_doubles_do_not_overflow() {
        let small: [Option<f64>; 4] = [0.0, 1.0, 1.0, 0.5].map(Some);
        let other: [Option<f64>; 4] = [0.0, 1.0, 0.5, 0.0].map(Some);
        let want = krippendorff_alpha(&[small, other], Scale::Interval).unwrap().value.unwrap();
        let stretch = |values: [Option<f64>; 4]| {
            values.map(|value| value.map(|value| f64::MAX * (2.0 * value - 1.0)))
        };
        let large = [stretch(small), stretch(other)];
        let got = krippendorff_alpha(&large, Scale::Interval).unwrap().value.unwrap();
        assert!((got - want).abs() < 1e-12, "{got} and {want}");

        let tiny = [[Some(0.0), Some(f64::from_bits(1))]; 2];
        assert_eq!(krippendorff_alpha(&tiny, Scale::Interval).unwrap().value, Some(1.0));
    }

    #[test]
    fn errors_name_the_place() {
        let uneven = [vec![Some(1.0)], vec![]];
        assert_eq!(
            krippendorff_alpha(&uneven, Scale::Nominal).unwrap_err().to_string(),
            "rater 1 has 0 units and the first has 1: a missing value is None"
        );
        let infinite = [[Some(1.0), Some(f64::INFINITY)]];
        assert_eq!(
            krippendorff_alpha(&infinite, Scale::Nominal).unwrap_err().to_string(),
            "rater 0 gives unit 1 the value inf: values are finite"
        );
    }
}
