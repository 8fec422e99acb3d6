//! What a run came to, in all the forms that are printed and written.

use super::{
    arguments::ReportArguments, baseline::Against, console::Console, error::CommandError,
    gating::Gating, run_error::store_error, stopping,
};
use crate::{
    facts::RunFacts,
    gate::{Gate, GateReport, Measurements as _, RunMeasurements, StopWatch, exit},
    reason::reason,
    report::{
        Comparison, ComparisonError, ComparisonSettings, Report, ReportError, ReportSettings,
    },
    reporters::{Reason, Reasons},
    runner::SuiteRun,
    store::{OutcomeKind, RunStore},
};

/// How many trials are told of for each case, of those that failed and of those that were not graded.
const TOLD: usize = 5;

/// What a run came to, in all the forms that are printed and written.
#[derive(Debug)]
pub(super) struct Findings {
    /// What it came to, trial by trial.
    pub(super) facts: RunFacts,
    /// What the gate says; `None` if there is none, or this is a part of the run that it is about.
    pub(super) gate: Option<GateReport>,
    /// The gate that is about the whole run, of which this is a part.
    pub(super) gate_of_whole: Option<Gate>,
    /// How the rule stands that could end the run; `None` if there is none.
    pub(super) stopping: Option<StopWatch>,
    /// Why trials did not pass.
    pub(super) reasons: Reasons,
    /// The report; an error if no trial has finished.
    pub(super) report: Result<Report, ReportError>,
    /// The k that was asked for, where no task has so many trials yet; the report has another.
    pub(super) k_out_of_reach: Option<u64>,
    /// The report of the baseline, where there is one.
    pub(super) baseline: Option<Report>,
    /// How the run compares with the baseline, where there is one.
    pub(super) comparison: Option<Result<Comparison, ComparisonError>>,
    /// What differs from the baseline file, where there is one.
    pub(super) drift: Option<String>,
}

impl Findings {
    /// Looks at a run from all sides.
    pub(super) async fn new(
        ran: &SuiteRun,
        store: Option<&dyn RunStore>,
        (gating, against): (Option<&Gating<'_>>, Option<&Against>),
        arguments: &ReportArguments,
    ) -> Result<Self, CommandError> {
        let facts = ran.facts().await.map_err(|error| store_error(&error))?;
        let most = facts.cases.iter().map(|case| case.tally.trials()).max().unwrap_or_default();
        let (k, k_out_of_reach) = match arguments.k {
            Some(k) if k > most => (None, Some(k)),
            k => (k, None),
        };
        let settings = settings(arguments, k);
        let report = Report::of_with(&facts, settings);
        let baseline = against.and_then(|against| Report::of_with(&against.facts, settings).ok());
        let comparison = match (&report, &baseline, against) {
            (Ok(report), Some(baseline), Some(against)) => {
                let this = facts.name.clone().unwrap_or_else(|| "this run".to_owned());
                let settings = comparing(arguments).names(this, against.name.clone());
                Some(Comparison::of(report, baseline, &settings))
            }
            _ => None,
        };
        Ok(Self {
            gate: gating.and_then(|gating| gating.report(&facts, ran)),
            gate_of_whole: gating.filter(|_| facts.shard.is_some()).map(|it| it.gate().clone()),
            stopping: ran.stopping.clone(),
            reasons: reasons(ran, store).await?,
            drift: against.and_then(|against| against.drift(&facts)),
            facts,
            report,
            k_out_of_reach,
            baseline,
            comparison,
        })
    }

    /// Returns whether nothing is missing or still to be scored anew, and at most 5 % was not graded.
    pub(super) fn is_complete(&self) -> bool {
        RunMeasurements::of(&self.facts).completeness().is_complete()
    }

    /// Prints how the run compares with the baseline, where there is one.
    pub(super) fn print_comparison(&self, console: Console) {
        match &self.comparison {
            None => {}
            Some(Ok(comparison)) => console.line(format_args!("\n{comparison}")),
            Some(Err(error)) => console.line(format_args!("\nnot compared: {error}")),
        }
        if let Some(drift) = &self.drift {
            console.line(format_args!("\n{drift}"));
        }
    }

    /// Returns the code to exit with.
    pub(super) fn exit_code(&self) -> u8 {
        self.asked(if self.is_complete() { exit::MET } else { exit::INCOMPLETE })
    }

    /// Returns the code for what was asked of the run: by the gate, or else this one, and by the rule that ends the run.
    pub(super) fn asked(&self, otherwise: u8) -> u8 {
        let gate = self.gate.as_ref().map_or(otherwise, |gate| gate.verdict().exit_code());
        let stopping = self.stopping.as_ref().map(stopping::exit_code);
        match stopping.filter(|code| *code != exit::MET) {
            // What is missed is missed, whatever cannot be decided, and a rule that is open is no wrong use.
            Some(code) if matches!(gate, exit::MET | exit::USAGE) => code,
            _ => gate,
        }
    }
}

fn settings(arguments: &ReportArguments, k: Option<u64>) -> ReportSettings {
    let settings = ReportSettings::default();
    let settings = k.map_or(settings, |k| settings.k(k));
    arguments.confidence_level.map_or(settings, |level| settings.confidence(level))
}

fn comparing(arguments: &ReportArguments) -> ComparisonSettings {
    let settings = ComparisonSettings::new();
    let settings = if arguments.tests { settings.tests() } else { settings };
    match arguments.margin {
        Some(margin) => settings.margin(margin),
        None => settings,
    }
}

/// Says why trials did not pass: from the store, or from memory.
pub(super) async fn reasons(
    ran: &SuiteRun,
    store: Option<&dyn RunStore>,
) -> Result<Reasons, CommandError> {
    if let (Some(store), Some(run)) = (store, ran.run) {
        return Reasons::read(store, run, TOLD).await.map_err(|error| store_error(&error));
    }
    let mut reasons = Reasons::new();
    for one in &ran.finished {
        let (case, kind) = (one.trial.case(), OutcomeKind::of(&one.outcome));
        let told = reasons.of(case).iter().filter(|reason| reason.outcome == kind).count();
        if kind != OutcomeKind::Passed && told < TOLD {
            let text = reason(&one.outcome, &one.judgments).unwrap_or_default();
            reasons.add(case, Reason::new(one.trial.index(), kind, text));
        }
    }
    Ok(reasons)
}
