//! A few spans that this thread saw lately, kept to save looking them up in the registry.

use std::sync::Arc;

use super::{Ident, Place};
use crate::log::Log;

const SLOTS: usize = 8;

/// Spans that are not entered on this thread at the moment, by the low bits of their identifiers.
///
/// A registry uses the identifier of a closed span again, so an entry must go when its span closes.
/// Only spans that this thread opened are remembered: closing one here takes it out, and closing one
/// elsewhere is seen by the home's count of foreign closes. When the capture has ended, closes are no
/// longer followed, so that its entries count as forgotten.
#[derive(Debug)]
pub(super) struct Memory {
    slots: [Option<Remembered>; SLOTS],
}

#[derive(Debug)]
struct Remembered {
    ident: Ident,
    place: Place,
    foreign_closes: u32,
}

impl Remembered {
    #[inline]
    fn is_valid(&self) -> bool {
        self.foreign_closes == self.place.home.foreign_closes() && !self.place.home.log.is_done()
    }
}

#[inline]
fn slot_of(ident: Ident) -> usize {
    // The lowest bits number the slots of a registry's page.
    usize::try_from(ident.id % SLOTS as u64).unwrap_or(0)
}

impl Memory {
    pub(super) const fn new() -> Self {
        Self { slots: [const { None }; SLOTS] }
    }

    #[inline]
    pub(super) fn put(&mut self, ident: Ident, place: Place) {
        let foreign_closes = place.home.foreign_closes();
        if let Some(slot) = self.slots.get_mut(slot_of(ident)) {
            *slot = Some(Remembered { ident, place, foreign_closes });
        }
    }

    /// Forgets a span, whatever it was.
    pub(super) fn forget(&mut self, ident: Ident) {
        if let Some(slot) = self.slots.get_mut(slot_of(ident))
            && slot.as_ref().is_some_and(|remembered| remembered.ident == ident)
        {
            *slot = None;
        }
    }

    /// Forgets the spans of captures that have ended.
    pub(super) fn forget_ended(&mut self) {
        self.forget_if(|place| place.home.log.is_done());
    }

    /// Forgets the spans of a capture.
    pub(super) fn forget_log(&mut self, log: &Arc<Log>) {
        self.forget_if(|place| Arc::ptr_eq(&place.home.log, log));
    }

    fn forget_if(&mut self, goes: impl Fn(&Place) -> bool) {
        for slot in &mut self.slots {
            if slot.as_ref().is_some_and(|remembered| goes(&remembered.place)) {
                *slot = None;
            }
        }
    }

    #[inline]
    pub(super) fn take(&mut self, ident: Ident) -> Option<Place> {
        let slot = self.slots.get_mut(slot_of(ident))?;
        match slot {
            Some(remembered) if remembered.ident == ident && remembered.is_valid() => {
                slot.take().map(|remembered| remembered.place)
            }
            _ => None,
        }
    }

    #[inline]
    pub(super) fn get(&self, ident: Ident) -> Option<&Place> {
        let remembered = self.slots.get(slot_of(ident))?.as_ref()?;
        (remembered.ident == ident && remembered.is_valid()).then_some(&remembered.place)
    }
}
