//! Turns field values into bytes; the only place where a user's `Debug` code runs.

use std::fmt::{self, Write as _};

use tracing_core::{Field, field::Visit};

use crate::redact::{MASK, Redaction};

/// Texts up to this many bytes lie among the other fields; longer ones have a box of their own.
const INLINE_TEXT: usize = 512;

/// How far beyond the bound a text is still taken, so that a secret that begins before the bound is
/// recognized before the text is cut.
const LOOKAHEAD: usize = 256;

/// Marks a key that is not a field of the callsite: its index in the segment's keys follows.
pub(crate) const DYNAMIC_KEY: u8 = u8::MAX;

/// Marks a field of the callsite whose index does not fit into one byte: it follows in two.
pub(crate) const WIDE_KEY: u8 = u8::MAX - 1;

/// The first byte of an encoded field: its type, and what was done to its value.
pub(crate) mod tag {
    pub(crate) const FALSE: u8 = 0;
    pub(crate) const TRUE: u8 = 1;
    pub(crate) const I64: u8 = 2;
    pub(crate) const U64: u8 = 3;
    pub(crate) const I128: u8 = 4;
    pub(crate) const U128: u8 = 5;
    pub(crate) const F64: u8 = 6;
    pub(crate) const STR: u8 = 7;
    pub(crate) const DEBUG: u8 = 8;
    pub(crate) const LONG_STR: u8 = 9;
    pub(crate) const LONG_DEBUG: u8 = 10;
    pub(crate) const TYPE: u8 = 0x0f;
    /// The value was cut to the bound on field bytes.
    pub(crate) const CUT: u8 = 0x80;
}

/// Encoded fields on their way into a segment; reused from record to record.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub(crate) bytes: Vec<u8>,
    /// Texts that are too long to lie among the fields, in the order of `patches`.
    pub(crate) longs: Vec<Box<str>>,
    /// Where in `bytes` the index of each long text stands.
    pub(crate) patches: Vec<usize>,
    pub(crate) cut_values: u32,
}

impl Scratch {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.longs.clear();
        self.patches.clear();
        self.cut_values = 0;
    }

    /// Returns the bytes that the content will take.
    #[inline]
    pub(crate) fn weight(&self) -> u64 {
        let longs = if self.longs.is_empty() {
            0
        } else {
            self.longs.iter().map(|t| t.len()).sum()
        };
        (self.bytes.len() + longs) as u64
    }
}

/// Writes fields into a [`Scratch`].
pub(crate) struct Encoder<'a> {
    scratch: &'a mut Scratch,
    redaction: &'a Redaction,
    /// Bit `i` says that the callsite's field `i` is secret; later fields are looked at one by one.
    secrets: u64,
    max_text: usize,
    /// The value of `probity.capture`, if it was seen.
    marker: Option<bool>,
}

impl<'a> Encoder<'a> {
    pub(crate) fn new(
        scratch: &'a mut Scratch,
        redaction: &'a Redaction,
        secrets: u64,
        max_text: u32,
    ) -> Self {
        Self {
            scratch,
            redaction,
            secrets,
            max_text: max_text as usize,
            marker: None,
        }
    }

    /// Returns what `probity.capture` said, if it was among the fields.
    pub(crate) fn marker(&self) -> Option<bool> {
        self.marker
    }

    #[inline]
    fn is_secret(&self, field: &Field) -> bool {
        let index = field.index();
        if index < 64 {
            self.secrets >> index & 1 == 1
        } else {
            self.redaction.is_secret(field.name())
        }
    }

    #[inline]
    fn header(&mut self, field: &Field, tag: u8) {
        match u8::try_from(field.index()) {
            Ok(index) if index < WIDE_KEY => self.scratch.bytes.extend_from_slice(&[tag, index]),
            _ => {
                let index = u16::try_from(field.index())
                    .unwrap_or(u16::MAX)
                    .to_le_bytes();
                self.scratch
                    .bytes
                    .extend_from_slice(&[tag, WIDE_KEY, index[0], index[1]]);
            }
        }
    }

    /// Writes a value of a fixed size, or the mask in its place.
    #[inline]
    fn fixed<const N: usize>(&mut self, field: &Field, tag: u8, value: [u8; N]) {
        if self.secrets != 0
            && self.is_secret(field)
            && !Redaction::is_harmless_number(field.name())
        {
            return self.mask(field);
        }
        self.header(field, tag);
        self.scratch.bytes.extend_from_slice(&value);
    }

    #[cold]
    fn mask(&mut self, field: &Field) {
        self.header(field, tag::STR);
        push_inline(&mut self.scratch.bytes, MASK);
    }

    #[cold]
    fn long_text(&mut self, field: &Field, tag: u8, text: &str) {
        let (text, cut) = cut_text(text, self.max_text, self.redaction);
        self.scratch.cut_values += u32::from(cut);
        self.header(field, if cut { tag | tag::CUT } else { tag });
        self.scratch.patches.push(self.scratch.bytes.len());
        self.scratch.bytes.extend_from_slice(&[0; 4]);
        self.scratch.longs.push(text);
    }

