//! Looks at stored runs of probity, without the code that ran them.

#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::dbg_macro
)]

mod arguments;
mod commands;
mod error;
mod find;
mod run_words;
mod table;
mod target;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use tokio::runtime;

use crate::{arguments::Arguments, error::CliError};

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nobody reads any more where it cannot be printed.
            _ = error.print();
            return if error.use_stderr() { error::USAGE.into() } else { ExitCode::SUCCESS };
        }
    };
    match run(arguments) {
        Ok(code) => code.into(),
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            _ = writeln!(io::stderr(), "error: {error}");
            error.exit_code().into()
        }
    }
}

fn run(arguments: Arguments) -> Result<u8, CliError> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let mut out = io::BufWriter::new(io::stdout());
    let Arguments { store, command } = arguments;
    let code = runtime.block_on(command.run(&store, &mut out))?;
    out.flush()?;
    Ok(code)
}
