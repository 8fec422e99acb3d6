//! Finds out which items of two lists are the same, in their order.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
};

/// What is compared of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Token {
    /// Items with different labels are never the same.
    pub(super) label: u32,
    /// A hash of all that the item holds: among items of one label, equal ones are preferred.
    pub(super) print: u64,
}

/// The number of cells that one table may have; a power of four, so that both halves of a score fit.
const MAX_TABLE: u64 = 1 << 20;

/// Aligns lists until it has done as much work as it may; from then on, and for very long lists, it
/// only approximates.
#[derive(Debug)]
pub(super) struct Aligner {
    cells: u64,
    approximated: bool,
}

impl Aligner {
    pub(super) fn new(cells: u64) -> Self {
        Self { cells, approximated: false }
    }

    pub(super) fn approximated(&self) -> bool {
        self.approximated
    }

    /// Returns pairs of positions, rising on both sides: as many as possible and, among so many, as
    /// many as possible of equal items.
    ///
    /// The longest common subsequence of the labels by dynamic programming (Wagner and Fischer 1974),
    /// with the number of equal items as the second criterion. Equal beginnings and ends need no
    /// table. A longer one than is affordable is approximated, in time of n log n: the k-th item of a
    /// content is taken for the k-th of that content, and between those that are in order the k-th
    /// of a label for the k-th of that label.
    pub(super) fn align(&mut self, a: &[Token], b: &[Token]) -> Vec<(usize, usize)> {
        let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        let (a, b) = (tail(a, head), tail(b, head));
        let foot = a.iter().rev().zip(b.iter().rev());
        let foot = foot.take_while(|(a, b)| a == b).count();
        let (middle_a, middle_b) = (a.len() - foot, b.len() - foot);
        let middle = self.middle(slice(a, 0, middle_a), slice(b, 0, middle_b));
        let shifted = middle.into_iter().map(|(i, j)| (i + head, j + head));
        let mut pairs: Vec<_> = (0..head).map(|i| (i, i)).chain(shifted).collect();
        pairs.extend((0..foot).map(|k| (head + middle_a + k, head + middle_b + k)));
        pairs
    }

    fn middle(&mut self, a: &[Token], b: &[Token]) -> Vec<(usize, usize)> {
        if a.is_empty() || b.is_empty() {
            return Vec::new();
        }
        let cells = (a.len() as u64).saturating_mul(b.len() as u64);
        if cells > MAX_TABLE.min(self.cells) {
            self.approximated = true;
            return by_occurrence(a, b);
        }
        self.cells -= cells;
        Table::of(a, b).pairs(a, b)
    }
}

fn tail<T>(items: &[T], start: usize) -> &[T] {
    items.get(start..).unwrap_or_default()
}

fn slice<T>(items: &[T], start: usize, end: usize) -> &[T] {
    items.get(start..end).unwrap_or_default()
}

/// Scores of the best alignments of all pairs of tails: the number of pairs in the upper half of
/// the bits, the number of equal ones in the lower.
struct Table {
    width: usize,
    scores: Vec<u32>,
}

impl Table {
    fn of(a: &[Token], b: &[Token]) -> Self {
        let width = b.len() + 1;
        let mut table = Self { width, scores: vec![0; (a.len() + 1) * width] };
        for (i, a) in a.iter().enumerate().rev() {
            for (j, b) in b.iter().enumerate().rev() {
                let skipped = table.at(i + 1, j).max(table.at(i, j + 1));
                let score = score(a, b).map_or(0, |score| score + table.at(i + 1, j + 1));
                if let Some(place) = table.scores.get_mut(i * width + j) {
                    *place = skipped.max(score);
                }
            }
        }
        table
    }

    fn at(&self, i: usize, j: usize) -> u32 {
        let place = self.scores.get(i * self.width + j);
        place.copied().unwrap_or_default()
    }

    fn pairs(&self, a: &[Token], b: &[Token]) -> Vec<(usize, usize)> {
        let (mut i, mut j) = (0, 0);
        let mut pairs = Vec::new();
        while let (Some(of_a), Some(of_b)) = (a.get(i), b.get(j)) {
            let paired = score(of_a, of_b).map(|score| score + self.at(i + 1, j + 1));
            if paired == Some(self.at(i, j)) {
                pairs.push((i, j));
                (i, j) = (i + 1, j + 1);
            } else if self.at(i + 1, j) == self.at(i, j) {
                i += 1;
            } else {
                j += 1;
            }
        }
        pairs
    }
}

