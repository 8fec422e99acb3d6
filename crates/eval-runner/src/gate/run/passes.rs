//! The chance that at least m of k trials pass: of a run, of a case, and against a baseline.

use std::collections::BTreeSet;

use super::common::Common;
use crate::{
    facts::CaseFacts,
    gate::measured::{About, Against, Measured, NoNumber, Subject},
    stats::{
        Confidence, Counts, Interval, MOfKError, Reading, clustered,
        compare::{Difference, Pair, compare_grouped},
        m_of_k, rerun_range, task_mean,
    },
};

/// Estimates the chance over cases, at least one, with the range that the subject asks for.
pub(super) fn measured(
    cases: &[&CaseFacts],
    (m, k): (u64, u64),
    subject: Subject,
    confidence: Confidence,
) -> Result<Measured, NoNumber> {
    let counts = counts(cases);
    if let Some(trials) = too_few(&counts, k) {
        return Err(NoNumber::too_few_trials(k, trials));
    }
    if let [case] = cases {
        return Ok(about(
            Measured::of_case(case.tally, (m, k), confidence)?,
            subject,
            About::ThisCase,
        ));
    }
    let mean = task_mean(&counts, k, m, confidence).map_err(impossible)?;
    let estimate = mean.mean.ok_or_else(no_range)?;
    let (range, speaks_of) = match (subject, groups(cases)) {
        (Subject::These, _) => {
            (rerun_range(&counts, k, m, confidence).ok_or_else(no_range)?, About::TheseCases)
        }
        (_, Some(groups)) => {
            (grouped(&groups, &counts, (m, k), confidence)?, About::GroupsLikeThese)
        }
        (_, None) => (mean.spread.ok_or_else(no_range)?.effective.interval, About::CasesLikeThese),
    };
    Ok(Measured::new(estimate, range).about(speaks_of))
}

fn grouped(
    groups: &[&str],
    counts: &[Counts],
    (m, k): (u64, u64),
    confidence: Confidence,
) -> Result<Interval, NoNumber> {
    let value = |(group, counts): (&&'_ str, &Counts)| {
        Ok(((*group).to_owned(), m_of_k(counts.n, counts.c, k, m)?))
    };
    let values: Result<Vec<(String, f64)>, MOfKError> =
        groups.iter().zip(counts).map(value).collect();
    let clustered = clustered(&values.map_err(impossible)?, confidence);
    Ok(clustered.ok_or_else(no_range)?.effective.interval)
}

/// Compares the chance on cases that both have, task by task, with the range that the subject asks for.
pub(super) fn against(
    common: &Common<'_>,
    (m, k): (u64, u64),
    subject: Subject,
    confidence: Confidence,
) -> Result<Against, NoNumber> {
    let (ours, theirs) = (common.ours(), common.theirs());
    let [first, second] = [counts(&ours), counts(&theirs)];
    if let Some(trials) = too_few(&first, k) {
        return Err(NoNumber::too_few_trials(k, trials));
    }
    if let Some(trials) = too_few(&second, k) {
        let reason = format!("it needs {k} trials of a case, and the baseline has {trials}");
        return Err(NoNumber::unknown(reason));
    }
    let groups = groups(&ours);
    let grouped = groups.is_some();
    let units = groups.unwrap_or_else(|| ours.iter().map(|case| &*case.id).collect());
    let pairs = first.into_iter().zip(second).map(|(first, second)| Pair { first, second });
    let pairs: Vec<(&str, Pair)> = units.into_iter().zip(pairs).collect();
    let compared = compare_grouped(&pairs, k, m, confidence).map_err(impossible)?;
    let difference = compared.difference.ok_or_else(no_range)?;
    let (range, speaks_of) = range(&difference, pairs.len() == 1, subject, grouped)?;
    let measured = about(Measured::new(difference.value, range), subject, speaks_of);
    Ok(Against::new(difference.second, measured))
}

/// The range of a difference that the subject asks for, and what it speaks of.
fn range(
    difference: &Difference,
    is_one_case: bool,
    subject: Subject,
    is_grouped: bool,
) -> Result<(Interval, About), NoNumber> {
    if is_one_case || subject == Subject::These {
        let speaks_of = if is_one_case { About::ThisCase } else { About::TheseCases };
        return Ok((difference.rerun.ok_or_else(no_range)?, speaks_of));
    }
    let speaks_of = if is_grouped { About::GroupsLikeThese } else { About::CasesLikeThese };
    Ok((difference.spread.ok_or_else(no_range)?.interval, speaks_of))
}

/// Says what a range speaks of, but for a case, where the report says it.
fn about(measured: Measured, subject: Subject, speaks_of: About) -> Measured {
    match subject {
        Subject::Case(_) => measured,
        Subject::Run | Subject::These => measured.about(speaks_of),
    }
}

fn counts(cases: &[&CaseFacts]) -> Vec<Counts> {
    cases.iter().map(|case| case.tally.read(Reading::Fail)).collect()
}

/// Returns the fewest trials of a case where they are fewer than `k`.
fn too_few(counts: &[Counts], k: u64) -> Option<u64> {
    counts.iter().map(|counts| counts.n).min().filter(|fewest| *fewest < k)
}

/// Returns the group of each case where all cases have one, and not all the same: cases of one group are taken as
/// cases like each other.
pub(in crate::gate) fn groups<'a>(cases: &[&'a CaseFacts]) -> Option<Vec<&'a str>> {
    let groups: Vec<&str> =
        cases.iter().map(|case| case.group.as_deref()).collect::<Option<_>>()?;
    let different: BTreeSet<&str> = groups.iter().copied().collect();
    (different.len() > 1).then_some(groups)
}

fn impossible(error: MOfKError) -> NoNumber {
    NoNumber::unknown(error.to_string())
}

fn no_range() -> NoNumber {
    NoNumber::unknown("these trials have no range")
}
