//! How a run begins: anew, or with what its store holds of it.

use std::{cmp::Reverse, collections::HashMap, sync::Arc, time::SystemTime};

use serde_json::json;

use super::{
    agenda::{Agenda, Part, Planned},
    claim::Claim,
    error::RunError,
    journal::{Deaths, Journal},
    keep::Kept,
    ledger::Ledger,
    resume::Resume,
    settings::Runner,
    suspects::Suspect,
};
use crate::{
    gate::StopRule,
    stats::Tally,
    store::{
        ManifestCase, OutcomeKind, Page, RunId, RunManifest, RunQuery, RunStore, RunSummary,
        StoreError, TrialKey, TrialQuery, TrialSummary,
    },
    suite::Fingerprints,
};

/// So many trials are read from a store together.
const PAGE: u32 = 4_096;

/// So many runs are looked at together.
const RUNS: u32 = 64;

/// A run that may begin.
pub(super) struct Opened {
    pub(super) kept: Option<Kept>,
    pub(super) claim: Option<Claim>,
    pub(super) journal: Option<Journal>,
    pub(super) agenda: Agenda,
    /// Trials to run fewer at once, after all others; the likeliest to have ended a process last.
    pub(super) suspects: Vec<Suspect>,
    /// Trials that have ended the process, and are not tried again.
    pub(super) blamed: Vec<Planned>,
    /// Trials that are there and are scored anew: other evals scored them, or an eval could not grade them and is to
    /// try again.
    pub(super) rescored: Vec<(usize, u32)>,
    /// Trials that broke off before there was anything to judge, and are run again.
    pub(super) again: Vec<TrialKey>,
    pub(super) ledger: Ledger,
    pub(super) before: Tally,
    /// Why a run that could have gone on was not: what it ran is not what the suite runs.
    pub(super) anew: Vec<String>,
}

/// What a suite runs, without its types.
pub(super) struct What<'a> {
    pub(super) suite: &'a str,
    pub(super) agent_version: &'a str,
    pub(super) prints: &'a Fingerprints,
    pub(super) cases: Vec<ManifestCase>,
}

impl Opened {
    /// Opens a run.
    pub(super) async fn open(runner: &Runner, what: What<'_>) -> Result<Self, RunError> {
        let Some(store) = &runner.store else {
            return Ok(Self::anew(runner, what.cases.len(), runner.trials));
        };
        let (earlier, differences) = find(runner, &**store, &what).await?;
        let Some(manifest) = earlier else {
            let manifest = manifest(runner, &what);
            _ = store.create_run(&manifest).await?;
            let mut opened = Self::anew(runner, what.cases.len(), runner.trials);
            opened.claim = Some(Claim::of(store, manifest.id).await?);
            (opened.journal, _) = journal(&**store, &manifest)?;
            opened.kept = Some(kept(store, &manifest, &what));
            opened.anew = differences;
            return Ok(opened);
        };
        let trials = manifest.trials.max(runner.trials);
        let claim = Some(Claim::of(store, manifest.id).await?);
        let (journal, deaths) = journal(&**store, &manifest)?;
        let manifest = going_on(manifest, &what, trials);
        store.continue_run(&manifest).await?;
        let part = part(runner, &manifest, &what.cases, trials);
        let opened = Self::of(part, runner.stop_rule);
        let mut reading = Reading::new(kept(store, &manifest, &what), opened, &what.cases);
        reading.finished(runner.retries_not_graded).await?;
        reading.take_back().await?;
        reading.unfinished(&deaths, runner.concurrency).await?;
        Ok(Self { claim, journal, ..reading.opened })
    }

    /// Looks at the run that would be opened, and writes nothing. Returns the earlier run that would go on, too.
    pub(super) async fn look(
        runner: &Runner,
        what: What<'_>,
    ) -> Result<(Option<RunId>, Self), RunError> {
        let anew = Self::anew(runner, what.cases.len(), runner.trials);
        let Some(store) = &runner.store else { return Ok((None, anew)) };
        let (earlier, differences) = find(runner, &**store, &what).await?;
        let Some(manifest) = earlier else {
            return Ok((None, Self { anew: differences, ..anew }));
        };
        let part = part(runner, &manifest, &what.cases, manifest.trials.max(runner.trials));
        let opened = Self::of(part, runner.stop_rule);
        let mut reading = Reading::new(kept(store, &manifest, &what), opened, &what.cases);
        reading.finished(runner.retries_not_graded).await?;
        Ok((Some(manifest.id), reading.opened))
    }

