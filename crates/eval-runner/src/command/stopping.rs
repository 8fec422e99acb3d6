//! The rule that ends a run: whether the planned trials can decide it, and what it means for the exit code.

use super::{error::CommandError, words::counted};
use crate::{
    gate::{Scope, StopDecision, StopRule, StopWatch, exit},
    runner::Runner,
};

/// Refuses a rule that so many trials of so many cases cannot meet.
pub(super) fn check(runner: &Runner, cases: usize, trials: u32) -> Result<(), CommandError> {
    let Some(rule) = runner.stop_rule else { return Ok(()) };
    match prospect(rule, cases, trials) {
        Ok(_) => Ok(()),
        Err(message) => Err(CommandError::usage(message)),
    }
}

/// Drops a rule about all cases together, which some of them cannot decide.
pub(super) fn by_each_case(mut runner: Runner) -> Runner {
    runner.stop_rule = runner.stop_rule.filter(|rule| rule.rule().scope == Scope::Each);
    runner
}

/// Says with how many trials a rule can be met, or why it cannot.
pub(super) fn prospect(rule: StopRule, cases: usize, trials: u32) -> Result<String, String> {
    match rule.fewest_trials(cases as u64) {
        None => Err(format!("{rule} can never be met, however many trials are run")),
        Some(fewest) if fewest > trials => Err(format!(
            "{rule} cannot be met with {}: the fewest that can are {fewest}",
            counted(u64::from(trials), "trial")
        )),
        Some(fewest) => Ok(format!(
            "the run ends once {rule} is decided, after {} of each case at the earliest",
            counted(u64::from(fewest), "trial")
        )),
    }
}

/// Returns the code to exit with for how a rule stands in the end. One that is open has not been shown to be met.
pub(super) fn exit_code(stopping: &StopWatch) -> u8 {
    match stopping.decision() {
        StopDecision::Met => exit::MET,
        StopDecision::Missed => exit::MISSED,
        StopDecision::Open => exit::INCOMPLETE,
    }
}
