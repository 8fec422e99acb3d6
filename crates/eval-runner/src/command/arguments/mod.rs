//! The arguments of a suite that is the target of a command.

mod harness;
mod keep;
mod limits;
mod report;
mod value;

use clap::Parser;

pub(super) use self::{
    harness::{Color, HarnessArguments, ListFormat},
    keep::KeepArguments,
    limits::RunArguments,
    report::ReportArguments,
};

/// Runs the cases of a suite, each several times, and says how reliable the agent is.
///
/// With --bench, which cargo bench adds, the suite is measured: the run is kept in a store, and a report is
/// printed. Without it, as under cargo test and cargo-nextest, each case is a test.
///
/// Exit codes: 0 the gate is met, or there is none and the run is complete; 1 the gate is missed, or a test failed;
/// 2 the arguments, the suite or the gate cannot be used; 3 the run is incomplete.
#[derive(Debug, Clone, Default, Parser)]
#[command(name = "suite", bin_name = "cargo bench --bench <SUITE> --", disable_version_flag = true)]
#[command(max_term_width = 110)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) harness: HarnessArguments,
    #[command(flatten)]
    pub(super) run: RunArguments,
    #[command(flatten)]
    pub(super) keep: KeepArguments,
    #[command(flatten)]
    pub(super) report: ReportArguments,
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::Arguments;

    fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(["suite"].into_iter().chain(line.split_whitespace()))
    }

    #[track_caller]
    fn refused(line: &str, expected: &str) {
        let error = parse(line).unwrap_err().to_string();
        assert!(error.contains(expected), "{line}: {error}");
    }

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_help_shows_no_marks_of_another_language() {
        let help = Arguments::command().render_long_help().to_string();
        assert!(help.contains("JUnit") && !help.contains('`'), "{help}");
    }

    #[test]
    fn what_cargo_and_nextest_pass_is_understood() {
        for line in [
            "",
            "--bench",
            "--test",
            "--list --format terse",
            "--list --format terse --ignored",
            "suite::case --exact --nocapture",
            "suite::case --exact --nocapture --bench",
            "a b --skip c --skip d --include-ignored --show-output --test-threads 4 -q --color never",
        ] {
            assert!(parse(line).is_ok(), "{line}: {}", parse(line).unwrap_err());
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_what_would_be_right() {
        refused("--trials 0", "0 is not in 1..");
        refused("--shard 4/3", "`4/3` is no part of a run, which looks like 1/3");
        refused("--timeout 30", "time unit needed");
        refused("--max-cost -1", "dollars");
        refused("--total-cost NaN", "dollars");
        refused("--label commit", "`commit` is no label, which looks like key=value");
        refused("--gate pass^4=>0.9", "expected one of >=, >, <=, <");
        refused("--confidence-level 95", "95");
        refused("--trails 3", "--trials");
        refused("--baseline a --baseline-lenient b", "cannot be used with");
        refused("--allow-changed", "--resume");
    }
}