    /// A run of which nothing is there.
    fn anew(runner: &Runner, cases: usize, trials: u32) -> Self {
        let places = (0..cases).collect();
        Self::of(Part { places, cases, trials, shard: runner.shard }, runner.stop_rule)
    }

    fn of(part: Part, rule: Option<StopRule>) -> Self {
        let ledger = Ledger::new(part.places.len(), part.planned(), rule);
        Self {
            kept: None,
            claim: None,
            journal: None,
            agenda: Agenda::new(part),
            suspects: Vec::new(),
            blamed: Vec::new(),
            rescored: Vec::new(),
            again: Vec::new(),
            ledger,
            before: Tally::default(),
            anew: Vec::new(),
        }
    }
}

fn kept(store: &Arc<dyn RunStore>, manifest: &RunManifest, what: &What<'_>) -> Kept {
    Kept { store: Arc::clone(store), run: manifest.id, evals: what.prints.evals.clone() }
}

/// Opens the journal of a run. A run goes on without one where it cannot be written.
fn journal(
    store: &dyn RunStore,
    manifest: &RunManifest,
) -> Result<(Option<Journal>, Deaths), RunError> {
    match Journal::open(store.place(), manifest.id) {
        Ok(Some((journal, deaths))) => Ok((Some(journal), deaths)),
        Ok(None) => Err(RunError::UnderWay { run: manifest.id }),
        Err(error) => {
            tracing::debug!(%error, "the journal of the run cannot be written");
            Ok((None, Deaths::default()))
        }
    }
}

/// The manifest of a new run.
fn manifest(runner: &Runner, what: &What<'_>) -> RunManifest {
    let prints = what.prints;
    let (agent, evals) = (prints.agent.clone(), prints.evals.clone());
    RunManifest {
        name: runner.name.clone(),
        labels: runner.labels.clone(),
        trials: runner.trials,
        seed: runner.seed,
        shard: runner.shard,
        agent_version: Some(what.agent_version.to_owned()),
        limits: Some(runner.limits),
        settings: json!({
            "concurrency": runner.concurrency,
            "max_attempts": runner.max_attempts,
        }),
        created_at: SystemTime::now(),
        ..RunManifest::new(what.suite, agent, evals, what.cases.iter().cloned())
    }
}

/// The manifest of a run that goes on: with the evals, groups and tags that the suite has now.
fn going_on(run: RunManifest, what: &What<'_>, trials: u32) -> RunManifest {
    let now: HashMap<&str, &ManifestCase> =
        what.cases.iter().map(|case| (&*case.id, case)).collect();
    let cases = run.cases.into_iter().map(|mut case| {
        if let Some(now) = now.get(&*case.id) {
            case.group.clone_from(&now.group);
            case.tags.clone_from(&now.tags);
        }
        case
    });
    let cases = cases.collect();
    RunManifest { trials, evals: what.prints.evals.clone(), cases, ..run }
}

/// Finds the run that is to go on; if there is none, says what the latest ran otherwise.
async fn find(
    runner: &Runner,
    store: &dyn RunStore,
    what: &What<'_>,
) -> Result<(Option<RunManifest>, Vec<String>), RunError> {
    let latest = match runner.resume {
        Resume::Never => None,
        Resume::Run(run) => Some(store.manifest(run).await?),
        Resume::Latest | Resume::LatestOrNew => latest(runner, store, what).await?,
    };
    let Some(latest) = latest else { return Ok((None, Vec::new())) };
    let differences = differences(runner, &latest, what);
    if differences.is_empty() {
        return Ok((Some(latest), differences));
    }
    match runner.resume {
        Resume::LatestOrNew => Ok((None, differences)),
        _ => Err(RunError::Changed { run: latest.id, differences }),
    }
}

