//! The tasks that two agents share, and the ones that only one of them has.

use std::collections::BTreeMap;

use crate::stats::counts::Counts;

/// The trials of one task under two agents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Pair {
    /// The trials of the first agent.
    pub first: Counts,
    /// The trials of the second agent.
    pub second: Counts,
}

/// The tasks of two agents, by name.
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pairing<'a> {
    /// The tasks that both have, in the order of the first.
    pub tasks: Vec<(&'a str, Pair)>,
    /// The tasks that only the first has: dropped from a comparison.
    pub first_only: Vec<&'a str>,
    /// The tasks that only the second has: dropped from a comparison.
    pub second_only: Vec<&'a str>,
}

impl Pairing<'_> {
    /// Returns the pairs without their names.
    pub fn pairs(&self) -> Vec<Pair> {
        self.tasks.iter().map(|&(_, pair)| pair).collect()
    }

    /// Returns how many tasks were dropped because one side lacks them.
    pub fn dropped(&self) -> usize {
        self.first_only.len() + self.second_only.len()
    }
}

/// Matches the tasks of two agents by name.
///
/// # Errors
///
/// [`PairingError`] where an agent has a task twice.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Counts, compare::pair_up};
///
/// let refund = ("refund", Counts { n: 4, c: 3 });
/// let cancel = ("cancel", Counts { n: 4, c: 1 });
/// let pairing = pair_up(&[refund, cancel], &[cancel])?;
/// assert_eq!(pairing.tasks[0].0, "cancel");
/// assert_eq!((pairing.first_only, pairing.second_only), (vec!["refund"], vec![]));
/// # Ok::<(), probity_eval_runner::stats::compare::PairingError>(())
/// ```
pub fn pair_up<'a>(
    first: &[(&'a str, Counts)],
    second: &[(&'a str, Counts)],
) -> Result<Pairing<'a>, PairingError> {
    by_name(first, "first")?;
    let mut others = by_name(second, "second")?;
    let mut pairing = Pairing::default();
    for &(name, first) in first {
        match others.remove(name) {
            Some(second) => pairing.tasks.push((name, Pair { first, second })),
            None => pairing.first_only.push(name),
        }
    }
    let left = second.iter().map(|&(name, _)| name).filter(|name| others.contains_key(name));
    pairing.second_only = left.collect();
    Ok(pairing)
}

/// A task that one agent has twice, so that nobody can say which one is meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {agent} agent has the task {task:?} twice: a task is compared once")]
pub struct PairingError {
    agent: &'static str,
    task: String,
}

fn by_name<'a>(
    tasks: &[(&'a str, Counts)],
    agent: &'static str,
) -> Result<BTreeMap<&'a str, Counts>, PairingError> {
    let mut named = BTreeMap::new();
    for &(task, counts) in tasks {
        if named.insert(task, counts).is_some() {
            return Err(PairingError { agent, task: task.to_owned() });
        }
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_one_side_has_is_named_in_its_order() {
        let task = |name| (name, Counts { n: 1, c: 1 });
        let pairing = pair_up(
            &[task("d"), task("b"), task("a")],
            &[task("z"), task("a"), task("b"), task("c")],
        )
        .unwrap();
        let names: Vec<&str> = pairing.tasks.iter().map(|&(name, _)| name).collect();
        assert_eq!(names, ["b", "a"]);
        assert_eq!(pairing.first_only, ["d"]);
        assert_eq!(pairing.second_only, ["z", "c"]);
        assert_eq!((pairing.pairs().len(), pairing.dropped()), (2, 3));
    }

    #[test]
    fn a_task_that_is_there_twice_is_refused_by_name() {
        let task = ("refund", Counts { n: 1, c: 1 });
        let error = pair_up(&[task], &[task, task]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the second agent has the task \"refund\" twice: a task is compared once"
        );
    }
}
