//! What a gate can look at.

use std::fmt;

/// A number of a run, or of one case, that a gate compares with a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Metric {
    /// The chance that at least `m` of `k` trials pass: `pass@k` is 1 of k, `pass^k` is k of k.
    #[non_exhaustive]
    Passes {
        /// How many must pass, from 1 to `k`.
        m: u64,
        /// The number of trials, from 1 on.
        k: u64,
    },
    /// The share of trials that were not graded.
    NotGraded,
    /// What trials took.
    #[non_exhaustive]
    Spent {
        /// What was spent.
        quantity: Quantity,
        /// Which number of all trials it is.
        statistic: Statistic,
    },
}

/// What a trial takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Quantity {
    /// Money, in US dollars.
    Cost,
    /// Tokens, of input and output.
    Tokens,
    /// Time, in seconds.
    Duration,
}

/// Which number stands for what all trials took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Statistic {
    /// The sum over trials.
    Total,
    /// The mean of trials.
    Mean,
    /// The value that this many percent of the trials do not exceed, from 1 to 99.
    Percentile(u8),
}

/// How numbers of a metric are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Share,
    Of(Quantity),
}

impl Metric {
    /// Returns the chance that at least `m` of `k` trials pass; `None` unless `1 <= m <= k`.
    pub fn passes(m: u64, k: u64) -> Option<Self> {
        (1 <= m && m <= k).then_some(Self::Passes { m, k })
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Passes { .. } | Self::NotGraded => Kind::Share,
            Self::Spent { quantity, .. } => Kind::Of(quantity),
        }
    }
}

/// Prints the metric as a gate writes it.
impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passes { m: 1, k } => write!(f, "pass@{k}"),
            Self::Passes { m, k } if m == k => write!(f, "pass^{k}"),
            Self::Passes { m, k } => write!(f, "{m}of{k}"),
            Self::NotGraded => f.write_str("not_graded"),
            Self::Spent {
                quantity: quantity @ (Quantity::Cost | Quantity::Tokens),
                statistic: Statistic::Total,
            } => quantity.fmt(f),
            Self::Spent { quantity, statistic } => write!(f, "{quantity}.{statistic}"),
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cost => "cost",
            Self::Tokens => "tokens",
            Self::Duration => "duration",
        })
    }
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Total => f.write_str("total"),
            Self::Mean => f.write_str("mean"),
            Self::Percentile(percent) => write!(f, "p{percent}"),
        }
    }
}
