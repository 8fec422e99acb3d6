//! The default range of a mean over tasks that come in groups, for new groups.

use crate::{
    populations::{ALL, Population},
    random::Random,
    shares::{Cells, Coverage},
};
use probity_eval_runner::stats::{Confidence, clustered, effective_wilson, m_of_k};

/// Prints the table.
pub(crate) fn print(runs: u32) {
    let mut methods: [Cells; 3] = std::array::from_fn(|_| Cells::default());
    for (groups, tasks) in [(5, 10), (10, 5), (20, 4), (40, 2)] {
        for alike in [0.0, 0.5, 1.0] {
            for population in ALL {
                let cells = cell((groups, tasks), alike, population, runs);
                methods.iter_mut().zip(cells).for_each(|(method, cell)| method.push(cell));
            }
        }
    }
    println!(
        "\nMean over tasks in groups, for new groups: {} cells, 5 to 40 groups",
        methods[0].len()
    );
    println!("                     min    5%-quantile   mean   width");
    for (name, cells) in ["as if ungrouped", "clustered t", "default"].iter().zip(&methods) {
        println!(
            "  {name:<17}  {:.3}   {:.3}         {:.3}  {:.3}",
            cells.quantile(0.0),
            cells.quantile(0.05),
            cells.mean(),
            cells.width(),
        );
    }
}

/// Simulates one cell; a task is like its group with the chance `alike`, else a draw of its own. Four trials each.
fn cell(
    (groups, tasks): (u32, u32),
    alike: f64,
    population: Population,
    runs: u32,
) -> [Coverage; 3] {
    let level = Confidence::default();
    let truth = population.truth(1, 1);
    let mut random = Random::new(2_026);
    let mut cells = [Coverage::default(); 3];
    for _ in 0..runs {
        let mut values = Vec::new();
        for group in 0..groups {
            let common = population.draw(&mut random);
            for _ in 0..tasks {
                let own = population.draw(&mut random);
                let chance = if random.hits(alike) { common } else { own };
                let passes = random.passes(4, chance);
                values.push((group, m_of_k(4, passes, 1, 1).expect("counts")));
            }
        }
        let alone: Vec<f64> = values.iter().map(|&(_, value)| value).collect();
        let grouped = clustered(&values, level).expect("groups");
        cells[0].add(effective_wilson(&alone, level).expect("tasks").interval, truth);
        cells[1].add(grouped.t, truth);
        cells[2].add(grouped.effective.interval, truth);
    }
    cells
}
