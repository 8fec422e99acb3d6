//! Storage for encoded fields: entries in blocks, found by position.

/// The size that blocks are filled to; offsets within one fit into 16 bits.
const BLOCK: usize = 1 << 16;

/// Where an entry lies, and how long it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) block: u32,
    pub(crate) len: u32,
    pub(crate) offset: u16,
}

/// Append-only bytes. An entry is contiguous; one larger than a block gets a block of its own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bytes {
    blocks: Vec<Vec<u8>>,
}

impl Bytes {
    #[inline]
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Entry {
        if bytes.is_empty() {
            return Entry::default();
        }
        let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        if let Some(last) = self.blocks.last_mut()
            && last.len() + bytes.len() <= BLOCK
        {
            // OK because the sum above is at most `BLOCK` and `bytes` is not empty.
            let offset = u16::try_from(last.len()).unwrap_or(u16::MAX);
            last.extend_from_slice(bytes);
            let block = u32::try_from(self.blocks.len() - 1).unwrap_or(u32::MAX);
            return Entry { block, len, offset };
        }
        self.push_in_new_block(bytes, len)
    }

    #[cold]
    fn push_in_new_block(&mut self, bytes: &[u8], len: u32) -> Entry {
        // Small captures are common: the first block grows as a vector does.
        let capacity = if self.blocks.is_empty() { 1024 } else { BLOCK };
        let mut block = Vec::with_capacity(capacity.max(bytes.len()));
        block.extend_from_slice(bytes);
        self.blocks.push(block);
        let block = u32::try_from(self.blocks.len() - 1).unwrap_or(u32::MAX);
        Entry { block, len, offset: 0 }
    }

    #[inline]
    pub(crate) fn get(&self, entry: Entry) -> &[u8] {
        let start = usize::from(entry.offset);
        self.blocks
            .get(entry.block as usize)
            .and_then(|block| block.get(start..start + entry.len as usize))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_any_size_come_back_as_they_went_in() {
        let mut bytes = Bytes::default();
        let sizes = [0, 1, 300, BLOCK - 301, 1, BLOCK, BLOCK + 1, 3 * BLOCK, 7, 0, 60_000, 60_000];
        let entries: Vec<Vec<u8>> = sizes.iter().zip(1..).map(|(&size, n)| vec![n; size]).collect();
        let places: Vec<Entry> = entries.iter().map(|entry| bytes.push(entry)).collect();
        for (entry, place) in entries.iter().zip(places) {
            assert!(bytes.get(place) == entry, "an entry of {} bytes changed", entry.len());
        }
    }
}
