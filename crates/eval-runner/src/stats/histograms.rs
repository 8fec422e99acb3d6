//! The search for histograms of tasks that give printed values.

use super::{printed::Printed, real::real, urn::choose};

/// So many histograms are kept.
const KEPT: usize = 64;
/// The search gives up after so many steps.
const STEPS: u32 = 200_000;

/// The histograms that were found.
pub(super) struct Found {
    /// At most [`KEPT`], each the number of tasks that passed 0, 1, 2, … of their trials.
    pub(super) histograms: Vec<Vec<u64>>,
    /// Whether there are no others.
    pub(super) complete: bool,
}

/// Finds histograms of so many tasks whose `Σ h_c C(c, k)` lie in every window.
///
/// Domain: `C(trials, k)` times `tasks` is below 2^53 for every window.
pub(super) fn find(windows: &[Window], trials: u64, tasks: u64) -> Found {
    let mut search = Search { windows, found: Vec::new(), steps: 0 };
    search.extend(trials, tasks, &mut Vec::new());
    let complete = !search.is_over();
    let mut histograms = search.found;
    histograms.truncate(KEPT);
    Found { histograms, complete }
}

/// The whole numbers `Σ h_c C(c, k)` whose share of `parts` rounds to a printed value.
pub(super) struct Window {
    pub(super) k: u64,
    pub(super) parts: u64,
    lowest: u64,
    highest: u64,
}

impl Window {
    /// Makes the window of one value. Domain: `parts` below 2^53.
    pub(super) fn new(k: u64, parts: u64, printed: Printed) -> Self {
        let end = |share: f64| share.clamp(0.0, 1.0) * real(parts);
        let below = end(printed.value() - printed.reach());
        let above = end(printed.value() + printed.reach());
        Self { k, parts, lowest: whole(below.ceil()), highest: whole(above.floor()) }
    }

    /// Returns whether no whole number rounds to the value.
    pub(super) fn is_empty(&self) -> bool {
        self.lowest > self.highest
    }
}

/// The search for histograms, from the tasks that always passed downwards.
struct Search<'a> {
    windows: &'a [Window],
    found: Vec<Vec<u64>>,
    steps: u32,
}

impl Search<'_> {
    /// Tries every number of tasks with `passes` passes, `left` tasks being without a place; `above` holds the
    /// numbers of tasks with more passes, the most first.
    fn extend(&mut self, passes: u64, left: u64, above: &mut Vec<u64>) {
        self.steps += 1;
        if passes == 0 {
            let histogram = std::iter::once(left).chain(above.iter().rev().copied()).collect();
            self.found.push(histogram);
            return;
        }
        let Some((fewest, most)) = self.bounds(passes, left, above) else { return };
        for tasks in fewest..=most {
            if self.is_over() {
                break;
            }
            above.push(tasks);
            self.extend(passes - 1, left - tasks, above);
            above.pop();
        }
    }

    /// The fewest and the most tasks with `passes` passes that leave every value within reach.
    fn bounds(&self, passes: u64, left: u64, above: &[u64]) -> Option<(u64, u64)> {
        let (mut fewest, mut most) = (0, left);
        for Window { k, lowest, highest, .. } in self.windows {
            let placed = above.iter().rev().zip(passes + 1..);
            let so_far: u64 = placed.map(|(tasks, passes)| tasks * choose(passes, *k)).sum();
            let (own, next) = (choose(passes, *k), choose(passes - 1, *k));
            most = most.min(highest.checked_sub(so_far)?.checked_div(own).unwrap_or(left));
            let missing = lowest.saturating_sub(so_far + left * next);
            if missing > 0 {
                // Fewer passes than k add nothing, however many tasks have them.
                let each = own.checked_sub(next).filter(|&each| each > 0)?;
                fewest = fewest.max(missing.div_ceil(each));
            }
        }
        (fewest <= most).then_some((fewest, most))
    }

    fn is_over(&self) -> bool {
        self.steps >= STEPS || self.found.len() > KEPT
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is whole and in 0..2^53"
)]
fn whole(value: f64) -> u64 {
    value as u64
}
