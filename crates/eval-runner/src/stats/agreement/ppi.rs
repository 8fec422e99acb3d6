//! Means from a few labels and many verdicts: prediction-powered inference.

use serde::{Deserialize, Serialize};

use super::{
    binary::BinaryTable,
    weighted::{Weighted, covariance, mean, size, variance},
};
use crate::stats::{
    confidence::Confidence,
    counts::Counts,
    interval::Interval,
    real::{count_of, real},
};

/// Verdicts whose variance is below this are all the same: it is the rounding of their mean, squared.
const NOISE: f64 = 1e-30;

/// How much the verdicts are trusted.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lambda {
    /// In full: λ = 1, the first form of the method.
    One,
    /// As far as they go with the labels: PPI++, with the λ in 0..=1 that makes the range narrow.
    Tuned,
}

/// A mean from labels and verdicts, with its range.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PpiMean {
    /// The estimated mean; by chance it can leave 0..=1.
    pub value: f64,
    /// Its standard error.
    pub se: f64,
    /// The normal range; it can leave 0..=1.
    pub interval: Interval,
    /// The weight of the verdicts: 0 for labels alone.
    pub lambda: f64,
}

/// Returns the mean label of all items, from items with a label and a verdict and others with a verdict alone.
///
/// `λ mean(f) + mean(y - λ f)`, the first mean over the unlabeled verdicts and the second over the labeled pairs
/// `(y, f)`, with the standard error `√(λ² var(f) / N + var(y - λ f) / n)` (variances divided by their count) and a
/// normal range. It is right on average however wrong the verdicts are, if the labeled items are a random sample; it
/// is narrower than the labels alone where the verdicts are good.
///
/// [`Lambda::One`] is Angelopoulos and others 2023 (arXiv 2301.09633). [`Lambda::Tuned`] is PPI++, Angelopoulos, Duchi
/// and Zrnic 2023 (arXiv 2311.01453): `λ = cov(y, f) / ((1 + n/N) var(f))` cut to 0..=1, with the covariance of the
/// labeled pairs divided by `n` and the variance of all `n + N` verdicts by `n + N - 1`; 0 where all verdicts are the
/// same. It covers slightly less: .941 where λ = 1 gives .947, with 100 labels.
///
/// The range takes what the labels do not show for impossible. Where every verdict agrees with its label it says
/// nothing of what the judge gets wrong, and where all labels are the same it is far too narrow: with 100 labels and
/// 99 % passes, .95 ranges of λ = 1 cover .89 and those of PPI++ .63.
///
/// Domain: at least two labels, one unlabeled verdict, all in 0..=1.
///
/// # Errors
///
/// [`PpiError`] where a number is outside the domain.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Confidence, agreement::{Lambda, ppi_mean}};
///
/// let labeled = [(1.0, 0.9), (0.0, 0.4), (1.0, 0.8), (0.0, 0.1), (1.0, 1.0), (1.0, 0.6)];
/// let unlabeled = [0.9, 0.2, 0.7, 0.6, 0.1, 0.8, 0.4, 0.9];
/// let mean = ppi_mean(&labeled, &unlabeled, Lambda::One, Confidence::default())?;
/// assert!((mean.value - (0.575 + 0.2 / 6.0)).abs() < 1e-12);
/// # Ok::<(), probity_eval_runner::stats::agreement::PpiError>(())
/// ```
pub fn ppi_mean(
    labeled: &[(f64, f64)],
    unlabeled: &[f64],
    lambda: Lambda,
    confidence: Confidence,
) -> Result<PpiMean, PpiError> {
    let (labels, verdicts): (Vec<f64>, Vec<f64>) = labeled.iter().copied().unzip();
    check_values("label", &labels)?;
    check_values("verdict beside a label", &verdicts)?;
    check_values("verdict without a label", unlabeled)?;
    let pairs = labeled.iter().map(|&(label, verdict)| pair(label, verdict, 1.0)).collect();
    let alone = unlabeled.iter().map(|&value| Weighted { value, count: 1.0 }).collect();
    Ok(Sample::new(pairs, alone, count_of(labeled))?.estimate(lambda, confidence))
}