    #[inline]
    fn text(&mut self, field: &Field, inline: u8, long: u8, text: &str) {
        if text.len() <= INLINE_TEXT && text.len() <= self.max_text {
            self.header(field, inline);
            push_inline(&mut self.scratch.bytes, text);
        } else {
            self.long_text(field, long, text);
        }
    }
}

/// Writes a text of at most [`INLINE_TEXT`] bytes, its length first.
#[inline]
fn push_inline(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(&u16::try_from(text.len()).unwrap_or(u16::MAX).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

/// Returns the text, cut to `max` bytes where it is longer; what is cut is scanned for secrets first.
fn cut_text(text: &str, max: usize, redaction: &Redaction) -> (Box<str>, bool) {
    if text.len() <= max {
        return (text.into(), false);
    }
    let seen = &text[..text.floor_char_boundary(max.saturating_add(LOOKAHEAD))];
    let scrubbed = redaction.scrub(seen);
    let kept = &scrubbed[..scrubbed.floor_char_boundary(max)];
    (kept.into(), true)
}

impl Visit for Encoder<'_> {
    #[inline]
    fn record_bool(&mut self, field: &Field, value: bool) {
        if field.name() == crate::policy::MARKER {
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
        if self.secrets != 0 && self.is_secret(field) {
            return self.mask(field);
        }
        self.text(field, tag::STR, tag::LONG_STR, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if self.secrets != 0 && self.is_secret(field) {
            return self.mask(field);
        }
        // The text goes straight to its place among the fields; its length is put in afterwards.
        let start = self.scratch.bytes.len();
        self.header(field, tag::DEBUG);
        let length_at = self.scratch.bytes.len();
        self.scratch.bytes.extend_from_slice(&[0; 2]);
        let text_at = self.scratch.bytes.len();
        let mut writer = BoundedText {
            bytes: &mut self.scratch.bytes,
            end: text_at
                .saturating_add(self.max_text)
                .saturating_add(LOOKAHEAD),
        };
        // An implementation of `Debug` that fails has still written what it wrote.
        let _ = write!(writer, "{value:?}");
        let length = self.scratch.bytes.len() - text_at;
        match u16::try_from(length) {
            Ok(short) if length <= INLINE_TEXT && length <= self.max_text => {
                if let Some(place) = self.scratch.bytes.get_mut(length_at..text_at) {
                    place.copy_from_slice(&short.to_le_bytes());
                }
            }
            _ => {
                let text = self.scratch.bytes.split_off(text_at);
                self.scratch.bytes.truncate(start);
                let text = String::from_utf8(text)
                    .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
                self.long_text(field, tag::LONG_DEBUG, &text);
            }
        }
    }
}

/// Takes text up to an end and lets the rest go, whole characters only.
struct BoundedText<'a> {
    bytes: &'a mut Vec<u8>,
    end: usize,
}

impl fmt::Write for BoundedText<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.end.saturating_sub(self.bytes.len());
        let kept = if text.len() <= room {
            text
        } else {
            &text[..text.floor_char_boundary(room)]
        };
        if kept.len() < text.len() {
            // Later pieces must not follow a gap.
            self.end = self.bytes.len() + kept.len();
        }
        self.bytes.extend_from_slice(kept.as_bytes());
        Ok(())
    }
}

/// Writes one field under a key that the callsite did not declare.
pub(crate) fn encode_dynamic(
    scratch: &mut Scratch,
    key: u32,
    value: crate::value::ValueRef<'_>,
    max_text: u32,
    redaction: &Redaction,
) {
    use crate::value::ValueRef;

    let mut fixed = |tag: u8, payload: &[u8]| {
        scratch.bytes.extend_from_slice(&[tag, DYNAMIC_KEY]);
        scratch.bytes.extend_from_slice(&key.to_le_bytes());
        scratch.bytes.extend_from_slice(payload);
    };
    let (inline, long, text) = match value {
        ValueRef::Bool(value) => return fixed(if value { tag::TRUE } else { tag::FALSE }, &[]),
        ValueRef::I64(value) => return fixed(tag::I64, &value.to_le_bytes()),
        ValueRef::U64(value) => return fixed(tag::U64, &value.to_le_bytes()),
        ValueRef::I128(value) => return fixed(tag::I128, &value.to_le_bytes()),
        ValueRef::U128(value) => return fixed(tag::U128, &value.to_le_bytes()),
        ValueRef::F64(value) => return fixed(tag::F64, &value.to_bits().to_le_bytes()),
        ValueRef::Str(text) => (tag::STR, tag::LONG_STR, text),
        ValueRef::Debug(text) => (tag::DEBUG, tag::LONG_DEBUG, text),
    };
    if text.len() <= INLINE_TEXT && text.len() <= max_text as usize {
        fixed(inline, &[]);
        push_inline(&mut scratch.bytes, text);
    } else {
        let (text, cut) = cut_text(text, max_text as usize, redaction);
        fixed(if cut { long | tag::CUT } else { long }, &[]);
        scratch.cut_values += u32::from(cut);
        scratch.patches.push(scratch.bytes.len());
        scratch.bytes.extend_from_slice(&[0; 4]);
        scratch.longs.push(text);
    }
}
