//! The arguments of the program.

use clap::Parser;

use crate::commands::Command;

/// Looks at stored runs of probity, without the code that ran them.
///
/// A RUN is an identifier or its beginning, the name of a run or of a baseline, the name of a suite, of which the
/// latest run is taken, or `latest`.
///
/// Exit codes: 0 all is well; 1 a gate is missed, or a table is impossible; 2 the arguments cannot be used; 3 a run is
/// incomplete, or a store failed.
#[derive(Debug, Parser)]
#[command(name = "probity", version, max_term_width = 110)]
pub(crate) struct Arguments {
    /// Where the runs are: a file, or `postgres://user@host/database`
    #[arg(
        long,
        global = true,
        value_name = "PLACE",
        env = "PROBITY_STORE",
        default_value = "probity.db"
    )]
    pub(crate) store: String,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Arguments;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Arguments::command().debug_assert();
    }
}
