//! The default range of a mean over tasks, for new tasks of the same population.

use crate::{
    populations::{ALL, Population},
    random::Random,
    shares::{Cells, Coverage},
};
use probity_eval_runner::stats::{Confidence, Counts, Interval, TaskMean, task_mean};

/// A number of tasks, how often each runs, and the metric.
#[derive(Clone, Copy)]
struct Size {
    tasks: u32,
    trials: u32,
    k: u32,
    m: u32,
}

const fn size(tasks: u32, trials: u32, k: u32, m: u32) -> Size {
    Size { tasks, trials, k, m }
}

/// The rows of the table, with the coverage it gives for ranges without the cap near an edge.
const ROWS: [(Size, &str); 7] = [
    (size(10, 4, 1, 1), ".96–.98"),
    (size(20, 4, 1, 1), ".93–.96"),
    (size(50, 4, 1, 1), ".95–.97"),
    (size(300, 4, 1, 1), ".94–.95"),
    (size(20, 4, 4, 4), ".95–.98"),
    (size(50, 4, 4, 4), ".95–.98"),
    (size(50, 4, 4, 1), ".94–.98"),
];

/// Prints the rows of the table.
pub(crate) fn print(runs: u32) {
    println!("\nMean over tasks, for new tasks: lowest and highest of five populations");
    println!("  tasks, trials, metric   documented    without cap   default       mean width");
    for (size, documented) in ROWS {
        let (mut plain, mut default) = (Cells::default(), Cells::default());
        for population in ALL {
            let [without_cap, with_cap] = cell(size, population, runs);
            plain.push(without_cap);
            default.push(with_cap);
        }
        let name = format!("{:>3}, {}, {}", size.tasks, size.trials, metric(size));
        let (plain, width) = (plain.range(), default.width());
        println!("  {name:<24}{documented:<14}{plain:<14}{:<14}{width:.3}", default.range());
    }
}

/// Prints the summary of 270 cells.
pub(crate) fn print_grid(runs: u32) {
    let metrics = [
        (1, 1, 1),
        (2, 1, 1),
        (4, 1, 1),
        (8, 1, 1),
        (4, 4, 4),
        (4, 4, 1),
        (8, 4, 4),
        (8, 8, 8),
        (8, 8, 1),
    ];
    let mut cells = Cells::default();
    for tasks in [5, 10, 20, 50, 100, 300] {
        for (trials, k, m) in metrics {
            for population in ALL {
                let [_, with_cap] = cell(size(tasks, trials, k, m), population, runs);
                cells.push(with_cap);
            }
        }
    }
    println!("\nThe same over {} cells: 5 to 300 tasks, 1 to 8 trials, k up to 8", cells.len());
    println!("                     min    5%-quantile   mean   below .93");
    println!("  documented        .843    .942          .968   3%");
    println!(
        "  default           {:.3}   {:.3}         {:.3}  {:.0}%",
        cells.quantile(0.0),
        cells.quantile(0.05),
        cells.mean(),
        100.0 * cells.below(0.93),
    );
}

/// Simulates one cell: ranges without the cap and the default ones.
fn cell(size: Size, population: Population, runs: u32) -> [Coverage; 2] {
    let level = Confidence::default();
    let truth = population.truth(size.k, size.m);
    let mut random = Random::new(2_026);
    let mut cells = [Coverage::default(); 2];
    for _ in 0..runs {
        let trials = u64::from(size.trials);
        let tasks: Vec<Counts> = (0..size.tasks)
            .map(|_| {
                let chance = population.draw(&mut random);
                Counts { n: trials, c: random.passes(trials, chance) }
            })
            .collect();
        let mean = task_mean(&tasks, size.k.into(), size.m.into(), level).expect("counts");
        let spread = mean.spread.as_ref().expect("two tasks");
        cells[0].add(without_cap(&mean, level), truth);
        cells[1].add(spread.effective.interval, truth);
    }
    cells
}

/// Wilson's range at the effective number of tasks, however many lie at an edge.
fn without_cap(mean: &TaskMean, level: Confidence) -> Interval {
    let spread = mean.spread.as_ref().expect("two tasks");
    let center = mean.mean.expect("tasks");
    if spread.se <= 0.0 {
        return spread.effective.interval;
    }
    let shrink = level.z() / level.t(mean.tasks_used - 1);
    let size = center * (1.0 - center) / (spread.se * spread.se) * shrink * shrink;
    let part = level.z() * level.z() / size;
    let half = (center * (1.0 - center) * part + 0.25 * part * part).sqrt();
    let middle = center + 0.5 * part;
    Interval { lo: (middle - half) / (1.0 + part), hi: (middle + half) / (1.0 + part) }
}

fn metric(size: Size) -> String {
    if size.m == size.k { format!("pass^{}", size.k) } else { format!("pass@{}", size.k) }
}
