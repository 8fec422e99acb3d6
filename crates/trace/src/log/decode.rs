//! Reads encoded fields back.

use tracing_core::Metadata;

use super::{
    scratch::{DYNAMIC_KEY, WIDE_KEY, tag},
    segment::Buffer,
};
use crate::value::ValueRef;

/// One field of a record, as it was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EncodedField<'a> {
    pub(crate) key: &'a str,
    pub(crate) value: ValueRef<'a>,
    /// The value was cut to the bound on field bytes.
    pub(crate) cut: bool,
}

/// Reads the fields of one entry in the order in which they were written.
#[derive(Debug, Clone)]
pub(crate) struct Fields<'a> {
    buffer: &'a Buffer,
    callsite: Option<&'static Metadata<'static>>,
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) fn new(
        buffer: &'a Buffer,
        callsite: Option<&'static Metadata<'static>>,
        rest: &'a [u8],
    ) -> Self {
        Self { buffer, callsite, rest }
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*head)
    }

    fn key(&mut self) -> Option<&'a str> {
        let [index] = self.take()?;
        let index = match index {
            DYNAMIC_KEY => {
                let index = u32::from_le_bytes(self.take()?);
                return self.buffer.keys.get(index as usize).map(|key| &**key);
            }
            WIDE_KEY => usize::from(u16::from_le_bytes(self.take()?)),
            index => usize::from(index),
        };
        // A `FieldSet` hands out its names only through its iterator.
        self.callsite?.fields().iter().nth(index).map(|field| field.name())
    }

    fn inline_text(&mut self) -> Option<&'a str> {
        let length = usize::from(u16::from_le_bytes(self.take()?));
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        std::str::from_utf8(text).ok()
    }

    fn long_text(&mut self) -> Option<&'a str> {
        let index = u32::from_le_bytes(self.take()?);
        self.buffer.longs.get(index as usize).map(|text| &**text)
    }

    fn value(&mut self, kind: u8) -> Option<ValueRef<'a>> {
        Some(match kind {
            tag::FALSE => ValueRef::Bool(false),
            tag::TRUE => ValueRef::Bool(true),
            tag::I64 => ValueRef::I64(i64::from_le_bytes(self.take()?)),
            tag::U64 => ValueRef::U64(u64::from_le_bytes(self.take()?)),
            tag::I128 => ValueRef::I128(i128::from_le_bytes(self.take()?)),
            tag::U128 => ValueRef::U128(u128::from_le_bytes(self.take()?)),
            tag::F64 => ValueRef::F64(f64::from_bits(u64::from_le_bytes(self.take()?))),
            tag::STR => ValueRef::Str(self.inline_text()?),
            tag::DEBUG => ValueRef::Debug(self.inline_text()?),
            tag::LONG_STR => ValueRef::Str(self.long_text()?),
            tag::LONG_DEBUG => ValueRef::Debug(self.long_text()?),
            _ => return None,
        })
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = EncodedField<'a>;

    fn next(&mut self) -> Option<EncodedField<'a>> {
        let [head] = self.take()?;
        let key = self.key()?;
        let value = self.value(head & tag::TYPE)?;
        Some(EncodedField { key, value, cut: head & tag::CUT != 0 })
    }
}
