//! One thing that a rubric asks.

use std::ops::RangeInclusive;

/// One thing that a rubric asks of an artifact.
///
/// It is met or not (1 or 0) unless it is [rated in points](Self::with_points). A question with two answers
/// is one on which judges, and people, agree best; that is why it is the default and why there is no
/// scale of fractions, whose second digit would mean nothing.
///
/// # Examples
///
/// ```
/// use probity_eval::judge::Criterion;
///
/// let criteria = [
///     Criterion::new("polite", "The answer thanks the user or wishes them well."),
///     Criterion::new("clear", "1: cannot be followed. 3: needs a second reading. 5: clear at once.")
///         .with_points(1..=5)
///         .with_weight(2.0),
/// ];
/// # drop(criteria);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "criteria do nothing unless a judge is made of them"]
pub struct Criterion {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) weight: f32,
    pub(super) scale: Scale,
}

/// What can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    YesNo,
    Points(RangeInclusive<u8>),
}

impl Criterion {
    /// Asks whether what `description` says is true of the artifact.
    ///
    /// Say what can be seen in the artifact, one thing at a time, and what decides the doubtful cases.
    pub fn new(name: impl Into<String>, description: impl Into<String>) -> Self {
        let (name, description) = (name.into(), description.into());
        Self { name, description, weight: 1.0, scale: Scale::YesNo }
    }

    /// Counts this many times as much as a criterion of weight 1, which they have unless set; at 0 it is asked
    /// and reported, and not counted.
    pub fn with_weight(self, weight: f32) -> Self {
        Self { weight, ..self }
    }

    /// Rates in points instead: the lowest scores 0, the highest 1. The description should say what earns
    /// how many.
    pub fn with_points(self, points: RangeInclusive<u8>) -> Self {
        Self { scale: Scale::Points(points), ..self }
    }
}
