//! A run held against a baseline on the cases that both have.

use super::words::MetricWords;
use crate::{
    percent::percent,
    report::{Metric, Report},
    stats::{
        Confidence, Counts, Interval, Reading,
        compare::{Conclusion, Pair, compare_paired, conclude, pair_up},
        planning::{Aim, separable_difference},
    },
};

/// What a comparison says.
#[derive(Debug)]
pub(super) struct Comparison {
    /// One row for each metric.
    pub(super) rows: Vec<Row>,
    /// What it says besides, line by line.
    pub(super) lines: Vec<String>,
}

/// One metric under both runs.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) words: String,
    pub(super) first: f64,
    pub(super) second: f64,
    pub(super) difference: f64,
    pub(super) range: Option<Interval>,
}

impl Row {
    /// Says what the range shows, by the names of both runs.
    pub(super) fn verdict(&self, first: &str, second: &str) -> String {
        match self.range.map(|range| conclude(range, None)) {
            Some(Conclusion::FirstBetter) => format!("{first} is better"),
            Some(Conclusion::SecondBetter) => format!("{second} is better"),
            Some(_) => "not separated".to_owned(),
            None => "too few cases for a range".to_owned(),
        }
    }

    /// Whether the range excludes 0.
    pub(super) fn is_separated(&self) -> bool {
        let conclusion = self.range.map(|range| conclude(range, None));
        matches!(conclusion, Some(Conclusion::FirstBetter | Conclusion::SecondBetter))
    }
}

impl Comparison {
    /// Compares on the cases of the same name; `None` where there is none.
    pub(super) fn of(first: &Report, second: &Report) -> Option<Self> {
        let (ours, theirs) = (named(first), named(second));
        let pairing = pair_up(&ours, &theirs).ok()?;
        let pairs = pairing.pairs();
        let k = pairs.iter().map(|pair| pair.first.n.min(pair.second.n)).min()?;
        let level = first.confidence;
        let m_of_k = [(1, 1), (k, k), (k, 1)];
        let rows = m_of_k.into_iter().take(if k > 1 { 3 } else { 1 });
        let rows = rows.filter_map(|(k, m)| row(&pairs, (k, m), level)).collect();
        Some(Self { rows, lines: lines(&pairs, pairing.dropped(), level) })
    }
}

fn row(pairs: &[Pair], (k, m): (u64, u64), level: Confidence) -> Option<Row> {
    let difference = compare_paired(pairs, k, m, level).ok()?.difference?;
    Some(Row {
        words: words(pairs, (k, m), level),
        first: difference.first,
        second: difference.second,
        difference: difference.value,
        range: difference.spread.map(|spread| spread.interval),
    })
}

/// The words of a report for a metric.
fn words(pairs: &[Pair], (k, m): (u64, u64), level: Confidence) -> String {
    let task = |(number, pair): (usize, &Pair)| {
        let Counts { n, c } = pair.first;
        let tally = crate::stats::Tally::new(c, n.saturating_sub(c), 0);
        crate::report::TaskTally::new(number.to_string(), tally)
    };
    let tasks: Vec<_> = pairs.iter().enumerate().map(task).collect();
    Metric::over(&tasks, k, m, level).map_or(String::new(), |metric| MetricWords::of(&metric).words)
}

/// The lines below the table, in the words of a report.
fn lines(pairs: &[Pair], dropped: usize, level: Confidence) -> Vec<String> {
    let Ok(compared) = compare_paired(pairs, 1, 1, level) else {
        return Vec::new();
    };
    let (better, worse, same) = (compared.better, compared.worse, compared.same);
    let tasks = if better == 1 { "task" } else { "tasks" };
    let mut lines = vec![format!("better on {better} {tasks}, worse on {worse}, same on {same}")];
    let aim = Aim::new(level, Aim::default().power()).unwrap_or_default();
    if let Some(points) = separable_difference(&compared.differences, aim) {
        let points = (points * 100.0).round();
        lines.push(format!("A run of this size separates about {points} points."));
    }
    match dropped {
        0 => {}
        1 => lines.push("1 task is in one of the runs only and not compared.".to_owned()),
        _ => lines.push(format!("{dropped} tasks are in one of the runs only and not compared.")),
    }
    lines
}

fn named(report: &Report) -> Vec<(&str, Counts)> {
    let ran = report.tasks.iter().filter(|task| task.trials.trials() > 0);
    ran.map(|task| (&*task.id, task.trials.read(Reading::Fail))).collect()
}

/// Writes a difference in points, with its sign.
pub(super) fn signed(difference: f64) -> String {
    let shown = percent(difference);
    match shown.strip_prefix('-') {
        Some(points) => format!("−{points}"),
        None if shown == "0.0" => shown,
        None => format!("+{shown}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report::TaskTally, stats::Tally};

    fn report(passes: impl Iterator<Item = u64>) -> Report {
        let tasks = passes.enumerate();
        let tasks = tasks.map(|(i, c)| TaskTally::new(format!("{i}"), Tally::new(c, 4 - c, 0)));
        Report::new("agent", tasks.collect()).unwrap()
    }

    #[test]
    fn a_clear_difference_is_named_and_an_open_one_is_not_separated() {
        let (good, bad) = (report((0..40).map(|i| 3 + i % 2)), report((0..38).map(|i| i % 2)));
        let compared = Comparison::of(&good, &bad).unwrap();
        assert_eq!(compared.rows.len(), 3);
        assert_eq!(compared.rows[0].words, "one trial passes");
        assert_eq!(compared.rows[1].words, "all 4 pass");
        assert_eq!(compared.rows[0].verdict("new", "old"), "new is better");
        assert_eq!(signed(compared.rows[0].difference), "+75.0");
        assert_eq!(compared.lines[0], "better on 38 tasks, worse on 0, same on 0");
        assert_eq!(compared.lines[2], "2 tasks are in one of the runs only and not compared.");
        let same = Comparison::of(&good, &good).unwrap();
        assert_eq!(same.rows[0].verdict("new", "old"), "not separated");
        assert!(!same.rows[0].is_separated());
    }

    #[test]
    fn signs_are_written_and_zero_has_none() {
        assert_eq!([0.082, -0.021, 0.0].map(signed), ["+8.2", "−2.1", "0.0"]);
    }
}