/// Returns [`ppi_mean`] of labels and verdicts that are passed (1) or failed (0): a pass rate.
///
/// # Errors
///
/// [`PpiError`] where there are fewer than two labels, or no unlabeled verdict, or more passes than verdicts.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{
///     Confidence, Counts, agreement::{BinaryTable, Lambda, ppi_pass_rate},
/// };
///
/// let table = BinaryTable {
///     true_positives: 54,
///     false_negatives: 6,
///     false_positives: 8,
///     true_negatives: 32,
/// };
/// let unlabeled = Counts { n: 2_000, c: 1_240 };
/// let rate = ppi_pass_rate(&table, unlabeled, Lambda::One, Confidence::default())?;
/// assert!((rate.value - 0.6).abs() < 1e-12);
/// # Ok::<(), probity_eval_runner::stats::agreement::PpiError>(())
/// ```
pub fn ppi_pass_rate(
    table: &BinaryTable,
    unlabeled: Counts,
    lambda: Lambda,
    confidence: Confidence,
) -> Result<PpiMean, PpiError> {
    let Counts { n, c } = unlabeled;
    let failed = n.checked_sub(c).ok_or(PpiError::PassesBeyondVerdicts { c, n })?;
    let pairs = [
        (1.0, 1.0, table.true_positives),
        (1.0, 0.0, table.false_negatives),
        (0.0, 1.0, table.false_positives),
        (0.0, 0.0, table.true_negatives),
    ];
    let pairs = pairs.map(|(label, verdict, count)| pair(label, verdict, real(count)));
    let alone = [(1.0, c), (0.0, failed)];
    let alone = alone.map(|(value, count)| Weighted { value, count: real(count) });
    Ok(Sample::new(pairs.to_vec(), alone.to_vec(), table.items())?.estimate(lambda, confidence))
}

/// Returns the mean of the labels alone, with the same kind of range: the λ = 0 of [`ppi_mean`].
///
/// Domain: at least two labels, all in 0..=1.
///
/// # Errors
///
/// [`PpiError`] where a number is outside the domain.
pub fn label_mean(labels: &[f64], confidence: Confidence) -> Result<PpiMean, PpiError> {
    check_values("label", labels)?;
    check_labels(count_of(labels))?;
    let labels: Vec<_> = labels.iter().map(|&value| Weighted { value, count: 1.0 }).collect();
    let error = (variance(&labels, |label| *label) / size(&labels)).sqrt();
    Ok(PpiMean::new(mean(&labels, |label| *label), error, 0.0, confidence))
}

impl PpiMean {
    fn new(value: f64, se: f64, lambda: f64, confidence: Confidence) -> Self {
        let half = confidence.z() * se;
        Self { value, se, interval: Interval { lo: value - half, hi: value + half }, lambda }
    }
}

/// Why labels and verdicts have no mean.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PpiError {
    /// The labels do not show how much they vary.
    #[error("{labels} labels: a range needs at least 2")]
    TooFewLabels {
        /// The number of labels.
        labels: u64,
    },
    /// There is nothing for the labels to correct.
    #[error("no verdict without a label: use the labels alone")]
    NoUnlabeled,
    /// A label or a verdict is no score.
    #[error("{name} {index} is {value}: labels and verdicts lie in 0..=1")]
    NotAScore {
        /// What the number is.
        name: &'static str,
        /// Its place among its like, from 0.
        index: usize,
        /// The number.
        value: f64,
    },
    /// More passes than verdicts were counted.
    #[error("{c} passes of {n} verdicts: passes cannot outnumber verdicts")]
    PassesBeyondVerdicts {
        /// The number of passes.
        c: u64,
        /// The number of verdicts.
        n: u64,
    },
}

