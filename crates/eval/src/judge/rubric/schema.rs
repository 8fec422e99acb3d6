//! The JSON Schema of the answers to a rubric, and the check of the rubric itself.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{
    criterion::{Criterion, Scale},
    error::InvalidRubric,
};

/// Key of what led to a verdict. It sorts before the verdict in every order that JSON libraries keep, so that
/// the judge thinks first.
pub(super) const REASON: &str = "reason";

/// Key of the verdict.
pub(super) const VERDICT: &str = "verdict";

/// Makes the schema: an object with one object for each criterion, and no way to leave one out.
///
/// Only what all providers take is used: no bounds of numbers, but lists of what is allowed.
pub(super) fn of(criteria: &[(String, Criterion)]) -> Value {
    let properties = criteria.iter().map(|(key, criterion)| (key.clone(), answer(criterion)));
    let properties: Map<String, Value> = properties.collect();
    let keys: Vec<_> = criteria.iter().map(|(key, _)| key).collect();
    object(&properties.into(), &json!(keys))
}

fn answer(criterion: &Criterion) -> Value {
    let verdict = match &criterion.scale {
        Scale::YesNo => json!({ "type": "string", "enum": ["yes", "no"] }),
        Scale::Points(points) => {
            json!({ "type": "integer", "enum": points.clone().collect::<Vec<u8>>() })
        }
    };
    let properties = json!({ REASON: { "type": "string" }, VERDICT: verdict });
    object(&properties, &json!([REASON, VERDICT]))
}

fn object(properties: &Value, required: &Value) -> Value {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// Checks that criteria can be asked and counted.
pub(super) fn check(criteria: &[Criterion]) -> Result<(), InvalidRubric> {
    if criteria.is_empty() {
        return Err(InvalidRubric::Empty);
    }
    let mut names = HashSet::new();
    for (index, criterion) in criteria.iter().enumerate() {
        check_criterion(index, criterion)?;
        if !names.insert(&criterion.name) {
            return Err(InvalidRubric::RepeatedName { name: criterion.name.clone() });
        }
    }
    if criteria.iter().all(|criterion| criterion.weight == 0.0) {
        return Err(InvalidRubric::NoWeight);
    }
    Ok(())
}

fn check_criterion(index: usize, criterion: &Criterion) -> Result<(), InvalidRubric> {
    let Criterion { name, description, weight, scale } = criterion;
    let name = name.clone();
    if name.trim().is_empty() {
        return Err(InvalidRubric::Unnamed { index });
    }
    if description.trim().is_empty() {
        return Err(InvalidRubric::Undescribed { name });
    }
    if !weight.is_finite() || *weight < 0.0 {
        return Err(InvalidRubric::InvalidWeight { name, weight: *weight });
    }
    match scale {
        Scale::Points(points) if points.start() >= points.end() => {
            let (lowest, highest) = (*points.start(), *points.end());
            Err(InvalidRubric::InvalidPoints { name, lowest, highest })
        }
        _ => Ok(()),
    }
}
