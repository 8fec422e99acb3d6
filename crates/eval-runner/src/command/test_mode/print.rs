//! Prints tests as libtest does.

use std::time::Duration;

use super::verdict::{Verdict, Verdicts};
use crate::{
    command::{
        arguments::{HarnessArguments, ListFormat},
        choose::Chosen,
        console::Console,
        words::counted,
    },
    stats::Tally,
};

/// Prints tests as libtest does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Printer {
    console: Console,
    /// Whether a test is one character.
    terse: bool,
    tests: usize,
    filtered_out: usize,
}

impl Printer {
    pub(super) fn new(console: Console, arguments: &HarnessArguments, chosen: &Chosen) -> Self {
        Self {
            console,
            terse: arguments.quiet || arguments.format == ListFormat::Terse,
            tests: chosen.cases.len(),
            filtered_out: chosen.filtered_out,
        }
    }

    /// Prints what comes before the tests.
    pub(super) fn begin(self) {
        self.console.line(format_args!("\nrunning {}", counted(self.tests as u64, "test")));
    }

    /// Prints one test.
    pub(super) fn test(self, test: &Verdict) {
        let failed = test.failure.is_some();
        let word = match (self.terse, failed) {
            (true, false) => return self.console.print("."),
            (true, true) => return self.console.print(self.console.red("F")),
            (false, false) => self.console.green("ok"),
            (false, true) => self.console.red("FAILED"),
        };
        self.console.line(format_args!("test {} ... {word} ({})", test.name, passed(test.tally)));
    }

    /// Prints what comes after the tests.
    pub(super) fn end(self, verdicts: &Verdicts, took: Duration) {
        if self.terse {
            self.console.print("\n");
        }
        let failed = verdicts.failed().count();
        if failed > 0 {
            self.failures(verdicts);
        }
        let word = if failed == 0 { self.console.green("ok") } else { self.console.red("FAILED") };
        let passed = verdicts.tests.len() - failed;
        self.console.line(format_args!(
            "\ntest result: {word}. {passed} passed; {failed} failed; 0 ignored; 0 measured; {} filtered out; \
             finished in {:.2}s\n",
            self.filtered_out,
            took.as_secs_f64()
        ));
    }

    fn failures(self, verdicts: &Verdicts) {
        self.console.line("\nfailures:\n");
        for (test, failed) in verdicts.failed() {
            self.console.line(format_args!("---- {} ----", test.name));
            self.console.line(passed(test.tally));
            for line in &failed.lines {
                self.console.line(line);
            }
            self.console.print("\n");
        }
        self.console.line("\nfailures:");
        for (test, _) in verdicts.failed() {
            self.console.line(format_args!("    {}", test.name));
        }
    }
}

/// Says what trials came to: `18 of 20 passed, 1 not graded`.
fn passed(tally: Tally) -> String {
    let Tally { passed, not_graded, .. } = tally;
    let graded = if not_graded > 0 { format!(", {not_graded} not graded") } else { String::new() };
    format!("{passed} of {} passed{graded}", tally.trials())
}