fn check_values(name: &'static str, values: &[f64]) -> Result<(), PpiError> {
    match values.iter().enumerate().find(|(_, value)| !(0.0..=1.0).contains(*value)) {
        Some((index, &value)) => Err(PpiError::NotAScore { name, index, value }),
        None => Ok(()),
    }
}

fn check_labels(labels: u64) -> Result<(), PpiError> {
    if labels < 2 { Err(PpiError::TooFewLabels { labels }) } else { Ok(()) }
}

/// A label and the verdict beside it.
#[derive(Debug, Clone, Copy)]
struct Pair {
    label: f64,
    verdict: f64,
}

fn pair(label: f64, verdict: f64, count: f64) -> Weighted<Pair> {
    Weighted { value: Pair { label, verdict }, count }
}

/// Checked labels and verdicts.
#[derive(Debug)]
struct Sample {
    pairs: Vec<Weighted<Pair>>,
    alone: Vec<Weighted<f64>>,
}

impl Sample {
    fn new(
        pairs: Vec<Weighted<Pair>>,
        alone: Vec<Weighted<f64>>,
        labels: u64,
    ) -> Result<Self, PpiError> {
        check_labels(labels)?;
        if size(&alone) <= 0.0 {
            return Err(PpiError::NoUnlabeled);
        }
        Ok(Self { pairs, alone })
    }

    fn estimate(&self, lambda: Lambda, confidence: Confidence) -> PpiMean {
        let lambda = match lambda {
            Lambda::One => 1.0,
            Lambda::Tuned => self.tuned(),
        };
        let rest = |pair: &Pair| pair.label - lambda * pair.verdict;
        let value = lambda * mean(&self.alone, |verdict| *verdict) + mean(&self.pairs, rest);
        let of_verdicts = lambda * lambda * variance(&self.alone, |verdict| *verdict);
        let error =
            of_verdicts / size(&self.alone) + variance(&self.pairs, rest) / size(&self.pairs);
        PpiMean::new(value, error.sqrt(), lambda, confidence)
    }

