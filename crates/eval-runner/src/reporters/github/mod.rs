//! The step summary of GitHub Actions: Markdown that is shown below a step.

mod cases;
mod comparison;
mod markdown;
mod sheet;

use std::fmt::Write as _;

use std::{
    env,
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

use self::{
    cases::Rows,
    comparison::{differences, worse},
    markdown::{cell, fenced, heading},
    sheet::Sheet,
};
use super::Reasons;
use crate::{
    facts::RunFacts,
    gate::GateReport,
    html::words::{MetricWords, Words},
    report::{Comparison, Report},
};

/// The variable that names the file to which summaries are added.
pub const VARIABLE: &str = "GITHUB_STEP_SUMMARY";
/// GitHub shows so many bytes of a step, and nothing of one that has more.
pub const LIMIT: usize = 1 << 20;

/// The summary of a run, as Markdown: the verdict, the metrics, the cases to look at, and all cases behind a fold.
///
/// What has no room is left out, and the summary says so. Texts of others are shown without secrets, and as text:
/// they cannot become markup.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{
///     Report,
///     facts::{CaseFacts, RunFacts, TrialFacts},
///     reporters::github::StepSummary,
///     store::OutcomeKind,
/// };
///
/// let mut case = CaseFacts::new("refund");
/// case.add(&TrialFacts::new(0, OutcomeKind::Passed));
/// case.add(&TrialFacts::new(1, OutcomeKind::Failed));
/// let facts = RunFacts::new("airline", 2, vec![case]);
/// let report = Report::of(&facts)?;
///
/// let summary = StepSummary::new(&facts, &report).render();
/// assert!(summary.starts_with("## airline\n"));
/// assert!(summary.contains("| one trial passes | 50.0% |"));
/// # Ok::<(), probity_eval_runner::ReportError>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a summary does nothing unless it is rendered or appended"]
pub struct StepSummary<'a> {
    facts: &'a RunFacts,
    report: &'a Report,
    gate: Option<&'a GateReport>,
    comparison: Option<&'a Comparison>,
    reasons: Option<&'a Reasons>,
    limit: usize,
}

impl<'a> StepSummary<'a> {
    /// Summarizes a run and its report.
    pub fn new(facts: &'a RunFacts, report: &'a Report) -> Self {
        Self { facts, report, gate: None, comparison: None, reasons: None, limit: LIMIT }
    }

    /// Says what a gate said.
    pub fn with_gate(mut self, gate: &'a GateReport) -> Self {
        self.gate = Some(gate);
        self
    }

    /// Says what a comparison with another run said, and which cases have become worse.
    pub fn with_comparison(mut self, comparison: &'a Comparison) -> Self {
        self.comparison = Some(comparison);
        self
    }

    /// Says why trials did not pass.
    pub fn with_reasons(mut self, reasons: &'a Reasons) -> Self {
        self.reasons = Some(reasons);
        self
    }

    /// Sets how many bytes the summary may have; [`LIMIT`] unless told otherwise.
    pub fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Returns the Markdown.
    pub fn render(&self) -> String {
        let mut sheet = Sheet::new(self.limit);
        sheet.add("the title", &self.title());
        sheet.add("the verdict", &self.verdict());
        sheet.add("the metrics", &self.metrics());
        let (differences, worse) =
            self.comparison.map_or_else(<(String, String)>::default, |comparison| {
                (differences(comparison), worse(comparison))
            });
        sheet.add("the comparison", &differences);
        sheet.add("the cases that pass less often", &worse);
        self.look_at(&mut sheet);
        self.all_cases(&mut sheet);
        sheet.finish()
    }

    /// Adds the summary to the file that `GITHUB_STEP_SUMMARY` names, and returns whether it names one.
    ///
    /// What others have written there before takes from the room for this one.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn append(&self) -> io::Result<bool> {
        match env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
            Some(path) => self.append_to(Path::new(&path)).map(|()| true),
            None => Ok(false),
        }
    }

    /// Adds the summary to a file.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn append_to(&self, path: &Path) -> io::Result<()> {
        let before = match fs::metadata(path) {
            Ok(file) => usize::try_from(file.len()).unwrap_or(usize::MAX),
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        // Whoever wrote before may not have ended the line.
        let room = self.limit.saturating_sub(before).saturating_sub(1);
        let text = self.clone().with_limit(room).render();
        let mut file = File::options().append(true).create(true).open(path)?;
        file.write_all(if before > 0 { format!("\n{text}") } else { text }.as_bytes())
    }

    fn title(&self) -> String {
        let words = Words::of(self.report);
        format!("## {}\n\n{}\n", heading(&self.facts.suite), cell(&words.counts.join(", ")))
    }

    /// What the gate said, as it says it.
    fn verdict(&self) -> String {
        let words = self.gate.map(ToString::to_string).unwrap_or_default();
        let mut lines = words.lines();
        match lines.next() {
            Some(first) => {
                let rest: Vec<_> = lines.collect();
                format!("**{}**\n\n{}", cell(first), fenced(&rest))
            }
            None => String::new(),
        }
    }

    fn metrics(&self) -> String {
        let words = Words::of(self.report);
        let mut text = String::new();
        for note in &words.before {
            _ = writeln!(text, "**{}**\n", cell(note));
        }
        text.push_str("| metric | estimate | range | |\n|---|--:|--:|---|\n");
        for metric in &self.report.metrics {
            let MetricWords { words, estimate, range, symbol } = MetricWords::of(metric);
            let symbol = symbol.map(|symbol| format!("`{symbol}`")).unwrap_or_default();
            _ = writeln!(text, "| {words} | {estimate} | {range} | {symbol} |");
        }
        text.push('\n');
        for line in words.lines.iter().chain(&words.notes) {
            _ = writeln!(text, "- {}", cell(line));
        }
        text
    }

    /// The cases that sometimes or never pass, those that pass the least first.
    fn look_at(&self, sheet: &mut Sheet) {
        let rows = Rows::not_always(self.facts, self.reasons);
        sheet.add("the cases to look at", &rows.first(50));
    }

    fn all_cases(&self, sheet: &mut Sheet) {
        let rows = Rows::all(self.facts, self.reasons);
        let before = match self.facts.cases.len() {
            1 => "<details><summary>The only case</summary>\n\n".to_owned(),
            cases => format!("<details><summary>All {cases} cases</summary>\n\n"),
        };
        sheet.add_rows("case", (&before, &Rows::head(), "\n</details>\n"), rows.lines());
    }
}
