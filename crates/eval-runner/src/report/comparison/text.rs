//! The comparison as a person reads it.

use std::fmt;

use probity_trace::Redaction;

use super::{build::Comparison, difference::MetricDifference};
use crate::{
    percent::percent,
    report::{note::FEW_TASKS, row, text::plural},
    stats::{Tally, compare::Conclusion, real},
};

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} against {}   same {}", self.first, self.second, self.size())?;
        f.write_str("\n\n")?;
        for line in self.stopped() {
            write!(f, "  {line}\n\n")?;
        }
        let rows = self.metrics.iter().map(|metric| self.cells(metric));
        write_table(f, &rows.collect::<Vec<_>>(), "  ")?;
        let below = self.lines().into_iter().skip(self.stopped().len());
        for line in below {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}

impl Comparison {
    /// Masks secrets in the names of both runs.
    pub(crate) fn masked(&self, redaction: &Redaction) -> Self {
        let [first, second] =
            [&self.first, &self.second].map(|name| redaction.scrub(name).into_owned());
        Self { first, second, ..self.clone() }
    }

    /// Says what the range of a metric shows, by the names of both runs.
    #[must_use]
    pub fn verdict(&self, metric: &MetricDifference) -> String {
        match metric.conclusion {
            Some(Conclusion::FirstBetter) => format!("{} is better", self.first),
            Some(Conclusion::SecondBetter) => format!("{} is better", self.second),
            Some(Conclusion::Within { margin }) => format!("within ±{}", percent(margin)),
            Some(Conclusion::NotSeparated) => "not separated".to_owned(),
            None => "too few tasks for a range".to_owned(),
        }
    }

    /// Says the p-values of a metric after its verdict; nothing where no test was asked for.
    #[expect(clippy::unused_self, reason = "the metric is one of the comparison's")]
    pub(crate) fn chances(&self, metric: &MetricDifference) -> String {
        metric.test.map_or_else(String::new, |test| {
            format!("   p {}, Holm {}", chance(test.p.value), chance(test.holm))
        })
    }

    /// Returns what the comparison says below its table, line by line.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = self.stopped();
        if let Some(MetricDifference { better, worse, same, .. }) = self.metrics.first() {
            let tasks = plural(*better != 1);
            lines.push(format!("better on {better} task{tasks}, worse on {worse}, same on {same}"));
        }
        lines.extend(self.separable.map(separates));
        lines.extend(self.tests_are());
        lines.extend(self.dropped());
        lines.extend(self.partly_used());
        lines.extend(self.few());
        lines.extend(incomplete(&self.first, self.first_trials));
        lines.extend(incomplete(&self.second, self.second_trials));
        lines
            .extend(self.groups.map(|groups| {
                format!("Tasks come in {groups} groups, so the ranges are grouped.")
            }));
        lines
    }

    /// Says which runs were stopped by their results, so that nothing is shown of the difference.
    pub(super) fn stopped(&self) -> Vec<String> {
        let sides = [(&self.first, &self.first_stopped), (&self.second, &self.second_stopped)];
        let line = |(name, how): (&String, &Option<String>)| {
            let how = how.as_ref()?;
            Some(format!(
                "{name} was stopped by its results ({how}): its rates are biased, and so are the differences and their ranges."
            ))
        };
        sides.into_iter().filter_map(line).collect()
    }

    /// Says how many tasks and trials were compared.
    fn size(&self) -> String {
        let (tasks, several) = (self.tasks.len(), plural(self.tasks.len() != 1));
        let first = Trials::of(&self.tasks.iter().map(|task| task.first));
        let second = Trials::of(&self.tasks.iter().map(|task| task.second));
        if first == second {
            format!("{tasks} task{several} × {first} trial{}", plural(first.most != 1))
        } else {
            format!("{tasks} task{several} × {first} trials against {second}")
        }
    }

    /// The cells of a metric's line.
    pub(super) fn cells(&self, metric: &MetricDifference) -> Cells {
        let (lo, hi) =
            metric.new_tasks.map_or((None, None), |range| (Some(range.lo), Some(range.hi)));
        let end = |end: Option<f64>| end.map_or_else(|| "–".to_owned(), signed);
        Cells {
            words: row::words(metric.k, metric.m),
            numbers: [
                format!("{}%", percent(metric.first)),
                format!("{}%", percent(metric.second)),
                signed(metric.difference),
                end(lo),
            ],
            hi: end(hi),
            rest: self.verdict(metric) + &self.chances(metric),
        }
    }

    fn tests_are(&self) -> Option<String> {
        let among = self.metrics.first()?.test?.among;
        Some(tests_are(self.groups.is_some(), among))
    }

    pub(super) fn dropped(&self) -> Option<String> {
        match self.first_only.len() + self.second_only.len() {
            0 => None,
            1 => Some("1 task is in one of the runs only and not compared.".to_owned()),
            more => Some(format!("{more} tasks are in one of the runs only and not compared.")),
        }
    }

    fn partly_used(&self) -> Option<String> {
        let k = self.k;
        let has = |tally: Tally| tally.trials() >= k;
        let used = self.tasks.iter().filter(|task| has(task.first) && has(task.second)).count();
        let tasks = self.tasks.len();
        (used < tasks).then(|| format!("k = {k} uses {used} of {tasks} tasks."))
    }

    fn few(&self) -> Option<String> {
        let tasks = self.tasks.len();
        (tasks < FEW_TASKS).then(|| format!("Fewer than {FEW_TASKS} tasks ({tasks})."))
    }
}

