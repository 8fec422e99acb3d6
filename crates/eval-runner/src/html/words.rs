//! The lines of a report, taken apart into columns.

use std::fmt;

use crate::{
    report::{Metric, Report, row},
    stats::Interval,
};

/// What a report says, line by line, in its own words.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// The first line without the name: how many tasks and trials, and what became of them.
    pub(crate) counts: Vec<String>,
    /// The notes that are to be read before the numbers.
    pub(crate) before: Vec<String>,
    /// The lines between the metrics and the notes.
    pub(crate) lines: Vec<String>,
    /// The other notes.
    pub(crate) notes: Vec<String>,
}

impl Words {
    /// Takes the lines from the report as it prints itself.
    pub(crate) fn of(report: &Report) -> Self {
        let printed = report.to_string();
        // A name may have any number of lines.
        let printed = printed.strip_prefix(&report.name).unwrap_or(&printed);
        let mut lines = printed.lines();
        let counts = lines.next().map(columns).unwrap_or_default();
        let notes = |first: bool| -> Vec<String> {
            let notes = report.notes.iter().filter(|note| note.is_first() == first);
            notes.map(ToString::to_string).collect()
        };
        let (before, notes) = (notes(true), notes(false));
        let lines = lines.map(|line| line.trim().to_owned());
        let is_note = |line: &String| before.contains(line) || notes.contains(line);
        let lines = lines.filter(|line| !line.is_empty() && !is_note(line));
        let lines: Vec<String> = lines.skip(report.metrics.len()).collect();
        Self { counts, before, lines, notes }
    }
}

/// One metric in words.
#[derive(Debug)]
pub(crate) struct MetricWords {
    /// What passes: `all 4 pass`.
    pub(crate) words: String,
    /// The estimate: `43.8%`.
    pub(crate) estimate: String,
    /// The range: `33.2 – 54.9`.
    pub(crate) range: String,
    /// The symbol: `pass^4`.
    pub(crate) symbol: Option<String>,
}

impl MetricWords {
    /// Takes the words from the metric's line of a report.
    pub(crate) fn of(metric: &Metric) -> Self {
        let numbers = (metric.estimate, metric.range());
        let line = Line { k: metric.k, m: metric.m, numbers }.to_string();
        let mut columns = columns(&line).into_iter();
        let mut next = || columns.next().unwrap_or_default();
        Self { words: next(), estimate: next(), range: next(), symbol: columns.next() }
    }
}

/// One line of a report.
struct Line {
    k: u64,
    m: u64,
    numbers: (f64, Interval),
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        row::write(f, self.k, self.m, self.numbers)
    }
}

/// Splits a line where two blanks or more are.
fn columns(line: &str) -> Vec<String> {
    line.split("  ").map(str::trim).filter(|column| !column.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report::TaskTally, stats::Tally};

    #[test]
    fn every_word_of_a_report_is_there_and_in_its_place() {
        let tasks =
            (0..8).map(|i| TaskTally::new(format!("{i}"), Tally::new(i % 5, 4 - i % 5, i / 7)));
        let report = Report::new("an agent\nof  two lines", tasks.collect()).unwrap();
        let words = Words::of(&report);
        assert_eq!(
            words.counts,
            ["8 tasks × 4 to 5 trials", "32 graded, 1 not graded (counted as failures)"]
        );
        assert_eq!(words.lines.len(), 3, "{words:?}");
        assert!(words.lines[0].contains("always pass"));
        assert!(words.lines[2].starts_with("Ranges: 95%, for new tasks like these."));
        assert_eq!(words.notes.len(), report.notes.len());
        assert_eq!(words.notes[0], report.notes[0].to_string());
        let all = MetricWords::of(&report.metrics[1]);
        assert_eq!((&*all.words, all.symbol.as_deref()), ("all 4 pass", Some("pass^4")));
        assert!(all.estimate.ends_with('%') && all.range.contains(" – "));
        let one = MetricWords::of(&report.metrics[0]);
        assert_eq!((&*one.words, one.symbol), ("one trial passes", None));
    }
}
