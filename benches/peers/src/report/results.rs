//! The figures of all workloads and peers so far.

use std::collections::BTreeMap;

use peer_bench::{Contender, Workload};

use crate::figures::Figures;

/// Figures by workload and peer, in the order of the command line's help.
#[derive(Debug, Default)]
pub(crate) struct Results(BTreeMap<Workload, BTreeMap<Contender, Figures>>);

impl Results {
    /// Adds the figures of one peer in one workload.
    pub(crate) fn insert(&mut self, workload: Workload, contender: Contender, figures: Figures) {
        self.0.entry(workload).or_default().insert(contender, figures);
    }

    /// Returns the workloads that were run.
    pub(crate) fn workloads(&self) -> impl Iterator<Item = Workload> {
        self.0.keys().copied()
    }

    /// Returns the peers of a workload with their figures.
    pub(crate) fn rows(&self, workload: Workload) -> impl Iterator<Item = (Contender, &Figures)> {
        self.0.get(&workload).into_iter().flatten().map(|(contender, row)| (*contender, row))
    }

    /// Returns the figures of one peer in one workload.
    pub(crate) fn row(&self, workload: Workload, contender: Contender) -> Option<&Figures> {
        self.0.get(&workload)?.get(&contender)
    }

    /// Returns every peer that has figures anywhere.
    pub(crate) fn contenders(&self) -> Vec<Contender> {
        let mut all: Vec<_> = self.0.values().flat_map(|rows| rows.keys().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
