//! How often the default ranges hold the truth, beside what is documented of them.
//!
//! Run with `cargo bench -p probity-eval-runner --bench coverage`; a number after `--` sets the runs of each cell.
//! Everything is seeded, so two runs print the same.

mod differences;
mod groups;
mod means;
mod populations;
mod random;
mod reruns;
mod shares;

/// The runs of each cell unless the command line says otherwise: a standard error of .005 near .95.
const RUNS: u32 = 2_000;

fn main() {
    let runs = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(RUNS);
    println!("Coverage of ranges with a level of 95 %, {runs} runs of each cell.");
    println!("A range of width 0 counts as a miss.");
    means::print(runs);
    means::print_grid(runs);
    differences::print(runs);
    reruns::print(runs);
    groups::print(runs);
}
