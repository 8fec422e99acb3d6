//! The report as a person reads it.

use std::fmt;

use super::{
    build::Report,
    effort::{Course, ModelSpending},
    metric::Method,
    row,
    summary::{Consistency, trial_range},
};
use crate::percent::percent;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_header(f)?;
        f.write_str("\n\n")?;
        // What makes every number below it biased comes before the numbers.
        let (first, rest): (Vec<_>, Vec<_>) = self.notes.iter().partition(|note| note.is_first());
        for note in first {
            write!(f, "  {note}\n\n")?;
        }
        self.write_metrics(f)?;
        f.write_str("\n")?;
        self.write_consistency(f)?;
        self.write_ungraded(f)?;
        self.write_ranges(f)?;
        self.write_effort(f)?;
        rest.into_iter().try_for_each(|note| write!(f, "\n  {note}"))
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

    /// Says what did not end, what was spent and how long it took, where there is any.
    fn write_effort(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.missing {
            0 => {}
            1 => f.write_str("\n  1 trial did not end.")?,
            missing => write!(f, "\n  {missing} trials did not end.")?,
        }
        let Course { seconds, .. } = self.course.unwrap_or_default();
        let ModelSpending { agents, judges } = self.spending.unwrap_or_default();
        for (who, spent) in [("Agents", agents), ("Judges", judges)] {
            if !spent.is_nothing() {
                write!(f, "\n  {who}: {spent}.")?;
            }
        }
        match seconds.filter(|seconds| seconds.p90 >= WORTH_SAYING) {
            Some(seconds) => write!(f, "\n  {seconds}"),
            None => Ok(()),
        }
    }

    /// Says which tasks the ranges speak of: where a metric uses a single task, of that task alone.
    fn ranges_are_for(&self) -> String {
        let made_by = |method| self.metrics.iter().any(|metric| metric.method == method);
        let grouped = made_by(Method::GroupedWilson);
        let (ungrouped, alone) = (made_by(Method::EffectiveWilson), made_by(Method::WilsonOneTask));
        let mut words = match (grouped, ungrouped) {
            (true, _) => "new groups of tasks like these",
            (false, true) => "new tasks like these",
            (false, false) if self.tasks.len() == 1 => return "this task".to_owned(),
            (false, false) => return "the one task that ran".to_owned(),
        }
        .to_owned();
        if grouped && ungrouped {
            words += "; where one group is used, for new tasks of it";
        }
        if alone {
            words += "; where one task is used, for that task";
        }
        words
    }
}

/// Trials that took less than a millisecond need no word on their time.
const WORTH_SAYING: f64 = 0.001;

/// Returns the letter that makes a word plural.
pub(super) fn plural(several: bool) -> &'static str {
    if several { "s" } else { "" }
}
