//! Lists cases as libtest does.

use super::{
    arguments::{HarnessArguments, ListFormat},
    choose::Chosen,
    console::Console,
    job::Job,
    words::counted,
};

/// Prints the names of the chosen cases, one a line: all that test runners read.
pub(super) fn list(job: &Job, chosen: &Chosen, arguments: &HarnessArguments, console: Console) {
    let kind = if arguments.bench && !arguments.test { "benchmark" } else { "test" };
    let count = chosen.cases.len() as u64;
    for case in &chosen.cases {
        console.line(format_args!("{}: {kind}", job.test_name(case)));
    }
    if arguments.format == ListFormat::Pretty {
        let (tests, benchmarks) = if kind == "test" { (count, 0) } else { (0, count) };
        let (tests, benchmarks) = (counted(tests, "test"), counted(benchmarks, "benchmark"));
        console.line(format_args!("\n{tests}, {benchmarks}"));
    }
}