fn score(a: &Token, b: &Token) -> Option<u32> {
    let equal = u32::from(a.print == b.print);
    (a.label == b.label).then_some(1 << 16 | equal)
}

fn by_occurrence(a: &[Token], b: &[Token]) -> Vec<(usize, usize)> {
    let anchors = rising(&occurrences(a, b, |token| *token));
    let end = (a.len(), b.len());
    let mut pairs = Vec::new();
    let mut from = (0, 0);
    for anchor in anchors.into_iter().chain([end]) {
        let gap_a = slice(a, from.0, anchor.0);
        let gap_b = slice(b, from.1, anchor.1);
        let within = rising(&occurrences(gap_a, gap_b, |token| token.label));
        pairs.extend(within.into_iter().map(|(i, j)| (from.0 + i, from.1 + j)));
        if anchor != end {
            pairs.push(anchor);
        }
        from = (anchor.0 + 1, anchor.1 + 1);
    }
    pairs
}

/// Pairs the k-th item of a key on one side with the k-th on the other, in the order of `a`.
pub(super) fn occurrences<K: Hash + Eq>(
    a: &[Token],
    b: &[Token],
    key: impl Fn(&Token) -> K,
) -> Vec<(usize, usize)> {
    let mut places: HashMap<K, VecDeque<usize>> = HashMap::new();
    for (j, token) in b.iter().enumerate() {
        places.entry(key(token)).or_default().push_back(j);
    }
    let pair = |(i, token)| Some((i, places.get_mut(&key(token))?.pop_front()?));
    a.iter().enumerate().filter_map(pair).collect()
}

/// Returns a longest part of pairs (rising on the left) that rises on the right as well, by patience
/// sorting (Fredman 1975).
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The last pair of the best part of each length, and the pair before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let right = |at: usize| pairs.get(at).map(|&(_, j)| j);
    for (at, &(_, j)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| right(end) < Some(j));
        before.push(length.checked_sub(1).and_then(|l| ends.get(l).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let last = ends.last().copied();
    let chain = std::iter::successors(last, |&at| before.get(at).copied().flatten());
    let mut part: Vec<_> = chain.filter_map(|at| pairs.get(at).copied()).collect();
    part.reverse();
    part
}

#[cfg(test)]
mod tests {
    use proptest::{
        prelude::*,
        test_runner::{Config, RngSeed},
    };

    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        // The case of a letter tells contents apart.
        let token =
            |c: char| Token { label: u32::from(c.to_ascii_lowercase()), print: u64::from(c) };
        text.chars().map(token).collect()
    }

    #[track_caller]
    fn check(a: &str, b: &str, expected: &[(usize, usize)]) {
        let mut aligner = Aligner::new(1000);
        assert_eq!(aligner.align(&tokens(a), &tokens(b)), expected);
        assert!(!aligner.approximated());
    }

    #[test]
    fn as_many_items_as_possible_are_paired_and_equal_ones_are_preferred() {
        check("", "abc", &[]);
        check("abc", "abc", &[(0, 0), (1, 1), (2, 2)]);
        check("abc", "axc", &[(0, 0), (2, 2)]);
        check("abc", "ac", &[(0, 0), (2, 1)]);
        check("aA", "A", &[(1, 0)]);
        check("xaAy", "zAw", &[(2, 1)]);
        check("xAay", "zAw", &[(1, 1)]);
        check("ab", "BA", &[(1, 0)]);
    }

    #[test]
    fn lists_that_are_too_long_are_approximated_and_it_is_said() {
        let a = tokens(&format!("x{}", "abcd".repeat(5)));
        let b = tokens(&format!("{}y", "abcd".repeat(5)));
        let mut aligner = Aligner::new(100);
        let pairs = aligner.align(&a, &b);
        assert!(aligner.approximated());
        assert_eq!(pairs.len(), 20);
    }

    fn seeded() -> Config {
        Config { rng_seed: RngSeed::Fixed(2_026), failure_persistence: None, ..Config::default() }
    }

    proptest! {
        #![proptest_config(seeded())]

        #[test]
        fn pairs_rise_and_have_one_label(a in "[abAB]{0,40}", b in "[abAB]{0,40}", cells in 0_u64..2000) {
            let (a, b) = (tokens(&a), tokens(&b));
            let pairs = Aligner::new(cells).align(&a, &b);
            prop_assert!(pairs.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1));
            prop_assert!(pairs.iter().all(|&(i, j)| a[i].label == b[j].label));
            let exact = Aligner::new(u64::MAX).align(&a, &b);
            prop_assert!(pairs.len() <= exact.len());
        }
    }
}
