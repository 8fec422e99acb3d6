//! Encoded fields on their way into a segment.

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

/// Marks a key that is not a field of the callsite: its index in the segment's keys follows.
pub(crate) const DYNAMIC_KEY: u8 = u8::MAX;

/// Marks a field of the callsite whose index does not fit into one byte: it follows in two.
pub(crate) const WIDE_KEY: u8 = u8::MAX - 1;

/// Texts up to this many bytes lie among the other fields; longer ones have a box of their own.
pub(super) const INLINE_TEXT: usize = 512;

/// Encoded fields; reused from record to record.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub(super) bytes: Vec<u8>,
    /// Texts that are too long to lie among the fields, in the order of `patches`.
    longs: Vec<Box<str>>,
    /// Where in `bytes` the index of each long text stands.
    patches: Vec<usize>,
    pub(super) cut_values: u32,
}

impl Scratch {
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.cut_values = 0;
        if !self.longs.is_empty() {
            self.longs.clear();
            self.patches.clear();
        }
    }

    /// Returns whether it is small enough to be kept for the next record.
    #[inline]
    pub(crate) fn is_small(&self) -> bool {
        self.bytes.capacity() <= 1 << 16
    }

    pub(crate) fn cut_values(&self) -> u32 {
        self.cut_values
    }

    /// Returns the bytes that the content will take.
    #[inline]
    pub(crate) fn weight(&self) -> u64 {
        let longs: usize = self.longs.iter().map(|text| text.len()).sum();
        (self.bytes.len() + longs) as u64
    }

    /// Writes the type, the key within the callsite, and the value or its first bytes.
    #[inline]
    pub(super) fn push<const N: usize>(&mut self, tag: u8, key: usize, value: [u8; N]) {
        match u8::try_from(key) {
            Ok(key) if key < WIDE_KEY => {
                // One write for the common case.
                let mut whole = [0; 18];
                whole[0] = tag;
                whole[1] = key;
                if let Some(place) = whole.get_mut(2..2 + N) {
                    place.copy_from_slice(&value);
                }
                self.bytes.extend_from_slice(whole.get(..2 + N).unwrap_or_default());
            }
            _ => {
                let [low, high] = u16::try_from(key).unwrap_or(u16::MAX).to_le_bytes();
                self.bytes.extend_from_slice(&[tag, WIDE_KEY, low, high]);
                self.bytes.extend_from_slice(&value);
            }
        }
    }

    /// Writes the type, a key that no callsite declares, and the value or its first bytes.
    pub(super) fn push_dynamic(&mut self, tag: u8, key: u32, value: &[u8]) {
        self.bytes.extend_from_slice(&[tag, DYNAMIC_KEY]);
        self.bytes.extend_from_slice(&key.to_le_bytes());
        self.bytes.extend_from_slice(value);
    }

    /// Leaves room for the number of a text that is too long to lie among the fields.
    pub(super) fn push_long(&mut self, text: Box<str>) {
        self.patches.push(self.bytes.len());
        self.bytes.extend_from_slice(&[0; 4]);
        self.longs.push(text);
    }

    /// Moves the long texts out to `longs`, and writes their numbers there into the bytes, which are
    /// then complete.
    #[inline]
    pub(super) fn finish(&mut self, longs: &mut Vec<Box<str>>) -> &[u8] {
        if !self.longs.is_empty() {
            self.move_longs(longs);
        }
        &self.bytes
    }

    #[cold]
    fn move_longs(&mut self, longs: &mut Vec<Box<str>>) {
        for (text, at) in self.longs.drain(..).zip(self.patches.drain(..)) {
            let number = u32::try_from(longs.len()).unwrap_or(u32::MAX);
            if let Some(place) = self.bytes.get_mut(at..at + 4) {
                place.copy_from_slice(&number.to_le_bytes());
            }
            longs.push(text);
        }
    }
}
