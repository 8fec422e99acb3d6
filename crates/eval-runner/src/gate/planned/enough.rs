//! How many cases and trials would be enough for a rule to be met at best.

use std::collections::BTreeSet;

use super::reach::PlannedReach;
use crate::{
    gate::{
        bound::Bound,
        metric::Metric,
        plan::Enough,
        rule::{Evidence, Operator, Rule, Scope},
        run::groups,
    },
    stats::{
        count_of,
        stopping::{GateReach, GateScope, PassGate, PlannedRun, gate_reach, least_count},
    },
};

/// Numbers closer together than this are held to be equal by a comparison.
const EQUAL: f64 = 1e-11;

/// Returns the smallest plan that is enough; `None` if none is, and where there are no cases to run more often.
pub(super) fn enough(reach: &PlannedReach<'_>, rule: &Rule) -> Option<Enough> {
    let Metric::Passes { m, k } = rule.metric else { return None };
    if reach.cases().is_empty() {
        return None;
    }
    match (rule.evidence, rule.bound) {
        (Evidence::Range, Bound::Fixed(amount)) => {
            let gate = pass_gate(rule.operator, (m, k), amount.value())?;
            by_range(reach, rule.scope, &gate)
        }
        (Evidence::Range, Bound::Baseline(_)) if rule.scope == Scope::Run => {
            by_trials(reach, rule, k).or_else(|| by_cases(reach, rule, k))
        }
        (Evidence::Estimate, _) | (_, Bound::Baseline(_)) => by_trials(reach, rule, k),
    }
}

/// No plan with more cases is looked for: who would need so many is not helped by the number.
const MOST_CASES: u64 = 5_000;

/// More cases like these in both runs, or more groups of them.
fn by_cases(reach: &PlannedReach<'_>, rule: &Rule, k: u64) -> Option<Enough> {
    let trials = reach.trials().max(k);
    let estimate = Rule { evidence: Evidence::Estimate, ..*rule };
    let meets = |rule: &Rule, cases| {
        reach.best_of_more(rule, cases, trials).is_ok_and(|best| rule.is_met_by(best))
    };
    let from = count_of(&reach.cases()).max(2);
    // Ranges narrow around the estimate, so that it must meet the rule.
    if from >= MOST_CASES || !meets(&estimate, from) || !meets(rule, MOST_CASES) {
        return None;
    }
    let cases = least_count(from, |cases| cases >= MOST_CASES || meets(rule, cases))?;
    let enough = Enough::new(cases, trials);
    Some(reach.groups_of_more(cases).map_or(enough, |groups| enough.with_groups(groups)))
}

/// Makes the gate that is met by passes alone; what asks for few passes asks for many failures.
fn pass_gate(operator: Operator, (m, k): (u64, u64), bound: f64) -> Option<PassGate> {
    let (m, least) = if operator.asks_for_more() { (m, bound) } else { (k - m + 1, 1.0 - bound) };
    let is_strict = matches!(operator, Operator::MoreThan | Operator::LessThan);
    let least = if is_strict { least + EQUAL } else { least };
    PassGate::new(k, m, least.clamp(0.0, 1.0)).ok()
}

/// More cases or groups for cases like these, more trials for these.
fn by_range(reach: &PlannedReach<'_>, scope: Scope, gate: &PassGate) -> Option<Enough> {
    let (cases, trials) = (reach.cases(), reach.trials());
    let count = count_of(&cases);
    let groups =
        groups(&cases).map(|groups| groups.into_iter().collect::<BTreeSet<_>>().len() as u64);
    let (tasks, question) = match scope {
        Scope::Each => (1, GateScope::TheseTasks),
        Scope::Run if count == 1 => (1, GateScope::TheseTasks),
        Scope::These => (count, GateScope::TheseTasks),
        Scope::Run => (groups.unwrap_or(count), GateScope::NewTasks),
    };
    let needed = match gate_reach(gate, PlannedRun { tasks, trials }, question, reach.level()) {
        GateReach::InReach { .. } => PlannedRun { tasks, trials },
        GateReach::OutOfReach { needed, .. } => needed?,
    };
    Some(match (scope, groups) {
        (Scope::Each, _) => Enough::new(count, needed.trials),
        (Scope::Run, Some(_)) => {
            Enough::new(count.max(needed.tasks), needed.trials).with_groups(needed.tasks)
        }
        _ => Enough::new(needed.tasks, needed.trials),
    })
}

/// More trials of the same cases. For cases like these they do not narrow the range, so no more than `k` of them are tried.
fn by_trials(reach: &PlannedReach<'_>, rule: &Rule, k: u64) -> Option<Enough> {
    let (cases, from) = (count_of(&reach.cases()), reach.trials().max(k));
    let is_enough = |trials| {
        let best = reach.best_with(rule, trials);
        best.is_ok_and(|best| rule.is_met_by(best))
    };
    let may_grow = rule.evidence == Evidence::Range && (rule.scope != Scope::Run || cases == 1);
    let trials = if may_grow {
        least_count(from, is_enough)
    } else {
        Some(from).filter(|trials| is_enough(*trials))
    };
    // More trials than can be planned are reached by rounding alone.
    trials.filter(|trials| u32::try_from(*trials).is_ok()).map(|trials| Enough::new(cases, trials))
}
