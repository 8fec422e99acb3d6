//! A folder in which the suite is run, with what it leaves there.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::program::PROGRAM;

/// A folder in which the suite is run. It is empty at first, and stays when the test ends, to be looked at.
pub(crate) struct Place {
    folder: PathBuf,
}

/// What a program printed, and the code that it exited with.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    /// Makes the folder of a test.
    pub(crate) fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reliability_suite").join(test);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("an old folder can be removed");
        }
        fs::create_dir_all(&folder).expect("a folder can be made");
        Self { folder }
    }

    /// Returns the path of a file in the folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Runs the suite to its end.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &str) -> Ended {
        let output = self.command(arguments).output().expect("the suite can be started");
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Prepares to run the suite, with arguments apart by blanks, in an environment that says nothing of probity.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(&*PROGRAM);
        command.current_dir(&self.folder).args(arguments.split_whitespace()).stdin(Stdio::null());
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("PROBITY_") {
                command.env_remove(name);
            }
        }
        command.env("PROBITY_EXAMPLE_LOG", self.file("effects"));
        command
    }

    /// Reads a JSON report, without what differs between two runs of one seed: times, tries and identifiers.
    pub(crate) fn report(&self, name: &str) -> Value {
        let text = fs::read_to_string(self.file(name)).expect("a report is there");
        let mut report: Value = serde_json::from_str(&text).expect("it is JSON");
        let run = report.as_object_mut().and_then(|report| report.remove("run"));
        assert!(run.is_some(), "what differs is not where it should be");
        report
    }

    /// Returns how often each trial left its side effect.
    pub(crate) fn effects(&self) -> BTreeMap<String, u32> {
        let text = fs::read_to_string(self.file("effects")).unwrap_or_default();
        let mut counts = BTreeMap::new();
        for line in text.lines() {
            *counts.entry(line.to_owned()).or_default() += 1;
        }
        counts
    }
}

impl Ended {
    /// Asserts the code, and shows what was printed where it is another.
    #[track_caller]
    pub(crate) fn exited(self, code: i32) -> Self {
        let Self { stdout, stderr, .. } = &self;
        assert_eq!(self.code, Some(code), "stdout:\n{stdout}\nstderr:\n{stderr}");
        self
    }
}
