//! The exact test of the claim that two agents are alike on every single task.

use super::{
    p_value::{PMethod, PValue},
    pairing::Pair,
};
use crate::stats::{m_of_k::MOfKError, quantile::normal_tail, real::real, sum::sum, urn::Urn};

/// The most products of two chances that are added up; above, the sum is taken as normal.
const MAX_WORK: u64 = 1 << 26;
/// Passes this much closer to what was expected still count as far away as those that were seen.
const TIE: f64 = 1e-9;

/// Tests whether both agents have the same pass chance on every task, by the trials of each task.
///
/// Given how many of a task's trials passed under both agents together, those of the first are hypergeometric; the
/// p-value is the chance that their sum over tasks is as far from its mean as the one that was seen (the exact form
/// of the Cochran-Mantel-Haenszel test). It is no evidence about the average over tasks: where tasks differ but the
/// average does not, it finds a difference in 15 to 27 % of cases at 5 %. For the average use
/// [`sign_flip`](super::sign_flip). A task without a trial on one side says nothing. Exact up to some 67 million
/// products of chances, normal beyond.
///
/// # Errors
///
/// [`MOfKError`] where a task has more passes than trials.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Counts, compare::{Pair, stratified}};
///
/// let task = Pair { first: Counts { n: 2, c: 2 }, second: Counts { n: 2, c: 0 } };
/// assert!((stratified(&[task])?.value - 1.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), probity_eval_runner::stats::MOfKError>(())
/// ```
pub fn stratified(pairs: &[Pair]) -> Result<PValue, MOfKError> {
    let mut tasks = Vec::with_capacity(pairs.len());
    for pair in pairs {
        tasks.extend(Task::new(pair)?);
    }
    let expected = sum(tasks.iter().map(|task| task.expected));
    let observed = sum(tasks.iter().map(|task| real(task.observed)));
    let distance = (observed - expected).abs();
    let value = match passes(&tasks) {
        Some((fewest, chances)) => {
            let passes = (0..).map(|more| real(fewest.saturating_add(more)));
            let all = passes.zip(&chances);
            let far = all.filter(|(passes, _)| (passes - expected).abs() >= distance - TIE);
            return Ok(PValue::new(sum(far.map(|(_, &p)| p)), PMethod::Exact));
        }
        None => normal_tail(distance / sum(tasks.iter().map(|task| task.urn.variance())).sqrt()),
    };
    Ok(PValue::new(value, PMethod::Normal))
}

/// The passes of the first agent, as a draw from those of both.
struct Task {
    urn: Urn,
    observed: u64,
    expected: f64,
}

impl Task {
    /// Makes the draw; `None` where an agent has no trial.
    fn new(pair: &Pair) -> Result<Option<Self>, MOfKError> {
        let Pair { first, second } = *pair;
        for side in [first, second] {
            if side.c > side.n {
                return Err(MOfKError::PassesBeyondTrials { c: side.c, n: side.n });
            }
        }
        if first.n == 0 || second.n == 0 {
            return Ok(None);
        }
        let trials = first.n.saturating_add(second.n);
        let passes = first.c.saturating_add(second.c);
        let expected = real(first.n) * (real(passes) / real(trials));
        let urn = Urn { trials, passes, drawn: first.n };
        Ok(Some(Self { urn, observed: first.c, expected }))
    }

    /// The number of passes that the draw can hold, less one.
    fn reach(&self) -> u64 {
        self.urn.most() - self.urn.fewest()
    }
}

/// The fewest passes of all tasks together, and the chance of that many, one more, and so on; `None` where there are
/// too many to add up.
fn passes(tasks: &[Task]) -> Option<(u64, Vec<f64>)> {
    let (mut fewest, mut reach, mut work) = (0_u64, 0_u64, 0_u64);
    for task in tasks {
        fewest = fewest.checked_add(task.urn.fewest())?;
        reach = reach.checked_add(task.reach())?;
        work = work.checked_add(reach.checked_mul(task.reach())?)?;
        if work > MAX_WORK || reach > MAX_WORK {
            return None;
        }
    }
    let mut chances = vec![1.0];
    for task in tasks.iter().filter(|task| task.reach() > 0) {
        chances = convolved(&chances, &task.urn);
    }
    Some((fewest, chances))
}

fn convolved(chances: &[f64], urn: &Urn) -> Vec<f64> {
    let own: Vec<f64> = (urn.fewest()..=urn.most()).map(|passes| urn.pmf(passes)).collect();
    let mut all = vec![0.0; chances.len() + own.len() - 1];
    for (start, chance) in chances.iter().enumerate() {
        for (slot, own) in all.iter_mut().skip(start).zip(&own) {
            *slot += chance * own;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::counts::Counts;

    fn pair(first: (u64, u64), second: (u64, u64)) -> Pair {
        let counts = |(n, c)| Counts { n, c };
        Pair { first: counts(first), second: counts(second) }
    }

    #[test]
    fn one_task_agrees_with_fishers_exact_test() {
        // 3 of 4 against 1 of 4: 4 of 8 drawn 4 at a time, as far as 3 or farther: 2 (1 + 16) / 70.
        let got = stratified(&[pair((4, 3), (4, 1))]).unwrap();
        assert!((got.value - 34.0 / 70.0).abs() < 1e-13, "{got:?}");
        assert_eq!(got.method, PMethod::Exact);
    }

    #[test]
    fn many_trials_are_normal_and_near_the_exact_sum() {
        let small = [pair((4_000, 2_040), (4_000, 2_000))];
        let large: Vec<Pair> = (0..3).map(|_| pair((40_000, 20_100), (40_000, 20_000))).collect();
        let exact = stratified(&small).unwrap();
        assert_eq!(exact.method, PMethod::Exact);
        assert!((exact.value - 0.383_3).abs() < 1e-3, "{exact:?}");
        let normal = stratified(&large).unwrap();
        assert_eq!(normal.method, PMethod::Normal);
        assert!((normal.value - 0.220_7).abs() < 1e-3, "{normal:?}");
    }

    #[test]
    fn tasks_without_trials_say_nothing_and_impossible_counts_are_refused() {
        let task = pair((5, 4), (5, 1));
        let alone = stratified(&[task]).unwrap();
        assert_eq!(stratified(&[pair((0, 0), (4, 2)), task]).unwrap(), alone);
        assert_eq!(stratified(&[]).unwrap().value.to_bits(), 1.0_f64.to_bits());
        let error = stratified(&[pair((1, 2), (0, 0))]).unwrap_err();
        assert_eq!(error, MOfKError::PassesBeyondTrials { c: 2, n: 1 });
    }

    #[test]
    fn tasks_that_cannot_vary_leave_nothing_to_test() {
        let got = stratified(&[pair((9, 9), (9, 9)), pair((9, 0), (9, 0))]).unwrap();
        assert_eq!(got.value.to_bits(), 1.0_f64.to_bits());
    }
}