/// Returns the latest run of the suite with the same seed, part and name, that has as many cases as are to be run; if
/// there is none, the latest with fewer. A run of some cases only, made to look at these, does not hide a run of all.
async fn latest(
    runner: &Runner,
    store: &dyn RunStore,
    what: &What<'_>,
) -> Result<Option<RunManifest>, StoreError> {
    let mut query = RunQuery::new().suite(what.suite).limit(RUNS);
    if let Some(name) = &runner.name {
        query = query.name(name);
    }
    let mut smaller = None;
    let found = loop {
        let runs = store.runs(&query).await?;
        let Some(last) = runs.last() else { break smaller };
        query = query.before(last.id);
        let mut fits =
            runs.iter().filter(|run| run.seed == runner.seed && run.shard == runner.shard);
        let has_all = |run: &&RunSummary| run.cases >= what.cases.len() as u64;
        let latest = fits.clone().next().map(|run| run.id);
        if let Some(run) = fits.find(has_all) {
            break Some(run.id);
        }
        smaller = smaller.or(latest);
    };
    match found {
        Some(run) => store.manifest(run).await.map(Some),
        None => Ok(None),
    }
}

/// Says in what a run differs from what is to be run.
fn differences(runner: &Runner, run: &RunManifest, what: &What<'_>) -> Vec<String> {
    let mut differences = Vec::new();
    if run.suite != what.suite {
        differences.push(format!("it is of suite {:?}, not of {:?}", run.suite, what.suite));
    }
    if run.agent != what.prints.agent {
        let version = run.agent_version.as_deref().unwrap_or_else(|| run.agent.short());
        differences.push(format!("its agent is {version:?}, and is now {:?}", what.agent_version));
    }
    if let Some(limits) = &run.limits {
        differences.extend(limits.differences(&runner.limits));
    }
    if run.seed != runner.seed {
        differences.push(format!("its seed is {}, not {}", run.seed, runner.seed));
    }
    if run.shard != runner.shard {
        differences.push("it does another part of the trials".to_owned());
    }
    let mut before: HashMap<_, _> =
        run.cases.iter().map(|case| (&case.id, &case.fingerprint)).collect();
    for case in &what.cases {
        match before.remove(&case.id) {
            None => differences.push(format!("case {:?} is new", case.id)),
            Some(print) if *print != case.fingerprint => {
                differences.push(format!("case {:?} has changed", case.id));
            }
            Some(_) => {}
        }
    }
    // A selection of its cases is a part of it.
    if runner.selection.is_empty() {
        let gone = run.cases.iter().filter(|case| before.contains_key(&case.id));
        differences.extend(gone.map(|case| format!("case {:?} is gone", case.id)));
    }
    differences
}

/// Says which part of a run is to be run now.
fn part(runner: &Runner, run: &RunManifest, cases: &[ManifestCase], trials: u32) -> Part {
    let places: HashMap<&str, usize> =
        run.cases.iter().zip(0..).map(|(case, place)| (&*case.id, place)).collect();
    let places = cases.iter().filter_map(|case| places.get(&*case.id).copied()).collect();
    Part { places, cases: run.cases.len(), trials, shard: runner.shard }
}

/// Whether a trial was not graded before there was anything to judge. Where an eval could not grade what the agent had
/// made, running the agent again would cost the sample that was to be judged.
fn broke_off(trial: &TrialSummary) -> bool {
    trial.scores.outcome.is_not_graded() && trial.scores.judgments.is_empty()
}

/// Reads how far a run has come.
struct Reading<'a> {
    kept: Kept,
    cases: HashMap<&'a str, usize>,
    opened: Opened,
}

impl<'a> Reading<'a> {
    fn new(kept: Kept, opened: Opened, cases: &'a [ManifestCase]) -> Self {
        let cases = cases.iter().zip(0..).map(|(case, place)| (&*case.id, place)).collect();
        let opened = Opened { kept: Some(kept.clone()), ..opened };
        Self { kept, cases, opened }
    }

