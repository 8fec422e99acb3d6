//! The range of a mean over the very tasks that ran, had they run for ever.

use crate::{
    populations::{ALL, at_least},
    random::Random,
    shares::{Cells, Coverage},
};
use probity_eval_runner::stats::{
    Confidence, Counts, Interval, rerun_range, rerun_variance, task_mean,
};

/// So many lists of tasks share the runs of a cell.
const LISTS: u32 = 20;

/// Prints the table.
pub(crate) fn print(runs: u32) {
    let (mut plain, mut default) = (Cells::default(), Cells::default());
    for tasks in [10, 20, 50, 100, 300] {
        for (trials, k, m) in [(2, 1, 1), (4, 1, 1), (8, 1, 1), (8, 4, 4), (8, 4, 1), (20, 4, 4)] {
            for population in ALL {
                let mut random = Random::new(2_026);
                let mut cells = [Coverage::default(); 2];
                for _ in 0..LISTS {
                    let chances: Vec<f64> =
                        (0..tasks).map(|_| population.draw(&mut random)).collect();
                    let run = Rerun { chances, trials, k, m };
                    (0..runs / LISTS).for_each(|_| run.add(&mut random, &mut cells));
                }
                plain.push(cells[0]);
                default.push(cells[1]);
            }
        }
    }
    println!(
        "\nMean over tasks, for these tasks run again: {} cells, 10 to 300 tasks",
        plain.len()
    );
    println!("                      min    5%-quantile   mean   width");
    for (name, cells) in [("± z se", plain), ("default", default)] {
        println!(
            "  {name:<19} {:.3}   {:.3}         {:.3}  {:.3}",
            cells.quantile(0.0),
            cells.quantile(0.05),
            cells.mean(),
            cells.width(),
        );
    }
}

/// A list of tasks that runs again and again.
struct Rerun {
    chances: Vec<f64>,
    trials: u32,
    k: u32,
    m: u32,
}

impl Rerun {
    /// Adds the ranges of one run: by the rerun variance, and the default.
    fn add(&self, random: &mut Random, cells: &mut [Coverage; 2]) {
        let level = Confidence::default();
        let (trials, k, m) = (u64::from(self.trials), u64::from(self.k), u64::from(self.m));
        let counts: Vec<Counts> = self
            .chances
            .iter()
            .map(|&chance| Counts { n: trials, c: random.passes(trials, chance) })
            .collect();
        let mean = task_mean(&counts, k, m, level).expect("counts").mean.expect("tasks");
        let half = level.z() * rerun_variance(&counts, k, m).expect("2k trials").se;
        cells[0].add(Interval { lo: mean - half, hi: mean + half }, self.truth());
        cells[1].add(rerun_range(&counts, k, m, level).expect("k trials"), self.truth());
    }

    fn truth(&self) -> f64 {
        let tasks: f64 = self.chances.iter().map(|_| 1.0).sum();
        self.chances.iter().map(|&chance| at_least(self.k, self.m, chance)).sum::<f64>() / tasks
    }
}
