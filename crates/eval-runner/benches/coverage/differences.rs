//! The default range of the difference between two agents on the same tasks.

use crate::{
    populations::{CEILING, Population, TAU_LIKE},
    random::Random,
    shares::{Cells, Coverage},
};
use probity_eval_runner::stats::{
    Confidence, Counts, Interval,
    compare::{Pair, Ranged, compare_paired, mover},
    task_mean,
};

/// How the tasks of the second agent are to those of the first.
#[derive(Clone, Copy)]
enum Pairing {
    /// The same pass chance on every task.
    Alike,
    /// The same on half of the tasks, another draw on the others.
    HalfAlike,
    /// The first agent passes 12 points more often, by the same part of what is missing on every task.
    Better,
}

/// Forty cells, ten of each.
const CELLS: [(Population, Pairing); 4] = [
    (TAU_LIKE, Pairing::Alike),
    (TAU_LIKE, Pairing::HalfAlike),
    (CEILING, Pairing::HalfAlike),
    (TAU_LIKE, Pairing::Better),
];

const DOCUMENTED: [(&str, f64, f64, f64); 4] = [
    ("paired z", 0.577, 0.909, 0.378),
    ("paired t", 0.585, 0.931, 0.454),
    ("MOVER, r = ρ", 0.914, 0.962, 0.464),
    ("default", 0.948, 0.973, 0.492),
];

/// Prints the table.
pub(crate) fn print(runs: u32) {
    let mut methods: [Cells; 4] = std::array::from_fn(|_| Cells::default());
    for tasks in [5, 10, 20, 50, 100] {
        for trials in [1, 4] {
            for (population, pairing) in CELLS {
                let cells = cell(tasks, trials, (population, pairing), runs);
                methods.iter_mut().zip(cells).for_each(|(method, cell)| method.push(cell));
            }
        }
    }
    println!(
        "\nDifference on the same tasks: {} cells, 5 to 100 tasks, 1 and 4 trials",
        methods[0].len()
    );
    println!(
        "The document does not name its cells; these are tau-like tasks alike, half alike and"
    );
    println!("12 points better, and half alike at the ceiling.");
    println!("                  documented              measured");
    println!("                  min    mean   width     min    mean   width");
    for ((name, min, mean, width), cells) in DOCUMENTED.into_iter().zip(&methods) {
        println!(
            "  {name:<14}  {min:.3}  {mean:.3}  {width:.3}     {:.3}  {:.3}  {:.3}",
            cells.quantile(0.0),
            cells.mean(),
            cells.width(),
        );
    }
}

/// Simulates one cell with all four methods.
fn cell(
    tasks: u32,
    trials: u64,
    (population, pairing): (Population, Pairing),
    runs: u32,
) -> [Coverage; 4] {
    let level = Confidence::default();
    let truth = if matches!(pairing, Pairing::Better) { 0.12 } else { 0.0 };
    let mut random = Random::new(2_026);
    let mut cells = [Coverage::default(); 4];
    for _ in 0..runs {
        let pairs: Vec<Pair> = (0..tasks)
            .map(|_| {
                let [first, second] = chances(&mut random, population, pairing);
                let mut run = |chance| Counts { n: trials, c: random.passes(trials, chance) };
                Pair { first: run(first), second: run(second) }
            })
            .collect();
        for (cell, range) in cells.iter_mut().zip(ranges(&pairs, level)) {
            cell.add(range, truth);
        }
    }
    cells
}

/// Draws the pass chances of a task under both agents.
fn chances(random: &mut Random, population: Population, pairing: Pairing) -> [f64; 2] {
    let second = population.draw(random);
    let first = match pairing {
        Pairing::Alike => second,
        Pairing::HalfAlike => {
            let other = population.draw(random);
            if random.hits(0.5) { second } else { other }
        }
        Pairing::Better => second + 0.12 * (1.0 - second) / (1.0 - population.truth(1, 1)),
    };
    [first, second]
}

/// The ranges by paired z, paired t, MOVER with the correlation as it was seen, and the default.
fn ranges(pairs: &[Pair], level: Confidence) -> [Interval; 4] {
    let compared = compare_paired(pairs, 1, 1, level).expect("counts");
    let difference = compared.difference.expect("tasks");
    let spread = difference.spread.expect("two tasks");
    let half = level.z() * spread.se;
    let z = Interval { lo: difference.value - half, hi: difference.value + half };
    let side = |counts: fn(&Pair) -> Counts| {
        let counts: Vec<Counts> = pairs.iter().map(counts).collect();
        let mean = task_mean(&counts, 1, 1, level).expect("counts");
        let interval = mean.spread.expect("two tasks").effective.interval;
        Ranged { value: mean.mean.expect("tasks"), interval }
    };
    let as_seen = mover(side(|pair| pair.first), side(|pair| pair.second), spread.correlation);
    [z, spread.t, as_seen, spread.interval]
}
