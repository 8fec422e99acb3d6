//! Finds out which spans and events of two traces are the same.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{
    align::{Aligner, Token, occurrences},
    side::{Items, Labels, Side},
};
use crate::snapshot::TraceSnapshot;

/// The number of cells that all tables of one comparison may have together: a second of work.
const MAX_CELLS: u64 = 1 << 26;

/// Two traces, with partners for all spans and events that are in both.
#[derive(Debug)]
pub(super) struct Pairing<'a> {
    pub(super) before: Side<'a>,
    pub(super) after: Side<'a>,
    /// Spans of the first trace that are elsewhere in the second.
    pub(super) moved_spans: HashSet<u32>,
    /// Events of the first trace that are elsewhere in the same span of the second.
    pub(super) moved_events: HashSet<u32>,
    aligner: Aligner,
}

impl<'a> Pairing<'a> {
    pub(super) fn of(before: &'a TraceSnapshot, after: &'a TraceSnapshot) -> Self {
        let mut labels = Labels::default();
        let mut pairing = Self {
            before: Side::new(before, &mut labels),
            after: Side::new(after, &mut labels),
            moved_spans: HashSet::new(),
            moved_events: HashSet::new(),
            aligner: Aligner::new(MAX_CELLS),
        };
        let roots = (before.index().roots(), after.index().roots());
        let root_events = (before.index().root_events(), after.index().root_events());
        pairing.pair_events(root_events);
        pairing.pair_below(roots);
        pairing.pair_moved_by_content();
        pairing.pair_moved_by_name();
        pairing
    }

    pub(super) fn approximated(&self) -> bool {
        self.aligner.approximated()
    }

    /// Pairs spans of two lists of siblings, then their children, and so on.
    fn pair_below(&mut self, siblings: (&'a [u32], &'a [u32])) {
        let mut lists = vec![siblings];
        while let Some(siblings) = lists.pop() {
            let (a, b) = (&mut self.before.spans, &mut self.after.spans);
            let mut pairs = Pairs::default();
            pairs.pair(&mut self.aligner, (a, b), siblings);
            self.moved_spans.extend(pairs.moved);
            for (a, b) in pairs.all {
                let (before, after) = (self.before.trace.index(), self.after.trace.index());
                self.pair_events((before.events(a), after.events(b)));
                lists.push((before.children(a), after.children(b)));
            }
        }
    }

    fn pair_events(&mut self, events: (&[u32], &[u32])) {
        let (a, b) = (&mut self.before.events, &mut self.after.events);
        let mut pairs = Pairs::default();
        pairs.pair(&mut self.aligner, (a, b), events);
        self.moved_events.extend(pairs.moved);
    }

    /// Pairs two spans that have different parents, and what is below them.
    fn pair_moved(&mut self, a: u32, b: u32) {
        self.before.spans.set_partner(a, b);
        self.after.spans.set_partner(b, a);
        self.moved_spans.insert(a);
        let (before, after) = (self.before.trace.index(), self.after.trace.index());
        self.pair_events((before.events(a), after.events(b)));
        self.pair_below((before.children(a), after.children(b)));
    }

    /// Pairs spans that are the same with all that is in them, wherever they are.
    fn pair_moved_by_content(&mut self) {
        let mut places: HashMap<Token, VecDeque<u32>> = HashMap::new();
        for b in self.after.spans.all_single() {
            if let Some(token) = self.after.spans.token(b) {
                places.entry(token).or_default().push_back(b);
            }
        }
        for a in self.before.spans.all_single().collect::<Vec<_>>() {
            let token = self.before.spans.token(a);
            let Some(places) = token.and_then(|token| places.get_mut(&token)) else {
                continue;
            };
            // A parent is paired before its children, and they with it.
            while self.before.spans.partner(a).is_none()
                && let Some(b) = places.pop_front()
            {
                if self.after.spans.partner(b).is_none() {
                    self.pair_moved(a, b);
                }
            }
        }
    }

    /// Pairs spans whose name only one span on each side has that has no partner yet.
    fn pair_moved_by_name(&mut self) {
        let before = self.before.spans.unique_labels();
        let after = self.after.spans.unique_labels();
        let mut pairs: Vec<(u32, u32)> =
            before.iter().filter_map(|(label, a)| Some(((*a)?, (*after.get(label)?)?))).collect();
        pairs.sort_unstable();
        for (a, b) in pairs {
            let (of_a, of_b) = (self.before.spans.partner(a), self.after.spans.partner(b));
            if of_a.is_none() && of_b.is_none() {
                self.pair_moved(a, b);
            }
        }
    }
}

impl Items {
    /// Returns the position of each label that only one item without a partner has.
    fn unique_labels(&self) -> HashMap<u32, Option<u32>> {
        let mut positions = HashMap::new();
        for position in self.all_single() {
            if let Some(token) = self.token(position) {
                positions
                    .entry(token.label)
                    .and_modify(|unique| *unique = None)
                    .or_insert(Some(position));
            }
        }
        positions
    }
}

/// What was found in two lists.
#[derive(Debug, Default)]
struct Pairs {
    all: Vec<(u32, u32)>,
    /// Those of the first list whose partner is out of order.
    moved: Vec<u32>,
}

impl Pairs {
    /// Pairs items in their order, then those left over whatever their order.
    fn pair(
        &mut self,
        aligner: &mut Aligner,
        (a, b): (&mut Items, &mut Items),
        (of_a, of_b): (&[u32], &[u32]),
    ) {
        for round in 0..3 {
            let (places_a, tokens_a) = a.single(of_a);
            let (places_b, tokens_b) = b.single(of_b);
            if tokens_a.is_empty() || tokens_b.is_empty() {
                return;
            }
            let found = match round {
                0 => aligner.align(&tokens_a, &tokens_b),
                1 => occurrences(&tokens_a, &tokens_b, |token| *token),
                _ => occurrences(&tokens_a, &tokens_b, |token| token.label),
            };
            for (i, j) in found {
                let (Some(&x), Some(&y)) = (places_a.get(i), places_b.get(j)) else {
                    continue;
                };
                a.set_partner(x, y);
                b.set_partner(y, x);
                self.all.push((x, y));
                if round > 0 {
                    self.moved.push(x);
                }
            }
        }
    }
}
