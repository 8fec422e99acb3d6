//! The report as a person reads it.

use std::fmt;

use super::{
    build::Report,
    metric::{Method, Metric},
    row,
    summary::{Consistency, trial_range},
};
use crate::percent::percent;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_header(f)?;
        f.write_str("\n\n")?;
        self.write_metrics(f)?;
        f.write_str("\n")?;
        self.write_consistency(f)?;
        self.write_ungraded(f)?;
        self.write_ranges(f)?;
        self.notes.iter().try_for_each(|note| write!(f, "\n  {note}"))
    }
}

impl Report {
    fn write_header(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tasks = self.tasks.len();
        let (fewest, most) = trial_range(&self.tasks).unwrap_or_default();
        write!(f, "{}   {tasks} task{} × ", self.name, plural(tasks != 1))?;
        if fewest < most {
            write!(f, "{fewest} to {most} trials")?;
        } else {
            write!(f, "{most} trial{}", plural(most != 1))?;
        }
        write!(f, "   {} graded", self.trials.graded())?;
        if self.trials.not_graded > 0 {
            write!(f, ", {} not graded (counted as failures)", self.trials.not_graded)?;
        }
        Ok(())
    }

    fn write_metrics(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words =
            self.metrics.iter().map(|metric| row::words(metric.k, metric.m).chars().count());
        let width = words.max().unwrap_or_default();
        for metric in &self.metrics {
            row::write_aligned(f, (metric.k, metric.m), width, (metric.estimate, metric.range()))?;
            f.write_str("\n")?;
        }
        Ok(())
    }

    fn write_consistency(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Consistency { always, sometimes, never } = self.consistency;
        if self.tasks.len() == 1 {
            return write!(f, "  {} passed, {} failed", self.trials.passed, self.trials.failed);
        }
        let (tasks, pass) = if always == 1 { ("task", "passes") } else { ("tasks", "pass") };
        write!(f, "  {always} {tasks} always {pass}, {sometimes} sometimes, {never} never")
    }

    fn write_ungraded(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ungraded = self.trials.not_graded;
        match self.readings.exclude {
            Some(rest) if ungraded > 0 => write!(
                f,
                "\n  Without the {ungraded} ungraded trial{} the first line is {}%.",
                plural(ungraded != 1),
                percent(rest),
            ),
            _ => Ok(()),
        }
    }

    fn write_ranges(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n  Ranges: {}, for {}.", self.confidence, self.ranges_are_for())?;
        match self.rerun {
            Some(half) => write!(
                f,
                " A rerun of these tasks moves the first line by about ±{}.",
                percent(half),
            ),
            None => Ok(()),
        }
    }

    /// Says which tasks the ranges speak of: where a metric uses a single task, of that task alone.
    fn ranges_are_for(&self) -> &'static str {
        let alone = |metric: &Metric| metric.method == Method::WilsonOneTask;
        if self.tasks.len() == 1 {
            "this task"
        } else if self.metrics.iter().all(alone) {
            "the one task that ran"
        } else if self.metrics.iter().any(alone) {
            "new tasks like these; where one task is used, for that task"
        } else {
            "new tasks like these"
        }
    }
}

fn plural(several: bool) -> &'static str {
    if several { "s" } else { "" }
}
