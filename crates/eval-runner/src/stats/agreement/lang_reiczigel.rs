//! The range of a corrected pass rate, where sensitivity and specificity come from labels.

use super::{
    binary::BinaryTable,
    rogan_gladen::{RoganGladenError, rogan_gladen},
};
use crate::stats::{confidence::Confidence, counts::Counts, interval::Interval, real::real};

/// Returns the range of the pass rate that [`rogan_gladen`] estimates from the judge's verdicts and a table.
///
/// Lang and Reiczigel 2014, "Confidence limits for prevalence of disease adjusted for estimated sensitivity and
/// specificity": with `q' = (c + z²/2) / (n + z²)` over `n + z²` verdicts, and `se'` and `sp'` each with one more hit
/// and one more miss, the middle is `P' + 2z² (P' v_se - (1 - P') v_sp)` and the half-width
/// `z √(v_q + P'² v_se + (1 - P')² v_sp) / |se' + sp' - 1|`, where `P'` is Rogan and Gladen's estimate of the primed
/// numbers and each `v` is `p (1 - p) / n` of one of them. It is cut to 0..=1, and stretched to the estimate where it
/// would miss it.
///
/// The verdicts must not be those of the table: the two samples are taken as independent. Coverage of a 95 % range
/// with 100 labels and 2,000 verdicts is 94 to 99 %; it falls to about 85 % where sensitivity and specificity sum to
/// barely more than 1. Where the added hits and misses turn the sign of `se + sp - 1`, the labels are so few that the
/// range is 0 to 1.
///
/// `None` where [`rogan_gladen`] has no estimate (no item is labeled as passed, or none as failed, or `se + sp = 1`),
/// and where the whole range lies outside 0..=1: then the judge cannot have this sensitivity and specificity on the
/// verdicts, whatever the pass rate.
///
/// # Errors
///
/// [`RoganGladenError`] where there is no verdict, or there are more passes than verdicts.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Confidence, Counts, agreement::{BinaryTable, rogan_gladen_range}};
///
/// let table = BinaryTable {
///     true_positives: 54,
///     false_negatives: 6,
///     false_positives: 8,
///     true_negatives: 32,
/// };
/// let judged = Counts { n: 2_000, c: 1_240 }; // 62 %, which se 0.9 and sp 0.8 correct to 60 %
/// let range = rogan_gladen_range(judged, &table, Confidence::default())?.unwrap();
/// assert!(range.lo < 0.5 && 0.7 < range.hi);
/// # Ok::<(), probity_eval_runner::stats::agreement::RoganGladenError>(())
/// ```
pub fn rogan_gladen_range(
    judged: Counts,
    table: &BinaryTable,
    confidence: Confidence,
) -> Result<Option<Interval>, RoganGladenError> {
    let Counts { n, c } = judged;
    if n == 0 {
        return Err(RoganGladenError::NoVerdicts);
    }
    if c > n {
        return Err(RoganGladenError::PassesBeyondVerdicts { c, n });
    }
    let [passed, failed] = [table.labeled_passed(), table.labeled_failed()];
    if passed.n == 0 || failed.n == 0 {
        return Ok(None);
    }
    let share = |counts: Counts| real(counts.c) / real(counts.n);
    let (sensitivity, specificity) = (share(passed), share(failed));
    let Some(estimate) = rogan_gladen(share(judged), sensitivity, specificity)? else {
        return Ok(None);
    };
    let z = confidence.z();
    let added = [(judged, 0.5 * z * z), (passed, 1.0), (failed, 1.0)];
    let adjusted = added.map(|(counts, added)| Adjusted::new(counts, added));
    let range = adjusted_range(adjusted, sensitivity + specificity - 1.0, z);
    let (lo, hi) = (range.lo.max(0.0), range.hi.min(1.0));
    let possible = lo <= hi;
    Ok(possible.then(|| Interval { lo: lo.min(estimate.value), hi: hi.max(estimate.value) }))
}

/// A share after some hits and as many misses were added.
#[derive(Debug, Clone, Copy)]
struct Adjusted {
    share: f64,
    variance: f64,
}

