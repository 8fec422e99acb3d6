//! What a scripted model was asked so far.

use std::collections::HashMap;

use crate::model::ModelRequest;

/// What a scripted model was asked so far, and what it has given.
#[derive(Debug, Default)]
pub(super) struct Progress {
    pub(super) requests: Vec<ModelRequest>,
    /// How many replies of a list were given.
    pub(super) given: usize,
    /// How many requests there were with each seed, and without one.
    of_seed: HashMap<Option<u64>, u64>,
}

/// The place of a request among those of a model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// How many requests came before.
    pub(super) number: u64,
    /// How many of them had the same seed.
    pub(super) of_seed: u64,
}

impl Progress {
    /// Notes a request.
    pub(super) fn note(&mut self, request: &ModelRequest) -> Place {
        let number = self.requests.len() as u64;
        self.requests.push(request.clone());
        let counted = self.of_seed.entry(request.settings.seed).or_default();
        let of_seed = *counted;
        *counted += 1;
        Place { number, of_seed }
    }
}
