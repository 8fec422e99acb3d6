//! What a judge found that compared two artifacts.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{score::Score, self_scoring::SelfScoring};

/// What a judge found that was asked twice which of two artifacts is better, in both orders.
///
/// The score is that of the first: 1 where it is better, 0 where the second is, 0.5 for a tie. So it passes
/// when it is [`scored`](crate::EvalExt::scored) where it is not worse; to let only a better one pass, use
/// [`pass_fail`](crate::pass_fail)`(|report: &PairwiseReport| report.winner == Preference::First)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PairwiseReport {
    /// The one that was preferred in both orders; otherwise a tie.
    pub winner: Preference,
    /// Whether the two orders gave different answers, so that the tie is the judge's and not the artifacts'.
    pub disagreed: bool,
    /// What was said with the first shown first.
    pub in_order: Ballot,
    /// What was said with the second shown first.
    pub swapped: Ballot,
    /// How often a reply of the judge could not be used and was sent back.
    pub corrections: u32,
}

/// What a judge said about a pair in one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ballot {
    /// Which of the pair it preferred, wherever that was shown.
    pub preference: Preference,
    /// What led to it. In the judge's words, answer 1 is the one that was shown first.
    pub reason: String,
}

/// Which of a pair is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Preference {
    /// The first of the pair.
    First,
    /// The second of the pair.
    Second,
    /// Neither.
    Tie,
}

/// Where an artifact was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Position {
    /// Before the other.
    First,
    /// After the other.
    Second,
}

impl PairwiseReport {
    pub(super) fn new(in_order: Ballot, swapped: Ballot, corrections: u32) -> Self {
        let disagreed = in_order.preference != swapped.preference;
        let winner = if disagreed { Preference::Tie } else { in_order.preference };
        Self { winner, disagreed, in_order, swapped, corrections }
    }

    /// Returns the place that won in both orders, whatever stood there, if that is what the judge went by.
    pub fn favored_position(&self) -> Option<Position> {
        match (self.in_order.preference, self.swapped.preference) {
            (Preference::First, Preference::Second) => Some(Position::First),
            (Preference::Second, Preference::First) => Some(Position::Second),
            _ => None,
        }
    }
}

impl Preference {
    /// Returns the name, as JSON has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Tie => "tie",
        }
    }

    /// Returns which of the pair is meant if the pair was shown the other way round.
    pub(super) fn swapped(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
            Self::Tie => Self::Tie,
        }
    }
}

impl fmt::Display for Preference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl SelfScoring for PairwiseReport {
    fn passed(&self) -> bool {
        self.winner != Preference::Second
    }

    fn score(&self) -> Score {
        match self.winner {
            Preference::First => Score::ONE,
            Preference::Second => Score::ZERO,
            Preference::Tie => Score::new_clamped(0.5),
        }
    }
}

/// Prints the winner, whether the orders disagreed, and on a line of its own what was said in each.
impl fmt::Display for PairwiseReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.winner {
            Preference::First => f.write_str("the first is better")?,
            Preference::Second => f.write_str("the second is better")?,
            Preference::Tie => f.write_str("a tie")?,
        }
        if self.disagreed {
            f.write_str(", since the judge disagreed with itself")?;
        }
        match self.favored_position() {
            Some(Position::First) => f.write_str(": it preferred what was shown first")?,
            Some(Position::Second) => f.write_str(": it preferred what was shown second")?,
            None => {}
        }
        let Self { in_order, swapped, corrections, .. } = self;
        write!(f, "\n- first shown first: {in_order}\n- second shown first: {swapped}")?;
        if *corrections > 0 {
            write!(f, "\n(the judge was corrected {corrections} times)")?;
        }
        Ok(())
    }
}

impl fmt::Display for Ballot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.preference, self.reason)
    }
}