impl Adjusted {
    fn new(counts: Counts, added: f64) -> Self {
        let size = real(counts.n) + 2.0 * added;
        let share = (real(counts.c) + added) / size;
        Self { share, variance: share * (1.0 - share) / size }
    }
}

/// The range before it is cut; 0 to 1 where the adjusted `se + sp - 1` is 0 or has another sign than `informed`.
fn adjusted_range([q, se, sp]: [Adjusted; 3], informed: f64, z: f64) -> Interval {
    let adjusted = se.share + sp.share - 1.0;
    if adjusted * informed <= 0.0 {
        return Interval { lo: 0.0, hi: 1.0 };
    }
    let center = (q.share + sp.share - 1.0) / adjusted;
    let rest = 1.0 - center;
    let spread = q.variance + center * center * se.variance + rest * rest * sp.variance;
    let half = z * spread.sqrt() / adjusted.abs();
    let middle = center + 2.0 * z * z * (center * se.variance - rest * sp.variance);
    Interval { lo: middle - half, hi: middle + half }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(judged: (u64, u64), passed: (u64, u64), failed: (u64, u64)) -> Option<Interval> {
        let table = BinaryTable {
            true_positives: passed.1,
            false_negatives: passed.0 - passed.1,
            false_positives: failed.0 - failed.1,
            true_negatives: failed.1,
        };
        let judged = Counts { n: judged.0, c: judged.1 };
        rogan_gladen_range(judged, &table, Confidence::default()).unwrap()
    }

    #[track_caller]
    fn check(got: Option<Interval>, lo: f64, hi: f64) {
        let got = got.unwrap();
        assert!((got.lo - lo).abs() < 1e-12 && (got.hi - hi).abs() < 1e-12, "{got:?}");
    }

    #[test]
    fn ranges_are_those_of_the_published_formula() {
        // The formula of the paper, evaluated apart from this code; the third is cut at 0.
        check(
            range((2_000, 1_240), (60, 54), (40, 32)),
            0.491_388_830_215_254_8,
            0.704_439_907_217_02,
        );
        check(
            range((450, 300), (87, 78), (27, 26)),
            0.645_416_469_213_642_2,
            0.814_604_554_128_376,
        );
        check(range((78, 2), (100, 50), (200, 199)), 0.0, 0.177_704_273_632_175_4);
        check(range((200, 130), (100, 49), (200, 100)), 0.0, 1.0);
    }

    #[test]
    fn a_judge_taken_at_its_opposite_gives_the_same_range() {
        let plain = range((500, 350), (60, 54), (40, 32)).unwrap();
        let opposite = range((500, 150), (60, 6), (40, 8));
        check(opposite, plain.lo, plain.hi);
    }

    #[test]
    fn labels_too_few_to_show_the_direction_leave_everything_open() {
        // se + sp - 1 is 0.01 as counted, and below 0 with one more hit and miss on each side.
        check(range((50, 20), (1, 1), (100, 1)), 0.0, 1.0);
    }

    #[test]
    fn the_range_holds_the_estimate_where_the_formula_misses_it() {
        // All labels are met, so the estimate is the judge's 5 %; the formula ends at 0.2 %.
        check(range((2_000, 100), (98, 98), (2, 2)), 0.0, 0.05);
    }

    #[test]
    fn verdicts_that_contradict_the_labels_have_no_range() {
        // No verdict is a pass, but 40 of 40 failures were passed on the labels.
        assert_eq!(range((2_000, 0), (60, 48), (40, 0)), None);
    }

    #[test]
    fn nothing_is_said_without_both_labels_or_of_a_judge_that_does_not_look() {
        assert_eq!(range((50, 20), (0, 0), (40, 32)), None);
        assert_eq!(range((50, 20), (60, 54), (0, 0)), None);
        assert_eq!(range((50, 20), (10, 3), (10, 7)), None);
    }

    #[test]
    fn impossible_counts_are_refused() {
        let range = |n, c| {
            rogan_gladen_range(Counts { n, c }, &BinaryTable::default(), Confidence::default())
        };
        assert_eq!(range(0, 0), Err(RoganGladenError::NoVerdicts));
        assert_eq!(range(3, 4), Err(RoganGladenError::PassesBeyondVerdicts { c: 4, n: 3 }));
    }
}
