//! Which cases the filters of the command line choose.

use std::collections::HashSet;

use super::{arguments::HarnessArguments, error::CommandError, job::Job};
use crate::{
    case::Case,
    nearest::nearest,
    runner::Runner,
    select::{Filter, Selection},
    suite::Fingerprint,
};

/// The cases that are chosen, and how many are not.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    /// The names of the cases, in the order of the suite.
    pub(super) cases: Vec<String>,
    /// How many cases were not chosen.
    pub(super) filtered_out: usize,
    names: HashSet<String>,
}

impl Chosen {
    /// Chooses the cases of a suite.
    ///
    /// A name that matches nothing is no error, as with libtest: a filter is given to all targets of a package. A
    /// tag is, since it was meant for this one.
    pub(super) fn new(job: &Job, arguments: &HarnessArguments) -> Result<Self, CommandError> {
        let tags = arguments.tags.iter().cloned().fold(Selection::new(), Selection::tag);
        let tagged = tags.choose(&job.cases).map_err(|error| CommandError::wrong(&error))?;
        let names = Names::new(arguments);
        // There are no ignored cases.
        let chosen =
            tagged.into_iter().filter(|case| !arguments.ignored && names.choose(job, case));
        let cases: Vec<String> = chosen.map(|case| case.id.clone()).collect();
        let names = cases.iter().cloned().collect();
        Ok(Self { filtered_out: job.cases.len() - cases.len(), cases, names })
    }

    /// Returns whether a case is chosen.
    pub(super) fn has(&self, case: &str) -> bool {
        self.names.contains(case)
    }

    /// Returns whether all cases are chosen.
    pub(super) fn is_whole(&self) -> bool {
        self.filtered_out == 0
    }

    /// Narrows the cases that a runner runs to these.
    pub(super) fn narrow(&self, runner: Runner) -> Runner {
        if self.is_whole() {
            return runner;
        }
        runner.select(Selection::new().only(self.cases.iter().cloned()))
    }

    /// Says that no case was chosen, and which are like the filters.
    pub(super) fn nothing(job: &Job, arguments: &HarnessArguments) -> String {
        let names: Vec<String> = job.cases.iter().map(|case| job.test_name(&case.id)).collect();
        let like = |filter: &String| nearest(filter, names.iter().map(String::as_str), 3);
        let near: Vec<&str> = arguments.filters.iter().flat_map(like).collect();
        let offered = match near.as_slice() {
            [] => "--list shows all".to_owned(),
            near => format!("like it are {}", near.join(", ")),
        };
        format!("no case of suite {:?} was chosen; {offered}", job.name)
    }
}

/// The filters by name.
struct Names<'a> {
    arguments: &'a HarnessArguments,
    /// For each filter its pattern, where it has one.
    patterns: Vec<Option<Filter>>,
}

impl<'a> Names<'a> {
    fn new(arguments: &'a HarnessArguments) -> Self {
        let pattern = |text: &String| {
            let wild = text.starts_with('!') || text.contains(['*', '?']);
            // The pattern is one of a part of the name, as a plain filter is.
            let (sign, rest) = text.strip_prefix('!').map_or(("", &**text), |rest| ("!", rest));
            if wild { format!("{sign}*{rest}*").parse().ok() } else { None }
        };
        Self { arguments, patterns: arguments.filters.iter().map(pattern).collect() }
    }

    fn choose(&self, job: &Job, case: &Case<Fingerprint>) -> bool {
        let name = job.test_name(&case.id);
        let is = |filter: &str| {
            if self.arguments.exact {
                filter == name || filter == case.id
            } else {
                name.contains(filter)
            }
        };
        if self.arguments.skip.iter().any(|skip| is(skip)) {
            return false;
        }
        if self.arguments.exact {
            return self.arguments.filters.is_empty()
                || self.arguments.filters.iter().any(|f| is(f));
        }
        let (mut wanted, mut found) = (false, false);
        for (text, pattern) in self.arguments.filters.iter().zip(&self.patterns) {
            match pattern {
                Some(pattern) if pattern.takes_away() => {
                    if pattern.matches(&name) {
                        return false;
                    }
                }
                pattern => {
                    wanted = true;
                    found |=
                        is(text) || pattern.as_ref().is_some_and(|pattern| pattern.matches(&name));
                }
            }
        }
        found || !wanted
    }
}
