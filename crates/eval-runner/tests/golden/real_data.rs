//! The summaries of real count tables, where the tables are beside the workspace.

use crate::{
    file::{block, golden_file, near},
    tasks::{Expected, check},
};
use probity_eval_runner::stats::{
    Confidence, Counts, clustered,
    compare::{Conclusion, Difference, Pair, Paired, compare_paired, conclude, pair_up},
    planning::{
        Aim, PairedPlan, TrialCosts, estimate_noise, optimal_trials, separable_difference,
        tasks_needed,
    },
};
use serde::Deserialize;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Real {
    counts: String,
    metrics: Vec<Expected>,
    clustered_se_k1: Option<f64>,
}

#[derive(Deserialize)]
struct Table {
    tasks: Vec<Task>,
}

#[derive(Deserialize)]
struct Task {
    id: String,
    n: u64,
    c: u64,
    #[serde(default)]
    cluster: Option<String>,
}

/// Reads a count table; says so and returns nothing where it is not beside the golden file or the workspace.
fn table(name: &str) -> Option<Table> {
    let file = format!("{name}.json");
    let Some(path) = folders().into_iter().map(|folder| folder.join(&file)).find(|at| at.exists())
    else {
        println!("skipped: no table {name} beside the workspace");
        return None;
    };
    let text = std::fs::read_to_string(path).expect("the table can be read");
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("table {name}: {error}")))
}

fn folders() -> [PathBuf; 2] {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let beside_golden = golden_file().with_file_name("../counts");
    [beside_golden, workspace.join("../shared/data/counts")]
}

/// Returns the counts of a table, where it is there.
pub(crate) fn counts(name: &str) -> Option<Vec<Counts>> {
    let tasks = table(name)?.tasks;
    Some(tasks.iter().map(|task| Counts { n: task.n, c: task.c }).collect())
}

#[test]
fn golden_real_data_is_summarized_as_expected() {
    let block = block::<Real>("real_data");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for vector in &block.vectors {
        assert!(!vector.metrics.is_empty(), "{}: no metrics", vector.counts);
        let Some(table) = table(&vector.counts) else { continue };
        let counts: Vec<Counts> =
            table.tasks.iter().map(|task| Counts { n: task.n, c: task.c }).collect();
        for metric in &vector.metrics {
            check(&counts, metric, tolerance, &vector.counts);
        }
        if let Some(want) = vector.clustered_se_k1 {
            near(clustered_error(&table), want, tolerance, &vector.counts);
        }
    }
}

/// The standard error of the pass rate over groups of tasks.
fn clustered_error(table: &Table) -> f64 {
    let tasks = table.tasks.iter().filter(|task| task.n > 0);
    let grouped: Vec<(&str, f64)> =
        tasks.map(|task| (task.cluster.as_deref().expect("a group"), share(task))).collect();
    clustered(&grouped, Confidence::default()).expect("two groups").se
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn share(task: &Task) -> f64 {
    task.c as f64 / task.n as f64
}

/// METR's o1: naive binomial .015, tasks .047, families .076.
#[test]
fn families_of_tasks_make_the_standard_error_half_as_large_again() {
    let Some(table) = table("metr-2025-02-27.o1") else { return };
    assert!((clustered_error(&table) - 0.076).abs() < 5e-4);
    let alone: Vec<(usize, f64)> = table.tasks.iter().map(share).enumerate().collect();
    let alone = clustered(&alone, Confidence::default()).expect("two tasks");
    assert!((alone.se - 0.047).abs() < 5e-4 && (alone.mean - 0.530).abs() < 5e-4, "{alone:?}");
}

/// The two agents of the example comparison, each with 5 trials of the same 80 tasks.
fn droids() -> Option<Vec<Pair>> {
    let first = table("terminal-bench-0.1.1.droid_claude-4-1-opus")?;
    let second = table("terminal-bench-0.1.1.droid_claude-4-sonnet")?;
    let pairing = pair_up(&named(&first), &named(&second)).expect("each task once");
    assert_eq!((pairing.tasks.len(), pairing.dropped()), (80, 0));
    Some(pairing.pairs())
}

fn named(table: &Table) -> Vec<(&str, Counts)> {
    let tasks = table.tasks.iter();
    tasks.map(|task| (task.id.as_str(), Counts { n: task.n, c: task.c })).collect()
}

/// "+8.2 (+1.9 to +14.4) is better", "+8.8 (-2.1 to +19.2) not separated", 23 better, 10 worse, 47 same.
#[test]
fn one_droid_is_better_on_one_trial_and_not_separated_on_five() {
    let Some(pairs) = droids() else { return };
    let compared = |k| compare_paired(&pairs, k, k, Confidence::default()).expect("valid counts");
    let one = compared(1);
    assert_eq!((one.better, one.worse, one.same), (23, 10, 47));
    check_points(&one, [58.75, 50.5, 8.25, 1.9, 14.4], Conclusion::FirstBetter);
    check_points(&compared(5), [43.75, 35.0, 8.75, -2.1, 19.2], Conclusion::NotSeparated);
    let separated = separable_difference(&one.differences, Aim::default()).expect("tasks");
    assert!((separated - 0.086).abs() < 5e-4, "about 9 points: {separated}");
}

#[track_caller]
fn check_points(compared: &Paired, want: [f64; 5], conclusion: Conclusion) {
    let Difference { first, second, value, spread, rerun, .. } =
        compared.difference.expect("tasks");
    let interval = spread.expect("tasks").interval;
    for (got, want) in [first, second, value, interval.lo, interval.hi].into_iter().zip(want) {
        assert!((100.0 * got - want).abs() < 0.05, "got {}, want {want}", 100.0 * got);
    }
    assert_eq!(conclude(interval, None), conclusion);
    assert!(rerun.expect("a metric").contains(value));
}

/// Tasks that detect 5 points at 1, 4, 8 and 16 trials: 551, 254, 205, 180.
#[test]
fn five_points_need_hundreds_of_tasks_however_many_trials() {
    let Some(pairs) = droids() else { return };
    let noise = estimate_noise(&pairs).expect("repeated tasks").noise;
    for (trials, exact) in [(1, 551.0), (4, 254.0), (8, 205.0), (16, 180.0)] {
        let plan = PairedPlan { noise, trials_first: trials, trials_second: trials };
        let needed = tasks_needed(&plan, 0.05, Aim::default()).expect("a plan");
        assert!((needed.exact - exact).abs() < 0.5, "{trials} trials: {needed:?}");
    }
    let same = TrialCosts { task: 1.0, trial: 1.0 };
    let within = noise.within_first + noise.within_second;
    assert_eq!(optimal_trials(noise.between, within, same), Ok(Some(2)));
}
