//! Which capture layers exist.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

static EXISTING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

fn existing() -> MutexGuard<'static, BTreeSet<u32>> {
    EXISTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The number of a layer, which no other layer of the process has or had.
#[derive(Debug)]
pub(crate) struct LayerNumber(u32);

impl LayerNumber {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        existing().insert(number);
        Self(number)
    }

    #[inline]
    pub(crate) fn get(&self) -> u32 {
        self.0
    }
}

impl Drop for LayerNumber {
    fn drop(&mut self) {
        existing().remove(&self.0);
    }
}

/// Returns whether the layer of this number has not been dropped.
pub(super) fn exists(number: u32) -> bool {
    existing().contains(&number)
}
