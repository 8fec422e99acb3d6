//! The arguments that every test and every benchmark takes, as libtest and criterion do.

use clap::{Args, ValueEnum};

/// Which cases, and how they are shown.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "so many switches there are")]
pub(in crate::command) struct HarnessArguments {
    /// Run only cases whose name contains one of these; * stands for any characters, ! before it takes away
    #[arg(value_name = "FILTER")]
    pub(in crate::command) filters: Vec<String>,

    #[arg(long, help_heading = CASES, help = "Take the filters as whole names, suite::case or case")]
    pub(in crate::command) exact: bool,

    /// Leave out cases whose name contains this
    #[arg(long, value_name = "FILTER", help_heading = CASES)]
    pub(in crate::command) skip: Vec<String>,

    /// Run only cases that have this tag; ! before it takes away
    #[arg(long = "tag", value_name = "TAG", help_heading = CASES)]
    pub(in crate::command) tags: Vec<crate::select::Filter>,

    /// List the cases and run none
    #[arg(long, help_heading = CASES)]
    pub(in crate::command) list: bool,

    /// How lists and tests are printed
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, help_heading = CASES)]
    pub(in crate::command) format: ListFormat,

    /// Run only ignored cases, of which there are none
    #[arg(long, hide = true, conflicts_with = "include_ignored")]
    pub(in crate::command) ignored: bool,

    /// Run ignored cases too, of which there are none
    #[arg(long, hide = true)]
    include_ignored: bool,

    /// Let the agent print, which it may do at any rate
    #[arg(long, hide = true)]
    nocapture: bool,

    /// Show what passing tests printed, which is not held back at any rate
    #[arg(long, hide = true)]
    show_output: bool,

    /// How many trials run at once, where --concurrency does not say it
    #[arg(long, value_name = "N", hide = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::command) test_threads: Option<u32>,

    /// Measure the suite; cargo bench adds this
    #[arg(long, help_heading = CASES)]
    pub(in crate::command) bench: bool,

    /// Run each case as a test, also with --bench
    #[arg(long, help_heading = CASES)]
    pub(in crate::command) test: bool,

    /// Show no progress, and one character for each test
    #[arg(long, short)]
    pub(in crate::command) quiet: bool,

    /// When to use colors
    #[arg(long, short, alias = "colour", value_name = "WHEN", value_enum, default_value_t)]
    pub(in crate::command) color: Color,

    /// Options of libtest that are not stable, none of which is known here
    #[arg(short = 'Z', hide = true, value_name = "FLAG")]
    unstable: Vec<String>,
}

const CASES: &str = "Cases";

/// How lists and tests are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::command) enum ListFormat {
    /// For people.
    #[default]
    Pretty,
    /// Lists for programs, one character for each test.
    Terse,
}

/// When colors are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::command) enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
