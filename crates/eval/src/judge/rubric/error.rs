//! Why a list of criteria is no rubric.

/// Why a list of criteria is no rubric.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRubric {
    /// There are no criteria, so there is nothing to ask.
    #[error("rubric has no criteria: give at least one")]
    Empty,
    /// A criterion has no name.
    #[error("criterion {index} of the rubric has no name")]
    #[non_exhaustive]
    Unnamed {
        /// Its place in the list, counted from 0.
        index: usize,
    },
    /// A criterion has no description.
    #[error("criterion {name:?} of the rubric has no description: say what makes it true")]
    #[non_exhaustive]
    Undescribed {
        /// Its name.
        name: String,
    },
    /// Two criteria have one name.
    #[error("two criteria of the rubric are named {name:?}")]
    #[non_exhaustive]
    RepeatedName {
        /// The name.
        name: String,
    },
    /// The lowest number of points is not below the highest.
    #[error(
        "criterion {name:?} of the rubric has the points {lowest}..={highest}: give at least two"
    )]
    #[non_exhaustive]
    InvalidPoints {
        /// The name of the criterion.
        name: String,
        /// The lowest number of points.
        lowest: u8,
        /// The highest number of points.
        highest: u8,
    },
    /// A weight is negative, infinite or NaN.
    #[error(
        "criterion {name:?} of the rubric has the weight {weight}, not a finite number from 0 on"
    )]
    #[non_exhaustive]
    InvalidWeight {
        /// The name of the criterion.
        name: String,
        /// The weight.
        weight: f32,
    },
    /// All weights are 0.
    #[error("no criterion of the rubric has a weight above 0")]
    NoWeight,
}
