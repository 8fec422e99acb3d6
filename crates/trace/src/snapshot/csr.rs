//! Items grouped by owner, in two flat lists.

/// Compressed sparse rows: the items of owner `i` lie between offsets `i` and `i + 1`.
#[derive(Debug, Clone, Default)]
pub(super) struct Csr {
    offsets: Vec<u32>,
    items: Vec<u32>,
}

impl Csr {
    /// Groups items by their owners below `owners`, by counting sort: the items of one owner keep
    /// their order. Linear in owners and items.
    pub(super) fn group<I>(owners: usize, items: impl Fn() -> I) -> Self
    where
        I: Iterator<Item = (u32, u32)>,
    {
        let mut offsets = vec![0_u32; owners + 1];
        for (owner, _) in items() {
            if let Some(count) = offsets.get_mut(owner as usize) {
                *count += 1;
            }
        }
        // Each offset becomes the end of its row, then moves down to its start as the row is filled.
        let mut end = 0;
        for offset in &mut offsets {
            end += *offset;
            *offset = end;
        }
        let mut grouped = vec![0; end as usize];
        Self::fill(&mut offsets, &mut grouped, items());
        Self { offsets, items: grouped }
    }

    fn fill(offsets: &mut [u32], grouped: &mut [u32], items: impl Iterator<Item = (u32, u32)>) {
        // Filling from the start of each row keeps the order: starts are ends of the rows before.
        let mut previous = 0;
        for offset in offsets.iter_mut() {
            previous = std::mem::replace(offset, previous);
        }
        for (owner, item) in items {
            if let Some(next) = offsets.get_mut(owner as usize) {
                if let Some(place) = grouped.get_mut(*next as usize) {
                    *place = item;
                }
                *next += 1;
            }
        }
        // Now each offset is the end of its row, which is the start of the next.
        offsets.rotate_right(1);
        if let Some(first) = offsets.first_mut() {
            *first = 0;
        }
    }

    /// Returns the items of an owner.
    pub(super) fn row(&self, owner: u32) -> &[u32] {
        let owner = owner as usize;
        let start = self.offsets.get(owner).copied().unwrap_or_default() as usize;
        let end = self.offsets.get(owner + 1).map_or(self.items.len(), |&end| end as usize);
        self.items.get(start..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_grouped_by_owner_in_their_order() {
        let items = [(2, 10), (0, 11), (2, 12), (3, 13), (2, 14), (9, 99)];
        let csr = Csr::group(4, || items.into_iter());
        assert_eq!(csr.row(0), [11]);
        assert_eq!(csr.row(1), [] as [u32; 0]);
        assert_eq!(csr.row(2), [10, 12, 14]);
        assert_eq!(csr.row(3), [13]);
    }

    #[test]
    fn nothing_grouped_is_nothing_found() {
        assert_eq!(Csr::group(0, std::iter::empty).row(0), [] as [u32; 0]);
        assert_eq!(Csr::default().row(7), [] as [u32; 0]);
    }
}
