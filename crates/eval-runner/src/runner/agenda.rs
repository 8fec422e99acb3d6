//! Which trial begins next.

use std::collections::VecDeque;

use crate::store::Shard;

/// A trial that is to be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Planned {
    /// The place of its case among those that are run.
    pub(super) case: usize,
    /// The index among the trials of the case.
    pub(super) index: u32,
    /// How often processes began it that ended before it did.
    pub(super) begun_before: u32,
}

/// Which part of a run is to be run.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// The place of each case that is run among all cases of the run.
    pub(super) places: Vec<usize>,
    /// How many cases the run has, those that are not run among them.
    pub(super) cases: usize,
    /// How often each case is run.
    pub(super) trials: u32,
    /// The part that this process does; `None` if all.
    pub(super) shard: Option<Shard>,
}

/// The trials of a run in the order in which they begin: trial 0 of every case, then trial 1 of every case, and so on,
/// so that a run that is cut short has tried every case about equally often. Those that were under way when a process
/// ended come last.
#[derive(Debug)]
pub(super) struct Agenda {
    part: Part,
    /// The next trial: index, then case.
    next: (u32, usize),
    /// Whether a trial is not to be begun in turn: it has finished, or comes later.
    skipped: Vec<bool>,
    later: VecDeque<Planned>,
}

impl Part {
    /// Returns whether this process runs a trial.
    pub(super) fn has(&self, case: usize, index: u32) -> bool {
        let place = self.places.get(case).copied().unwrap_or_default() as u64;
        let place = u64::from(index) * self.cases as u64 + place;
        index < self.trials && self.shard.is_none_or(|shard| shard.has(place))
    }

    /// Returns the same part with nothing to run.
    pub(super) fn without_trials(self) -> Self {
        Self { trials: 0, ..self }
    }

    /// Returns how many trials this process is to see finished.
    pub(super) fn planned(&self) -> u64 {
        if self.shard.is_none() {
            return self.places.len() as u64 * u64::from(self.trials);
        }
        let all = (0..self.trials).map(|index| {
            (0..self.places.len()).filter(|case| self.has(*case, index)).count() as u64
        });
        all.sum()
    }
}

impl Agenda {
    /// Plans every trial of a part.
    pub(super) fn new(part: Part) -> Self {
        Self { part, next: (0, 0), skipped: Vec::new(), later: VecDeque::new() }
    }

    /// Leaves a trial out.
    pub(super) fn leave_out(&mut self, case: usize, index: u32) {
        let place = index as usize * self.part.places.len() + case;
        if self.skipped.len() <= place {
            self.skipped.resize(place + 1, false);
        }
        if let Some(skipped) = self.skipped.get_mut(place) {
            *skipped = true;
        }
    }

    /// Moves a trial to the end.
    pub(super) fn postpone(&mut self, planned: Planned) {
        self.leave_out(planned.case, planned.index);
        self.later.push_back(planned);
    }

    /// Returns the part that is run.
    pub(super) fn part(&self) -> &Part {
        &self.part
    }
}

impl Iterator for Agenda {
    type Item = Planned;

    fn next(&mut self) -> Option<Planned> {
        let cases = self.part.places.len();
        while self.next.0 < self.part.trials && cases > 0 {
            let (index, case) = self.next;
            self.next = if case + 1 < cases { (index, case + 1) } else { (index + 1, 0) };
            let place = index as usize * cases + case;
            let is_skipped = self.skipped.get(place).copied().unwrap_or_default();
            if !is_skipped && self.part.has(case, index) {
                return Some(Planned { case, index, begun_before: 0 });
            }
        }
        self.later.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(shard: Option<Shard>) -> Part {
        Part { places: vec![0, 1, 2], cases: 3, trials: 2, shard }
    }

    fn keys(agenda: Agenda) -> Vec<(usize, u32)> {
        agenda.map(|planned| (planned.case, planned.index)).collect()
    }

    #[test]
    fn every_case_is_tried_once_before_any_is_tried_again() {
        let all = keys(Agenda::new(part(None)));
        assert_eq!(all, [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]);
    }

    #[test]
    fn what_is_finished_is_left_out_and_what_was_under_way_comes_last() {
        let mut agenda = Agenda::new(part(None));
        agenda.leave_out(1, 0);
        agenda.postpone(Planned { case: 0, index: 0, begun_before: 1 });
        assert_eq!(keys(agenda), [(2, 0), (0, 1), (1, 1), (2, 1), (0, 0)]);
    }

    #[test]
    fn shards_share_the_trials_without_overlap() {
        let mut all: Vec<_> = (1..=4)
            .flat_map(|index| {
                let part = part(Shard::new(index, 4));
                let keys = keys(Agenda::new(part.clone()));
                assert_eq!(keys.len() as u64, part.planned());
                assert_eq!(part.shard.map(|shard| shard.share_of(6)), Some(part.planned()));
                keys
            })
            .collect();
        all.sort_unstable();
        assert_eq!(all, [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]);
    }
}
