//! A growing list that never moves what it holds once a chunk is full.

/// The number of elements in a full chunk; a power of two, so that finding one is a shift.
const CHUNK: usize = 1024;

/// A list in chunks of [`CHUNK`]: no copy on growth, at most one chunk of slack.
#[derive(Debug, Clone)]
pub(crate) struct Chunked<T> {
    chunks: Vec<Vec<T>>,
}

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Self { chunks: Vec::new() }
    }
}

impl<T> Chunked<T> {
    #[inline]
    pub(crate) fn push(&mut self, value: T) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => last.push(value),
            _ => self.push_in_new_chunk(value),
        }
    }

    #[cold]
    fn push_in_new_chunk(&mut self, value: T) {
        // Small captures are common: the first chunk grows as a vector does, up to its full size.
        let capacity = if self.chunks.is_empty() { 16 } else { CHUNK };
        let mut chunk = Vec::with_capacity(capacity);
        chunk.push(value);
        self.chunks.push(chunk);
    }

    pub(crate) fn pop(&mut self) -> Option<T> {
        let last = self.chunks.last_mut()?;
        let value = last.pop();
        if last.is_empty() {
            self.chunks.pop();
        }
        value
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        match self.chunks.last() {
            Some(last) => (self.chunks.len() - 1) * CHUNK + last.len(),
            None => 0,
        }
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        self.chunks.get(index / CHUNK)?.get(index % CHUNK)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.chunks.get_mut(index / CHUNK)?.get_mut(index % CHUNK)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_where_they_were_pushed() {
        let mut list = Chunked::default();
        for n in 0..3 * CHUNK + 5 {
            assert_eq!(list.len(), n);
            list.push(n);
        }
        assert_eq!(list.get(CHUNK), Some(&CHUNK));
        assert_eq!(list.get(list.len()), None);
        assert!(list.iter().copied().eq(0..3 * CHUNK + 5));
        if let Some(first) = list.get_mut(0) {
            *first = 9;
        }
        assert_eq!(list.get(0), Some(&9));
    }
}