    /// The λ of PPI++.
    fn tuned(&self) -> f64 {
        let beside =
            self.pairs.iter().map(|pair| Weighted { value: pair.value.verdict, count: pair.count });
        let all: Vec<_> = beside.chain(self.alone.iter().copied()).collect();
        let count = size(&all);
        let spread = variance(&all, |verdict| *verdict) * count / (count - 1.0);
        let shared = covariance(&self.pairs, |pair| pair.label, |pair| pair.verdict);
        let labeled = size(&self.pairs) / size(&self.alone);
        let best = shared / ((1.0 + labeled) * spread);
        // Verdicts that never vary give 0 / 0, or rounding noise over rounding noise.
        if spread > NOISE { best.clamp(0.0, 1.0) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: Result<PpiMean, PpiError>, lo: f64, hi: f64) {
        let got = got.unwrap();
        assert!((got.interval.lo - lo).abs() < 1e-12, "{got:?}");
        assert!((got.interval.hi - hi).abs() < 1e-12, "{got:?}");
        assert!((got.value - 0.5 * (lo + hi)).abs() < 1e-12, "{got:?}");
    }

    fn table([tp, fn_, fp, tn]: [u64; 4]) -> BinaryTable {
        BinaryTable {
            true_positives: tp,
            false_negatives: fn_,
            false_positives: fp,
            true_negatives: tn,
        }
    }

    #[test]
    fn pass_rates_agree_with_ppi_py() {
        // ppi_py 0.2.3, `ppi_mean_ci(Y, F, U, alpha=0.05, lam=...)` with `lam=1` and `lam=None`.
        let cases = [
            (
                table([54, 6, 8, 32]),
                Counts { n: 2_000, c: 1_240 },
                [0.523_742_538_969_837_4, 0.676_257_461_030_162_6],
                [0.530_453_488_749_248, 0.669_546_511_250_751_9],
            ),
            (
                table([78, 9, 1, 26]),
                Counts { n: 450, c: 300 },
                [0.668_380_798_615_965_8, 0.805_303_411_910_349_9],
                [0.692_975_744_287_903_9, 0.803_795_113_810_308_9],
            ),
            (
                table([6, 21, 9, 14]),
                Counts { n: 70, c: 30 },
                [0.433_812_719_755_078_07, 0.903_330_137_387_779_1],
                [0.401_853_818_651_370_6, 0.678_146_181_348_629_5],
            ),
            (
                table([2, 1, 0, 1]),
                Counts { n: 10, c: 3 },
                [0.039_373_896_618_461_47, 1.060_626_103_381_538_5],
                [0.310_086_974_240_019_6, 1.045_468_581_315_536],
            ),
        ];
        for (table, unlabeled, one, tuned) in cases {
            let rate = |lambda| ppi_pass_rate(&table, unlabeled, lambda, Confidence::default());
            check(rate(Lambda::One), one[0], one[1]);
            check(rate(Lambda::Tuned), tuned[0], tuned[1]);
        }
    }

    #[test]
    fn means_of_scores_agree_with_ppi_py() {
        let labeled = [
            (0.09, 0.0),
            (0.24, 0.9),
            (0.8, 0.85),
            (0.58, 0.51),
            (0.09, 0.03),
            (0.43, 0.3),
            (0.48, 0.27),
            (0.16, 0.08),
        ];
        let unlabeled = [0.28, 0.65, 0.7, 0.29, 0.0, 0.97, 0.3, 0.31, 0.89, 0.59, 0.47, 0.77];
        let mean = |lambda| ppi_mean(&labeled, &unlabeled, lambda, Confidence::default());
        check(mean(Lambda::One), 0.272_595_943_916_104_75, 0.746_570_722_750_561_6);
        check(mean(Lambda::Tuned), 0.263_680_244_661_295_14, 0.545_710_587_316_017_3);
    }

    #[test]
    fn a_judge_that_never_varies_is_not_listened_to() {
        let labels = [1.0, 0.0, 1.0, 1.0, 0.0, 0.3];
        let labeled = labels.map(|label| (label, 0.1));
        let level = Confidence::default();
        let tuned = ppi_mean(&labeled, &[0.1; 9], Lambda::Tuned, level).unwrap();
        assert_eq!(tuned, label_mean(&labels, level).unwrap());
    }

    #[test]
    fn errors_say_what_is_missing() {
        let level = Confidence::default();
        let mean = |labeled: &[(f64, f64)], unlabeled: &[f64]| {
            ppi_mean(labeled, unlabeled, Lambda::One, level).unwrap_err()
        };
        let pairs = [(1.0, 1.0), (0.0, 1.0)];
        assert_eq!(mean(&[], &[0.5]), PpiError::TooFewLabels { labels: 0 });
        assert_eq!(mean(&pairs[..1], &[0.5]), PpiError::TooFewLabels { labels: 1 });
        assert_eq!(mean(&pairs, &[]), PpiError::NoUnlabeled);
        assert_eq!(
            mean(&pairs, &[0.5, 1.5]).to_string(),
            "verdict without a label 1 is 1.5: labels and verdicts lie in 0..=1"
        );
        assert!(mean(&[(f64::NAN, 0.0)], &[0.5]).to_string().starts_with("label 0 is NaN"));
        assert!(mean(&[(1.0, -0.1)], &[0.5]).to_string().starts_with("verdict beside a label 0"));
        assert_eq!(label_mean(&[1.0], level), Err(PpiError::TooFewLabels { labels: 1 }));
        assert!(label_mean(&[2.0, 1.0], level).is_err());
        let beyond = ppi_pass_rate(&table([1; 4]), Counts { n: 1, c: 2 }, Lambda::One, level);
        assert_eq!(beyond, Err(PpiError::PassesBeyondVerdicts { c: 2, n: 1 }));
        let nothing = ppi_pass_rate(&table([1; 4]), Counts::default(), Lambda::One, level);
        assert_eq!(nothing, Err(PpiError::NoUnlabeled));
    }
}