/// The fewest and the most trials of a task.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Trials {
    fewest: u64,
    most: u64,
}

impl Trials {
    fn of(tallies: &(impl Iterator<Item = Tally> + Clone)) -> Self {
        let trials = || tallies.clone().map(Tally::trials);
        Self { fewest: trials().min().unwrap_or(0), most: trials().max().unwrap_or(0) }
    }
}

impl fmt::Display for Trials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self { fewest, most } if fewest < most => write!(f, "{fewest} to {most}"),
            Self { most, .. } => write!(f, "{most}"),
        }
    }
}

/// One line of a table of differences.
pub(super) struct Cells {
    pub(super) words: String,
    /// Both estimates, the difference and the lower end of its range.
    numbers: [String; 4],
    hi: String,
    rest: String,
}

/// Writes lines whose columns line up, each after an indent.
pub(super) fn write_table(f: &mut fmt::Formatter<'_>, rows: &[Cells], indent: &str) -> fmt::Result {
    let width = |cell: &dyn Fn(&Cells) -> &str| {
        rows.iter().map(|row| cell(row).chars().count()).max().unwrap_or_default()
    };
    let words = width(&|row| &row.words);
    // Estimates stand where a report has them, whatever their size.
    let least = ["100.0%".len(), "50.0%".len(), 0, 0];
    let numbers: [usize; 4] = std::array::from_fn(|i| {
        let own = width(&|row| row.numbers.get(i).map_or("", String::as_str));
        own.max(least.get(i).copied().unwrap_or(0))
    });
    let hi = width(&|row| &row.hi);
    for row in rows {
        write!(f, "{indent}{:<words$}", row.words)?;
        for (number, width) in row.numbers.iter().zip(numbers) {
            write!(f, "   {number:>width$}")?;
        }
        writeln!(f, " to {:<hi$}   {}", row.hi, row.rest)?;
    }
    Ok(())
}

fn separates(difference: f64) -> String {
    let points = (100.0 * difference).round();
    match points {
        points if points >= 100.0 => "A run of this size separates no difference.".to_owned(),
        points if points < 1.0 => "A run of this size separates less than 1 point.".to_owned(),
        points if points < 2.0 => "A run of this size separates about 1 point.".to_owned(),
        points => format!("A run of this size separates about {points} points."),
    }
}

/// Says how p-values were made: by flipping signs of tasks, or of groups of them.
pub(super) fn tests_are(by_group: bool, among: u64) -> String {
    let test = if by_group { "sign-flip test, by group" } else { "sign-flip test" };
    match among {
        1 => format!("p: {test}."),
        among => format!("p: {test}; Holm: adjusted for {among} tests."),
    }
}

fn incomplete(name: &str, trials: Tally) -> Option<String> {
    let share = real(trials.not_graded) / real(trials.trials());
    trials
        .is_incomplete()
        .then(|| format!("Over 5% not graded in {name} ({}%): incomplete.", percent(share)))
}

/// Writes a p-value with three places.
fn chance(p: f64) -> String {
    if p < 0.000_5 { "<0.001".to_owned() } else { format!("{p:.3}") }
}

/// Writes a difference in points, with its sign.
pub(crate) fn signed(difference: f64) -> String {
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

    #[test]
    fn signs_are_written_and_zero_has_none() {
        assert_eq!([0.082, -0.021, 0.0].map(signed), ["+8.2", "−2.1", "0.0"]);
    }

    #[test]
    fn what_a_run_separates_is_said_in_whole_points() {
        for (difference, want) in [
            (0.003, "less than 1 point."),
            (0.012, "about 1 point."),
            (0.0894, "about 9 points."),
            (1.33, "no difference."),
        ] {
            assert!(separates(difference).ends_with(want), "{difference}");
        }
    }

    #[test]
    fn small_chances_are_bounded_and_not_zero() {
        assert_eq!([0.0, 0.000_6, 0.0144, 1.0].map(chance), ["<0.001", "0.001", "0.014", "1.000"]);
    }
}
