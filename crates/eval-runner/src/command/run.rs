//! The command from its arguments to its exit code.

use std::{ffi::OsString, process::ExitCode, time::Duration};

use clap::Parser as _;
use tokio::runtime;
use tracing_subscriber::layer::SubscriberExt as _;

use super::{
    arguments::Arguments, choose::Chosen, console::Console, error::CommandError,
    into_suite::IntoSuite, job::Job, list, measure, settings, test_mode,
};
use crate::gate::exit;

/// How long threads that agents still hold are waited for at the end. All that counts is written by then.
const PATIENCE: Duration = Duration::from_millis(500);

/// Runs a suite as the arguments of the program say, and returns the code to exit with.
///
/// The function that makes the suite is called inside the tokio runtime. [`main!`](crate::main!) calls this.
pub fn main<S: IntoSuite>(suite: impl FnOnce() -> S) -> ExitCode {
    main_async(async || suite())
}

/// As [`main`], for a function that must be awaited.
pub fn main_async<S: IntoSuite>(suite: impl AsyncFnOnce() -> S) -> ExitCode {
    let arguments = match parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(code) => return code.into(),
    };
    let console = Console::new(arguments.harness.color);
    let runtime = match runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            console.note(format_args!("error: the runtime cannot be started: {error}"));
            return exit::INCOMPLETE.into();
        }
    };
    // The run is driven from this thread, which agents cannot block.
    let ended = runtime.block_on(async {
        let job = Job::new(suite().await)?;
        command(job, &arguments, console).await
    });
    runtime.shutdown_timeout(PATIENCE);
    match ended {
        Ok(code) => code.into(),
        Err(error) => {
            console.note(format_args!("error: {error}"));
            error.code().into()
        }
    }
}

/// Reads the arguments; prints what is wrong with them, or the help.
fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Arguments, u8> {
    Arguments::try_parse_from(arguments).map_err(|error| {
        // Nobody reads any more where it cannot be printed.
        _ = error.print();
        if error.use_stderr() { exit::USAGE } else { exit::MET }
    })
}

async fn command(job: Job, arguments: &Arguments, console: Console) -> Result<u8, CommandError> {
    listen_to_spans();
    let harness = &arguments.harness;
    let chosen = Chosen::new(&job, harness)?;
    if harness.list {
        list::list(&job, &chosen, harness, console);
        return Ok(exit::MET);
    }
    let runner = settings::settings(job.runner.clone(), arguments)?;
    let runner = chosen.narrow(runner);
    if harness.bench && !harness.test {
        measure::measure(job, (runner, &chosen), arguments, console).await
    } else {
        test_mode::test(job, (runner, &chosen), arguments, console).await
    }
}

/// Installs a subscriber that captures find, unless the program has one: under one, what tasks record that agents spawn
/// is captured as well.
fn listen_to_spans() {
    let subscriber = tracing_subscriber::registry().with(probity_trace::layer());
    // An error says that there is one.
    _ = tracing::subscriber::set_global_default(subscriber);
}
