//! Runs a suite as a program of its own, in a folder of its own.

use std::{
    env, fs,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

/// A suite in a folder of its own, which is removed at the end.
pub(crate) struct Program {
    suite: &'static str,
    folder: Arc<Folder>,
    variables: Vec<(&'static str, &'static str)>,
    stderr_in_a_file: bool,
}

/// A folder that is removed when it is dropped.
struct Folder(PathBuf);

/// What a program printed, and its exit code.
pub(crate) struct Ended {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: Option<i32>,
}

impl Program {
    pub(crate) fn new(suite: &'static str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("probity-command-{}-{count}", std::process::id());
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a folder can be made");
        let folder = Arc::new(Folder(folder));
        Self { suite, folder, variables: Vec::new(), stderr_in_a_file: false }
    }

    /// Returns another suite in the same folder.
    pub(crate) fn as_suite(&self, suite: &'static str) -> Self {
        let (folder, variables) = (Arc::clone(&self.folder), self.variables.clone());
        Self { suite, folder, variables, stderr_in_a_file: self.stderr_in_a_file }
    }

    /// Sets a variable of the environment.
    pub(crate) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    /// Writes standard error to the file `stderr`, where it can be read while the program runs.
    pub(crate) fn with_stderr_in_a_file(mut self) -> Self {
        self.stderr_in_a_file = true;
        self
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.0.join(name)
    }

    /// Returns the lines of a file, none if there is no such file.
    pub(crate) fn lines(&self, name: &str) -> Vec<String> {
        let text = fs::read_to_string(self.file(name)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Starts the program with words as arguments.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new(env::current_exe().expect("this program"));
        for (name, _) in env::vars_os() {
            let ours = name.to_str().is_some_and(|name| {
                name.starts_with("PROBITY_") || name.starts_with("GITHUB_") || name == "NO_COLOR"
            });
            if ours {
                command.env_remove(name);
            }
        }
        let stderr = if self.stderr_in_a_file {
            fs::File::create(self.file("stderr")).expect("a file").into()
        } else {
            Stdio::piped()
        };
        command
            .args(arguments)
            .env("PROBITY_TEST_SUITE", self.suite)
            .env("PROBITY_TEST_LOG", self.file("ran.log"))
            .env("PROBITY_TEST_GO", self.file("go"))
            .envs(self.variables.iter().copied())
            .current_dir(&self.folder.0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .expect("the program starts")
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.start(arguments))
    }
}

impl Ended {
    pub(crate) fn of(child: Child) -> Self {
        let Output { status, stdout, stderr } = child.wait_with_output().expect("it ends");
        let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
        Self { out: text(stdout), err: text(stderr), code: status.code() }
    }

    /// Checks the exit code, and that parts are printed to standard output.
    #[track_caller]
    pub(crate) fn prints(&self, code: i32, parts: &[&str]) -> &Self {
        let Self { out, err, .. } = self;
        assert_eq!(self.code, Some(code), "\n{out}\n-- stderr --\n{err}");
        for part in parts {
            assert!(out.contains(part), "{part:?} is not in\n{out}\n-- stderr --\n{err}");
        }
        self
    }

    /// Checks the exit code, and that parts are printed to standard error.
    #[track_caller]
    pub(crate) fn says(&self, code: i32, parts: &[&str]) -> &Self {
        let Self { out, err, .. } = self;
        assert_eq!(self.code, Some(code), "\n{out}\n-- stderr --\n{err}");
        for part in parts {
            assert!(err.contains(part), "{part:?} is not in\n{err}\n-- stdout --\n{out}");
        }
        self
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}
