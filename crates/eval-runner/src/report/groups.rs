//! The groups of related tasks.

use std::collections::BTreeSet;

use super::task::TaskTally;
use crate::stats::count_of;

/// Returns the tasks with their groups; `None` unless every task has one.
pub(super) fn of(tasks: &[TaskTally]) -> Option<Vec<(&str, &TaskTally)>> {
    tasks.iter().map(|task| Some((task.group.as_deref()?, task))).collect()
}

/// Counts the groups of the tasks that ran, where every task has one.
pub(super) fn count(tasks: &[TaskTally]) -> Option<u64> {
    let ran = of(tasks)?.into_iter().filter(|(_, task)| task.trials.trials() > 0);
    let names: BTreeSet<&str> = ran.map(|(group, _)| group).collect();
    Some(count_of(&names.into_iter().collect::<Vec<_>>()))
}

/// Counts the tasks that have a group.
pub(super) fn count_grouped(tasks: &[TaskTally]) -> u64 {
    count_of(&tasks.iter().filter(|task| task.group.is_some()).collect::<Vec<_>>())
}