    /// Reads the trials that have finished.
    async fn finished(&mut self, retries_not_graded: bool) -> Result<(), StoreError> {
        let mut page = Page::first(PAGE);
        loop {
            let query = TrialQuery::new(page.clone());
            let trials = self.kept.store.trials(self.kept.run, &query).await?;
            let Some(last) = trials.last() else { return Ok(()) };
            page = page.after(last.key.clone());
            let again = |trial: &&TrialSummary| {
                let case = self.cases.get(&*trial.key.case);
                let part = self.opened.agenda.part();
                let is_ours = case.is_some_and(|case| part.has(*case, trial.key.index));
                is_ours && retries_not_graded && broke_off(trial)
            };
            let (again, stay): (Vec<_>, Vec<_>) = trials.iter().partition(again);
            let again: Vec<TrialKey> = again.into_iter().map(|trial| trial.key.clone()).collect();
            self.opened.again.extend(again);
            for trial in stay {
                let judges_again = retries_not_graded && trial.scores.outcome.is_not_graded();
                self.add(trial, judges_again);
            }
        }
    }

    /// Takes the trials back that are to be run again.
    async fn take_back(&mut self) -> Result<(), StoreError> {
        for again in self.opened.again.chunks(PAGE as usize) {
            self.kept.store.take_back(self.kept.run, again).await?;
        }
        Ok(())
    }

    fn add(&mut self, trial: &TrialSummary, judges_again: bool) {
        let Some(&case) = self.cases.get(&*trial.key.case) else { return };
        let index = trial.key.index;
        if !self.opened.agenda.part().has(case, index) {
            return;
        }
        self.opened.agenda.leave_out(case, index);
        if judges_again || trial.scores.evals != self.kept.evals {
            self.opened.rescored.push((case, index));
            let mut pages = self.opened.ledger.lock();
            pages.to_rescore += 1;
            // What it has cost so far was spent, whoever judges it now.
            pages.charge([trial.spent, trial.scores.spent]);
            return;
        }
        let outcome = OutcomeKind::of(&trial.scores.outcome);
        self.opened.before = self.opened.before.plus(outcome.tally());
        let mut pages = self.opened.ledger.lock();
        pages.count((case, index), outcome, (trial.spent, trial.scores.spent));
        pages.charge([trial.spent, trial.scores.spent]);
    }

    /// Reads the trials that were begun and have not finished.
    async fn unfinished(&mut self, deaths: &Deaths, concurrency: usize) -> Result<(), StoreError> {
        let mut page = Page::first(PAGE);
        loop {
            let states = self.kept.store.states(self.kept.run, &page).await?;
            let Some(last) = states.last() else { break };
            page = page.after(last.key.clone());
            for state in states.iter().filter(|state| state.outcome.is_none() && state.attempts > 0)
            {
                let Some(&case) = self.cases.get(&*state.key.case) else { continue };
                let index = state.key.index;
                if !self.opened.agenda.part().has(case, index) {
                    continue;
                }
                let planned = Planned { case, index, begun_before: state.attempts };
                let at_once = deaths.at_once(&state.key, state.attempts, concurrency);
                if deaths.blame(&state.key) {
                    self.opened.agenda.leave_out(case, index);
                    self.opened.blamed.push(planned);
                } else if let Some(at_once) = at_once {
                    self.opened.agenda.leave_out(case, index);
                    self.opened.suspects.push(Suspect { planned, at_once });
                } else {
                    self.opened.agenda.postpone(planned);
                }
            }
        }
        let key = |suspect: &Suspect| {
            let Planned { case, index, .. } = suspect.planned;
            let case = self.cases.iter().find(|(_, place)| **place == case);
            let alone = case.map(|(id, _)| deaths.alone(&TrialKey::new(*id, index)));
            // Whoever was alone before comes last, since it is the likeliest.
            (Reverse(suspect.at_once), alone)
        };
        let mut suspects = std::mem::take(&mut self.opened.suspects);
        suspects.sort_by_cached_key(key);
        self.opened.suspects = suspects;
        Ok(())
    }
}
