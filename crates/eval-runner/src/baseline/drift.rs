//! What differs between a baseline and a run, in words.

use std::{collections::HashMap, fmt};

use super::file::Baseline;
use crate::{
    facts::{CaseFacts, RunFacts},
    stats::{Tally, real},
    store::Spending,
};

/// How many cases are named that passed more or less often.
const NAMED: usize = 10;

/// What differs between a baseline and a run.
///
/// Prints a line for what was run, one for what it took, and one for each case whose trials came to something else.
/// That is a list of what was seen; whether a difference is more than chance is for a [gate](crate::gate) to say.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Drift {
    /// What was run that is not what the baseline ran: the suite, the agent, the evals, the trials, the seed.
    pub settings: Vec<String>,
    /// Cases that the baseline does not have.
    pub new: Vec<String>,
    /// Cases that only the baseline has.
    pub gone: Vec<String>,
    /// Cases of which the input, what is expected or the metadata has changed.
    pub changed: Vec<String>,
    /// Cases whose trials came to something else, those whose pass rate moved the most first.
    pub moved: Vec<Moved>,
    /// What the baseline took, and what the run took.
    pub spent: (Spending, Spending),
}

/// A case whose trials came to something else.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moved {
    /// The name of the case.
    pub case: String,
    /// What the trials of the baseline came to.
    pub before: Tally,
    /// What the trials of the run came to.
    pub now: Tally,
}

impl Baseline {
    /// Says what differs from this baseline in a run.
    pub fn drift(&self, run: &RunFacts) -> Drift {
        let before = self.facts();
        let theirs: HashMap<&str, &CaseFacts> =
            before.cases.iter().map(|case| (&*case.id, case)).collect();
        let ours: HashMap<&str, &CaseFacts> =
            run.cases.iter().map(|case| (&*case.id, case)).collect();
        let names = |cases: &[CaseFacts], known: &HashMap<&str, &CaseFacts>| {
            let unknown = cases.iter().filter(|case| !known.contains_key(&*case.id));
            unknown.map(|case| case.id.clone()).collect()
        };
        let both = || run.cases.iter().filter_map(|case| Some((*theirs.get(&*case.id)?, case)));
        let changed = both().filter(|(before, now)| {
            is_other(before.fingerprint.as_ref(), now.fingerprint.as_ref())
        });
        let moved = both().filter(|(before, now)| before.tally != now.tally);
        let mut moved: Vec<Moved> = moved.map(|(before, now)| Moved::of(before, now)).collect();
        moved.sort_by(|one, other| other.distance().total_cmp(&one.distance()));
        Drift {
            settings: settings(before, run),
            new: names(&run.cases, &theirs),
            gone: names(&before.cases, &ours),
            changed: changed.map(|(_, case)| case.id.clone()).collect(),
            moved,
            spent: (before.spent(), run.spent()),
        }
    }
}

fn settings(before: &RunFacts, now: &RunFacts) -> Vec<String> {
    let mut settings = Vec::new();
    if before.suite != now.suite {
        settings.push(format!("the suite was {:?} and is {:?}", before.suite, now.suite));
    }
    match (&before.agent_version, &now.agent_version) {
        (Some(before), Some(now)) if before != now => {
            settings.push(format!("the agent was {before:?} and is {now:?}"));
        }
        _ if is_other(before.agent.as_ref(), now.agent.as_ref()) => {
            settings.push("the agent is another".to_owned());
        }
        _ => {}
    }
    if is_other(before.evals.as_ref(), now.evals.as_ref()) {
        settings.push("the evals are others".to_owned());
    }
    if before.trials != now.trials {
        settings.push(format!("{} trials of each case are now {}", before.trials, now.trials));
    }
    if before.seed != now.seed {
        settings.push(format!("the seed was {} and is {}", before.seed, now.seed));
    }
    settings
}

/// Whether two fingerprints are known and differ.
fn is_other<T: PartialEq>(before: Option<&T>, now: Option<&T>) -> bool {
    before.zip(now).is_some_and(|(before, now)| before != now)
}

impl Moved {
    fn of(before: &CaseFacts, now: &CaseFacts) -> Self {
        Self { case: now.id.clone(), before: before.tally, now: now.tally }
    }

    /// How far the pass rate moved.
    fn distance(&self) -> f64 {
        let rate = |tally: Tally| real(tally.passed) / real(tally.trials().max(1));
        (rate(self.now) - rate(self.before)).abs()
    }
}

impl Drift {
    /// Returns whether nothing differs.
    pub fn is_none(&self) -> bool {
        let Self { settings, new, gone, changed, moved, spent } = self;
        let names = [settings, new, gone, changed];
        names.into_iter().all(Vec::is_empty)
            && moved.is_empty()
            && taken(&spent.0) == taken(&spent.1)
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() {
            return f.write_str("nothing differs from the baseline");
        }
        let cases = [(&self.new, "new"), (&self.gone, "gone"), (&self.changed, "changed")];
        let cases = cases.into_iter().filter(|(cases, _)| !cases.is_empty());
        let cases = cases.map(|(cases, word)| counted(cases.len(), word));
        let mut lines: Vec<String> = Vec::new();
        let first: Vec<String> = self.settings.iter().cloned().chain(cases).collect();
        if !first.is_empty() {
            lines.push(first.join(", "));
        }
        let (before, now) = (taken(&self.spent.0), taken(&self.spent.1));
        if before != now {
            lines.push(format!("took {before}, now {now}"));
        }
        lines.extend(self.moved.iter().take(NAMED).map(ToString::to_string));
        match self.moved.len().saturating_sub(NAMED) {
            0 => {}
            1 => lines.push("and 1 case more came to something else".to_owned()),
            more => lines.push(format!("and {more} cases more came to something else")),
        }
        f.write_str(&lines.join("\n"))
    }
}

fn counted(cases: usize, word: &str) -> String {
    if cases == 1 { format!("1 case is {word}") } else { format!("{cases} cases are {word}") }
}

/// What a run took, as far as a baseline file keeps it.
fn taken(spent: &Spending) -> String {
    let cost = match (spent.known_cost_usd(), spent.unpriced_calls) {
        (Some(cost), _) => format!("${cost:.4}"),
        (None, 0) => "an unknown cost".to_owned(),
        (None, 1) => "an unknown cost (1 call has no price)".to_owned(),
        (None, calls) => format!("an unknown cost ({calls} calls have no price)"),
    };
    format!("{} tokens and {cost}", spent.tokens())
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |tally: &Tally| {
            let not_graded = match tally.not_graded {
                0 => String::new(),
                count => format!(" ({count} not graded)"),
            };
            format!("{} of {}{not_graded}", tally.passed, tally.trials())
        };
        write!(f, "{} passed {} and now {}", self.case, shown(&self.before), shown(&self.now))
    }
}
