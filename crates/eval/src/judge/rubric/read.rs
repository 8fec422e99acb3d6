//! Reads the answers to a rubric.

use serde_json::Value;

use super::{
    criterion::{Criterion, Scale},
    report::{CriterionReport, RubricReport},
    schema::{REASON, VERDICT},
};
use crate::{answer_schema::InvalidAnswer, score::Score};

/// Reads the answers, in the order of the rubric.
///
/// They follow the schema; should they not, what is wrong is said all the same.
pub(super) fn read(
    criteria: &[(String, Criterion)],
    answers: &Value,
) -> Result<RubricReport, InvalidAnswer> {
    let reports = criteria.iter().map(|(key, criterion)| {
        // The keys are those of the rubric, not the judge's words.
        let wrong = |what| InvalidAnswer::plain(&format!("{key:?} {what}"));
        let answer = answers.get(key).ok_or_else(|| wrong("is not answered"))?;
        answered(criterion, answer).ok_or_else(|| wrong("has no reason or no verdict"))
    });
    reports.collect::<Result<Vec<_>, _>>().map(RubricReport::new)
}

fn answered(criterion: &Criterion, answer: &Value) -> Option<CriterionReport> {
    let reason = answer.get(REASON)?.as_str()?.to_owned();
    let (score, points) = verdict(&criterion.scale, answer.get(VERDICT)?)?;
    let (name, weight) = (criterion.name.clone(), criterion.weight);
    Some(CriterionReport { name, reason, score, points, weight })
}

fn verdict(scale: &Scale, verdict: &Value) -> Option<(Score, Option<u8>)> {
    match scale {
        Scale::YesNo => match verdict.as_str()? {
            "yes" => Some((Score::ONE, None)),
            "no" => Some((Score::ZERO, None)),
            _ => None,
        },
        Scale::Points(points) => {
            // To JSON Schema 4.0 is a whole number as well.
            let number = verdict.as_f64()?;
            let given = points.clone().find(|given| is_same(f64::from(*given), number))?;
            let (lowest, highest) = (f64::from(*points.start()), f64::from(*points.end()));
            let score = (f64::from(given) - lowest) / (highest - lowest);
            Some((Score::from_f64_clamped(score), Some(given)))
        }
    }
}

fn is_same(left: f64, right: f64) -> bool {
    (left - right).abs() < f64::EPSILON
}
