//! The case strip: a column for each case, sorted by passes, with a cell for each trial.

use maud::{Markup, html};
use serde::Serialize;

/// The width that a line of columns may take, in pixels.
const WIDTH: usize = 1_096;
/// The height that the strip should not exceed, in pixels.
const HEIGHT: usize = 420;
/// The sides of a cell, in pixels: the largest is taken with which all cases fit in a line, or else in the height.
const SIDES: [usize; 7] = [18, 15, 12, 10, 8, 6, 5];
/// A case with more trials than this takes several columns of cells.
const TALL: usize = 40;
/// With more trials than this there is no strip.
const MOST: usize = 40_000;

/// Where the cells of a strip are, for the eye and for the pointer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Strip {
    /// The positions of the cases, those with the largest share of passes first.
    order: Vec<usize>,
    /// The side of a cell.
    side: usize,
    /// How many cells stand side by side for one case.
    fold: usize,
    /// How many cells stand one above the other.
    rows: usize,
    /// The distance from one case to the next.
    step: usize,
    /// The distance from one line of cases to the next.
    line: usize,
    /// How many cases a line has.
    per_line: usize,
    width: usize,
    height: usize,
}

impl Strip {
    /// Finds a place for the cells of all cases; `None` for no trial, and for too many.
    pub(super) fn of<'a>(marks: impl Iterator<Item = &'a str>) -> Option<Self> {
        let marks: Vec<&str> = marks.collect();
        let trials: usize = marks.iter().map(|marks| marks.len()).sum();
        let most = marks.iter().map(|marks| marks.len()).max().filter(|most| *most > 0)?;
        if trials > MOST {
            return None;
        }
        let mut order: Vec<usize> = (0..marks.len()).collect();
        order.sort_by_key(|case| std::cmp::Reverse(marks.get(*case).map(|marks| passes(marks))));
        let fold = most.div_ceil(TALL);
        let places: Vec<Self> = SIDES
            .iter()
            .map(|side| Self::place(order.len(), *side, fold, most.div_ceil(fold)))
            .collect();
        let in_a_line = |place: &&Self| place.per_line == order.len() && place.height <= HEIGHT;
        let low = |place: &&Self| place.height <= HEIGHT;
        let place = places.iter().find(in_a_line).or_else(|| places.iter().find(low));
        let place = place.or(places.last())?.clone();
        Some(Self { order, ..place })
    }

    fn place(cases: usize, side: usize, fold: usize, rows: usize) -> Self {
        let step = side * fold + if fold > 1 { side / 2 } else { 0 };
        let per_line = (WIDTH / step).clamp(1, cases);
        let (tall, apart) = (side * rows, side.max(8));
        let line = tall + apart;
        let height = line * cases.div_ceil(per_line) - apart;
        let width = step * per_line;
        Self { order: Vec::new(), side, fold, rows, step, line, per_line, width, height }
    }

    /// Draws all cells, given the marks of a case by its position: one path for each kind of outcome, however many
    /// trials there are.
    pub(super) fn draw<'a>(&self, marks: impl Fn(usize) -> &'a str) -> Markup {
        let [mut passed, mut failed, mut not_graded] = [const { String::new() }; 3];
        for (place, case) in self.order.iter().enumerate() {
            let left = place % self.per_line * self.step;
            let top = place / self.per_line * self.line;
            for (trial, mark) in marks(*case).chars().enumerate() {
                let (x, y) =
                    (left + trial / self.rows * self.side, top + trial % self.rows * self.side);
                match mark {
                    'p' => passed.push_str(&self.square(x, y)),
                    'f' => failed.push_str(&self.frame(x, y)),
                    _ => not_graded.push_str(&self.cross(x, y)),
                }
            }
        }
        let (width, height) = (self.width, self.height);
        let stroke = if self.side > 8 { "1.5" } else { "1" };
        html! {
            svg #strip role="img" aria-labelledby="strip-title strip-desc"
                width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) }
            {
                title #strip-title { "Every trial of every case" }
                desc #strip-desc {
                    "A column for each case, the most reliable first, with a cell for each trial: a filled square "
                    "passed, an empty one failed, a cross was not graded. The table of cases below says the same."
                }
                path.passed d=(passed) {}
                path.failed d=(failed) stroke-width=(stroke) {}
                path.ungraded d=(not_graded) stroke-width=(stroke) {}
            }
        }
    }

    /// A filled square.
    fn square(&self, x: usize, y: usize) -> String {
        let side = self.side - self.gap();
        format!("M{x} {y}h{side}v{side}h-{side}z")
    }

    /// An empty square, its line within the place of a filled one.
    fn frame(&self, x: usize, y: usize) -> String {
        let side = self.side - self.gap() - 1;
        format!("M{x}.5 {y}.5h{side}v{side}h-{side}z")
    }

    /// A cross.
    fn cross(&self, x: usize, y: usize) -> String {
        let inset = self.side / 6;
        let side = self.side - self.gap() - 2 * inset;
        let (x, y) = (x + inset, y + inset);
        format!("M{x} {y}l{side} {side}m0-{side}l-{side} {side}")
    }

    fn gap(&self) -> usize {
        if self.side > 8 { 2 } else { 1 }
    }
}

/// The passes and the size of a case, by which cases are sorted: exact shares, without division.
fn passes(marks: &str) -> Share {
    let passed = marks.bytes().filter(|mark| *mark == b'p').count();
    Share { passed, trials: marks.len() }
}

/// A share of passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Share {
    passed: usize,
    trials: usize,
}

impl Ord for Share {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.passed * other.trials.max(1)).cmp(&(other.passed * self.trials.max(1)))
    }
}

impl PartialOrd for Share {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::Strip;

    #[test]
    fn cases_are_sorted_by_their_share_of_passes_and_ties_keep_their_order() {
        let strip = Strip::of(["fff", "pf", "ppp", "pn", "ppppf"].into_iter()).unwrap();
        assert_eq!(strip.order, [2, 4, 1, 3, 0]);
    }

    #[test]
    fn many_trials_wrap_and_none_is_outside() {
        for (cases, trials) in
            [(1_usize, 1), (3, 10_000), (2_500, 4), (10_000, 1), (100, 100), (1, 40_000)]
        {
            let marks = "p".repeat(trials);
            let strip = Strip::of((0..cases).map(|_| &*marks)).unwrap();
            assert!(strip.rows * strip.fold >= trials, "{strip:?}");
            let lines = cases.div_ceil(strip.per_line);
            assert!(
                lines * strip.line <= strip.height + strip.side.max(8)
                    && strip.per_line * strip.step <= strip.width
            );
        }
        assert_eq!(Strip::of(["p".repeat(40_001)].iter().map(String::as_str)), None);
        assert_eq!(Strip::of(["", ""].into_iter()), None);
    }
}
