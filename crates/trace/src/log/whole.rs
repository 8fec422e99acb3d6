//! Writes fields as they stand: nothing is masked or cut any more.

use super::{
    encode::encode_dynamic,
    scratch::{Scratch, tag},
};
use crate::{redact::Redaction, value::ValueRef};

/// Writes one field that was recorded elsewhere, with the mark that it was cut there.
pub(crate) fn encode_whole(scratch: &mut Scratch, key: u32, value: ValueRef<'_>, cut: bool) {
    let start = scratch.bytes.len();
    encode_dynamic(scratch, key, value, u32::MAX, &Redaction::new());
    if let Some(head) = scratch.bytes.get_mut(start).filter(|_| cut) {
        *head |= tag::CUT;
    }
}
