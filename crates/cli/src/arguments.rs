//! The arguments of the program.

use clap::{
    ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, error::ErrorKind,
    parser::ValueSource,
};

use crate::commands::Command;

/// Looks at stored runs of probity, without the code that ran them.
///
/// A RUN is an identifier or its beginning, the name of a run or of a baseline, the name of a suite, of which the
/// latest run is taken, or "latest".
///
/// Exit codes: 0 all is well; 1 a gate is missed, or a table is impossible; 2 the arguments cannot be used; 3 a run is
/// incomplete, or a store failed.
#[derive(Debug, Parser)]
#[command(name = "probity", version, max_term_width = 110)]
pub(crate) struct Arguments {
    #[arg(
        help = "Where the runs are: a file, or postgres://user@host/database",
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

impl Arguments {
    /// Reads the arguments of the process.
    ///
    /// # Errors
    ///
    /// If they cannot be used, or if they ask for help.
    pub(crate) fn read() -> Result<Self, clap::Error> {
        Self::of(&Self::command().try_get_matches()?)
    }

    fn of(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let arguments = Self::from_arg_matches(matches)?;
        // The environment is for all commands, and says nothing of this one.
        let is_said = matches.value_source("store") == Some(ValueSource::CommandLine);
        match arguments.command.ignores_store() {
            Some(why) if is_said => Err(Self::command().error(ErrorKind::ArgumentConflict, why)),
            _ => Ok(arguments),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Arguments;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn no_help_shows_marks_of_another_language() {
        let mut program = Arguments::command();
        program.build();
        let texts = program.get_subcommands_mut().map(clap::Command::render_long_help);
        let texts: Vec<String> = texts.map(|text| text.to_string()).collect();
        assert!(texts.len() > 8, "{texts:?}");
        for text in texts.iter().chain([&Arguments::command().render_long_help().to_string()]) {
            assert!(!text.contains('`'), "{text}");
        }
    }
}
