//! The calibration as a person reads it.

use std::fmt;

use super::{
    build::Calibration,
    rate::{CorrectedRate, Correction},
    undefined::Undefined,
};
use crate::{
    percent::percent,
    stats::{
        Interval,
        agreement::{Estimate, Kappa},
    },
};

impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_table(f)?;
        self.write_measures(f)?;
        self.write_rates(f)?;
        write!(
            f,
            "\n  Ranges: {}, for artifacts like these; the labeled ones must be a random sample of them.",
            self.confidence
        )?;
        self.notes().iter().try_for_each(|note| write!(f, "\n  {note}"))
    }
}

impl Calibration {
    fn write_table(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (graded, ungraded) = (self.table.items(), self.not_graded());
        write!(f, "{graded} label{} with a verdict", plural(graded))?;
        if ungraded > 0 {
            write!(f, ", {ungraded} not graded (left out, not counted as disagreements)")?;
        }
        f.write_str("\n\n                   judge: passed   failed   not graded\n")?;
        let passed = (self.table.true_positives, self.table.false_negatives);
        let failed = (self.table.false_positives, self.table.true_negatives);
        write_counts(f, "label: passed", passed, self.ungraded.labeled_passed)?;
        write_counts(f, "label: failed", failed, self.ungraded.labeled_failed)?;
        f.write_str("\n")
    }

    fn write_measures(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Err(why) = self.compared() {
            return write_row(f, "agreement", Err(why));
        }
        let (passed, failed) = (self.table.labeled_passed(), self.table.labeled_failed());
        write_row(f, "agreement", self.agreement().map(estimate))?;
        let finds = |of: Estimate, count, what| format!("{}   of {count} {what}", estimate(of));
        let sensitivity = self.sensitivity().map(|of| finds(of, passed.n, "labeled as passed"));
        write_row(f, "sensitivity", sensitivity)?;
        let specificity = self.specificity().map(|of| finds(of, failed.n, "labeled as failed"));
        write_row(f, "specificity", specificity)?;
        write_row(f, "Cohen's kappa", self.cohen_kappa().map(kappa))?;
        write_row(f, "Gwet's AC1", self.gwet_ac1().map(decimal))?;
        write_row(f, "Krippendorff's alpha", self.krippendorff_alpha().map(decimal))
    }

    fn write_rates(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\n  pass rate")?;
        let (verdicts, ungraded) = (self.unlabeled.graded(), self.unlabeled.not_graded);
        if self.unlabeled.trials() > 0 {
            write!(f, "   {verdicts} verdict{} without a label", plural(verdicts))?;
        }
        if ungraded > 0 {
            write!(f, ", {ungraded} not graded (left out)")?;
        }
        f.write_str("\n")?;
        write_row(f, "labels alone", self.label_pass_rate().map(estimate))?;
        self.write_judged_rates(f)
    }

    /// Writes the rates that use verdicts, or the one reason why there is none.
    fn write_judged_rates(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let judge = match self.judge_pass_rate() {
            Err(Undefined::NoUnlabeled) => return Ok(()),
            Err(why) => return write_row(f, "judge", Err(why)),
            Ok(rate) => format!("{:>5}%  not corrected", percent(rate)),
        };
        write_row(f, "judge alone", Ok(judge))?;
        for (name, correction) in [
            ("Rogan-Gladen", Correction::RoganGladen),
            ("PPI", Correction::Ppi),
            ("PPI++", Correction::PpiTuned),
        ] {
            write_row(f, name, self.corrected_pass_rate(correction).map(corrected))?;
        }
        Ok(())
    }
}

fn write_counts(
    f: &mut fmt::Formatter<'_>,
    label: &str,
    (passed, failed): (u64, u64),
    not_graded: u64,
) -> fmt::Result {
    writeln!(f, "  {label}   {passed:>14}   {failed:>6}   {not_graded:>10}")
}

/// Writes one number under its name, or why it is undefined.
fn write_row(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    number: Result<String, Undefined>,
) -> fmt::Result {
    match number {
        Ok(number) => writeln!(f, "  {name:<20}   {}", number.trim_end()),
        Err(why) => writeln!(f, "  {name:<20}   undefined: {why}"),
    }
}

fn estimate(of: Estimate) -> String {
    share(of.value, of.interval)
}

fn corrected(rate: CorrectedRate) -> String {
    let weight = match (rate.correction, rate.lambda) {
        (Correction::PpiTuned, Some(lambda)) => format!("   verdicts weigh {lambda:.3}"),
        _ => String::new(),
    };
    let cut = if (0.0..=1.0).contains(&rate.raw) {
        String::new()
    } else {
        format!("   cut from {}%", percent(rate.raw))
    };
    share(rate.value, rate.interval) + &weight + &cut
}

fn share(value: f64, range: Interval) -> String {
    format!("{:>5}%  {:>5} – {:<5}", percent(value), percent(range.lo), percent(range.hi))
}

/// Leaves out a standard error that rounds to 0: a rater is constant, or nothing disagrees, and it says nothing.
fn kappa(kappa: Kappa) -> String {
    let (value, error) = (decimal(kappa.value), decimal(kappa.se));
    let error = error.trim_start();
    if error == "0.000" { value } else { format!("{value}   standard error {error}") }
}

/// Formats a number that is no share; one that rounds to 0 has no sign.
fn decimal(number: f64) -> String {
    let shown = format!("{number:.3}");
    format!("{:>6}", if shown == "-0.000" { "0.000" } else { &shown })
}

fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}
