//! Has `peer-count`, a program of its own, count allocations and bytes.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use peer_bench::{Contender, Counted, Workload};

use crate::error::chain;

/// The counting program.
#[derive(Debug)]
pub(crate) struct Counter {
    program: PathBuf,
}

/// Why there is no counting program, or no count.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CountError {
    /// This program does not know where it is.
    #[error("cannot find this program")]
    Whereabouts(#[source] io::Error),
    /// There is nothing beside this program, and no cargo to build it.
    #[error("{} is not there; build it, or run through cargo", .0.display())]
    Missing(PathBuf),
    /// A program cannot be started.
    #[error("cannot start {}", program.display())]
    Start { program: PathBuf, source: io::Error },
    /// A program did not do its work.
    #[error("{} ended with {status}", program.display())]
    Failed { program: PathBuf, status: ExitStatus },
    /// The program printed something else than a count.
    #[error("cannot read the count")]
    Output(#[source] serde_json::Error),
}

impl Counter {
    /// Finds the counting program beside this one, and has cargo bring it up to date.
    ///
    /// Under `cargo run` only this program was built. The other shares all its libraries, so
    /// that there is little to do. Without cargo, what is there is taken as it is.
    ///
    /// # Errors
    ///
    /// Where there is no such program and it cannot be built.
    pub(crate) fn find() -> Result<Self, CountError> {
        let this = env::current_exe().map_err(CountError::Whereabouts)?;
        let program = this.with_file_name(format!("peer-count{}", env::consts::EXE_SUFFIX));
        if let (Some(cargo), Some(manifest)) =
            (env::var_os("CARGO"), env::var_os("CARGO_MANIFEST_DIR"))
        {
            build(Path::new(&cargo), &Path::new(&manifest).join("Cargo.toml"), &this)?;
        }
        if program.exists() { Ok(Self { program }) } else { Err(CountError::Missing(program)) }
    }

    /// Counts one workload under one peer; says why on the error stream where that fails.
    pub(crate) fn count(&self, contender: Contender, workload: Workload) -> Option<Counted> {
        self.run(contender, workload)
            .inspect_err(|error| {
                let (peer, name) = (contender.name(), workload.name());
                eprintln!("{name}: allocations of {peer} are not counted: {}", chain(error));
            })
            .ok()
    }

    fn run(&self, contender: Contender, workload: Workload) -> Result<Counted, CountError> {
        let arguments = ["--peer", &contender.name(), "--workload", &workload.name()];
        let output = Command::new(&self.program)
            .args(arguments)
            .output()
            .map_err(|source| CountError::Start { program: self.program.clone(), source })?;
        succeeded(&self.program, output.status)?;
        serde_json::from_slice(&output.stdout).map_err(CountError::Output)
    }
}

/// Builds the counting program into the folder and with the profile of `this` program.
fn build(cargo: &Path, manifest: &Path, this: &Path) -> Result<(), CountError> {
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--bin", "peer-count", "--manifest-path"]).arg(manifest);
    if let Some(folder) = this.parent() {
        let profile = folder.file_name().and_then(|name| name.to_str()).unwrap_or("release");
        command.args(["--profile", if profile == "debug" { "dev" } else { profile }]);
        if let Some(target) = folder.parent() {
            command.arg("--target-dir").arg(target);
        }
    }
    let status = command
        .status()
        .map_err(|source| CountError::Start { program: cargo.to_path_buf(), source })?;
    succeeded(cargo, status)
}

fn succeeded(program: &Path, status: ExitStatus) -> Result<(), CountError> {
    if status.success() {
        Ok(())
    } else {
        Err(CountError::Failed { program: program.to_path_buf(), status })
    }
}
