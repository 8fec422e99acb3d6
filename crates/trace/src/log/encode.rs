//! Turns field values into bytes; the only place where a user's `Debug` code runs.

use std::fmt::{self, Write as _};

use tracing_core::{Field, field::Visit};

use super::{
    scratch::{INLINE_TEXT, Scratch, tag},
    text::{self, BoundedText, LOOKAHEAD},
};
use crate::{
    policy::MARKER,
    redact::{MASK, Redaction},
    value::ValueRef,
};

/// Which fields of a callsite are secret.
#[derive(Clone, Copy)]
pub(crate) struct Secrets<'a> {
    /// Bit `i` says that field `i` may be secret. Fields from 64 on always may.
    pub(crate) fields: u64,
    pub(crate) redaction: &'a Redaction,
}

impl Secrets<'_> {
    #[inline]
    fn contain(&self, field: &Field) -> bool {
        let index = field.index();
        let may_be = index >= 64 || self.fields >> index & 1 == 1;
        may_be && self.redaction.is_secret(field.name())
    }
}

/// Writes fields of a callsite into a [`Scratch`].
pub(crate) struct Encoder<'a> {
    scratch: &'a mut Scratch,
    secrets: Secrets<'a>,
    max_text: usize,
    /// The value of `probity.capture`, if it was seen.
    marker: Option<bool>,
}

impl<'a> Encoder<'a> {
    #[inline]
    pub(crate) fn new(scratch: &'a mut Scratch, secrets: Secrets<'a>, max_text: u32) -> Self {
        Self { scratch, secrets, max_text: max_text as usize, marker: None }
    }

    /// Returns what `probity.capture` said, if it was among the fields.
    #[inline]
    pub(crate) fn marker(&self) -> Option<bool> {
        self.marker
    }

    /// Writes a value of a fixed size, or the mask in its place.
    #[inline]
    fn fixed<const N: usize>(&mut self, field: &Field, tag: u8, value: [u8; N]) {
        if self.secrets.contain(field) && !Redaction::is_harmless_number(field.name()) {
            return self.text(field, tag::STR, tag::LONG_STR, MASK);
        }
        self.scratch.push(tag, field.index(), value);
    }

    #[inline]
    fn text(&mut self, field: &Field, inline: u8, long: u8, text: &str) {
        match u16::try_from(text.len()) {
            Ok(length) if text.len() <= INLINE_TEXT.min(self.max_text) => {
                self.scratch.push(inline, field.index(), length.to_le_bytes());
                self.scratch.bytes.extend_from_slice(text.as_bytes());
            }
            _ => self.long_text(field, long, text),
        }
    }

    #[cold]
    fn long_text(&mut self, field: &Field, tag: u8, text: &str) {
        let (text, is_cut) = text::cut(text, self.max_text, self.secrets.redaction);
        self.scratch.cut_values += u32::from(is_cut);
        self.scratch.push(if is_cut { tag | tag::CUT } else { tag }, field.index(), []);
        self.scratch.push_long(text);
    }

    /// Turns a text that was written among the fields, behind its length, into a long one.
    #[cold]
    fn move_out(&mut self, field: &Field, start: usize, text_at: usize) {
        let text = self.scratch.bytes.split_off(text_at);
        self.scratch.bytes.truncate(start);
        // Only whole texts were written.
        let text = String::from_utf8_lossy(&text);
        self.long_text(field, tag::LONG_DEBUG, &text);
    }
}

impl Visit for Encoder<'_> {
    #[inline]
    fn record_bool(&mut self, field: &Field, value: bool) {
        if field.name() == MARKER {
            self.marker = Some(value);
        }
        self.fixed(field, if value { tag::TRUE } else { tag::FALSE }, []);
    }

    #[inline]
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.fixed(field, tag::I64, value.to_le_bytes());
    }

    #[inline]
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.fixed(field, tag::U64, value.to_le_bytes());
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.fixed(field, tag::I128, value.to_le_bytes());
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.fixed(field, tag::U128, value.to_le_bytes());
    }

    #[inline]
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.fixed(field, tag::F64, value.to_bits().to_le_bytes());
    }

    #[inline]
    fn record_str(&mut self, field: &Field, value: &str) {
        let value = if self.secrets.contain(field) { MASK } else { value };
        self.text(field, tag::STR, tag::LONG_STR, value);
    }

    #[inline]
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if self.secrets.contain(field) {
            return self.text(field, tag::STR, tag::LONG_STR, MASK);
        }
        // The text goes straight to its place among the fields; its length is put in afterwards.
        let start = self.scratch.bytes.len();
        self.scratch.push(tag::DEBUG, field.index(), [0; 2]);
        let text_at = self.scratch.bytes.len();
        let end = text_at.saturating_add(self.max_text).saturating_add(LOOKAHEAD);
        let mut writer = BoundedText { bytes: &mut self.scratch.bytes, end };
        // An implementation of `Debug` that fails has still written what it wrote.
        let _ = write!(writer, "{value:?}");
        let written = self.scratch.bytes.len() - text_at;
        match u16::try_from(written) {
            Ok(length) if written <= INLINE_TEXT.min(self.max_text) => {
                if let Some(place) = self.scratch.bytes.get_mut(text_at - 2..text_at) {
                    place.copy_from_slice(&length.to_le_bytes());
                }
            }
            _ => self.move_out(field, start, text_at),
        }
    }
}

/// Writes one field under a key that the callsite did not declare.
pub(crate) fn encode_dynamic(
    scratch: &mut Scratch,
    key: u32,
    value: ValueRef<'_>,
    max_text: u32,
    redaction: &Redaction,
) {
    let (inline, long, text) = match value {
        ValueRef::Bool(value) => {
            return scratch.push_dynamic(if value { tag::TRUE } else { tag::FALSE }, key, &[]);
        }
        ValueRef::I64(value) => return scratch.push_dynamic(tag::I64, key, &value.to_le_bytes()),
        ValueRef::U64(value) => return scratch.push_dynamic(tag::U64, key, &value.to_le_bytes()),
        ValueRef::I128(value) => return scratch.push_dynamic(tag::I128, key, &value.to_le_bytes()),
        ValueRef::U128(value) => return scratch.push_dynamic(tag::U128, key, &value.to_le_bytes()),
        ValueRef::F64(value) => {
            return scratch.push_dynamic(tag::F64, key, &value.to_bits().to_le_bytes());
        }
        ValueRef::Str(text) => (tag::STR, tag::LONG_STR, text),
        ValueRef::Debug(text) => (tag::DEBUG, tag::LONG_DEBUG, text),
    };
    match u16::try_from(text.len()) {
        Ok(length) if text.len() <= INLINE_TEXT.min(max_text as usize) => {
            scratch.push_dynamic(inline, key, &length.to_le_bytes());
            scratch.bytes.extend_from_slice(text.as_bytes());
        }
        _ => {
            let (text, is_cut) = text::cut(text, max_text as usize, redaction);
            scratch.cut_values += u32::from(is_cut);
            scratch.push_dynamic(if is_cut { long | tag::CUT } else { long }, key, &[]);
            scratch.push_long(text);
        }
    }
}
