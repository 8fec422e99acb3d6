//! Makes one run of the parts of it that are in a store.

use std::{
    collections::{BTreeMap, HashMap},
    time::SystemTime,
};

use probity_eval_runner::{
    facts::RunFacts,
    store::{
        self, EndReason, Page, RunEnd, RunId, RunManifest, RunStore, TrialKey, TrialQuery,
        TrialSummary,
    },
};

use crate::{
    error::CliError,
    find,
    run_words::{self, short},
    target::Out,
};

/// So many trials are read together.
const PAGE: u32 = 1_024;

/// Parts of one run.
struct Parts {
    /// What the first of them set out to do.
    manifest: RunManifest,
    /// Into how many parts the run was divided.
    count: u32,
    /// The parts that are there, by their places. Of several runs of one part, the newest.
    runs: BTreeMap<u32, RunManifest>,
    /// All runs of them, the older ones too.
    all: Vec<RunId>,
}

/// Makes one run of each set of parts of which one was brought now.
///
/// The others may have been in the store before. A set that was joined before is named, and not joined again. Sets that
/// are not whole stop no others.
pub(super) async fn join(
    store: &dyn RunStore,
    brought: &[RunId],
    out: Out<'_>,
) -> Result<(), CliError> {
    let sets = sets(store).await?;
    // The newest run of a part may be another one than that which was brought.
    let wanted = |parts: &&Parts| parts.all.iter().any(|run| brought.contains(run));
    let wanted: Vec<&Parts> = sets.iter().filter(wanted).collect();
    if wanted.is_empty() {
        return Err(CliError::usage("there are no parts to join: no run was made with --shard"));
    }
    let mut lacks = Vec::new();
    for parts in wanted {
        match parts.lack(&sets) {
            Some(lack) => lacks.push(lack),
            None => parts.join(store, brought, out).await?,
        }
    }
    if lacks.is_empty() { Ok(()) } else { Err(CliError::usage(lacks.join("; "))) }
}

/// Returns the sets of parts in a store.
async fn sets(store: &dyn RunStore) -> Result<Vec<Parts>, CliError> {
    let mut runs = find::all(store, None).await?;
    // The newest comes last, and takes the place of those before it.
    runs.sort_by_key(|run| run.id);
    let mut sets: Vec<Parts> = Vec::new();
    for run in runs {
        let Some(shard) = run.shard else { continue };
        let manifest = store.manifest(run.id).await?;
        let fits = |parts: &&mut Parts| parts.count == shard.count && parts.is_of(&manifest);
        if let Some(parts) = sets.iter_mut().find(fits) {
            parts.all.push(run.id);
            parts.runs.insert(shard.index, manifest);
        } else {
            let runs = BTreeMap::from([(shard.index, manifest.clone())]);
            sets.push(Parts { manifest, count: shard.count, runs, all: vec![run.id] });
        }
    }
    Ok(sets)
}

impl Parts {
    /// Returns whether a run, whole or a part, is of the same suite, agent, cases, seed, name and evals.
    fn is_of(&self, run: &RunManifest) -> bool {
        self.runs_the_same_as(run) && self.manifest.evals == run.evals
    }

    /// Returns the same, whichever evals have scored the run.
    fn runs_the_same_as(&self, run: &RunManifest) -> bool {
        self.manifest.runs_the_same_as(run) && self.manifest.name == run.name
    }

    /// Says why no run can be made of them, where a part is missing.
    fn lack(&self, sets: &[Self]) -> Option<String> {
        let is_missing = |index: &u32| !self.runs.contains_key(index);
        let missing: Vec<u32> = (1..=self.count).filter(is_missing).collect();
        if missing.is_empty() {
            return None;
        }
        let (suite, count) = (&self.manifest.suite, self.count);
        let named: Vec<String> = missing.iter().map(u32::to_string).collect();
        let named = named.join(", ");
        let is_there = |parts: &Self| {
            parts.count == count
                && parts.runs_the_same_as(&self.manifest)
                && missing.iter().any(|index| parts.runs.contains_key(index))
        };
        let hint = if sets.iter().any(is_there) {
            ", except with the scores of other evals; let it go on with --resume to score it anew"
        } else {
            ""
        };
        Some(format!(
            "the parts of suite {suite:?} cannot be joined: part {named} of {count} is missing{hint}"
        ))
    }

    /// Makes one run of them, where there is none, and says which it is.
    async fn join(
        &self,
        store: &dyn RunStore,
        brought: &[RunId],
        out: Out<'_>,
    ) -> Result<(), CliError> {
        let parts: Vec<RunId> = self.runs.values().map(|part| part.id).collect();
        let (whole, when) = match self.joined_before(store, &parts).await? {
            Some(whole) => (whole, "already"),
            None => (store::join(store, &parts).await?, "now"),
        };
        for (index, part) in self.runs.iter().filter(|(_, part)| !brought.contains(&part.id)) {
            let (run, at) = (short(part.id), run_words::time(part.created_at));
            let (count, place) = (self.count, store.place());
            writeln!(out, "part {index} of {count} was in {place} before: run {run} of {at} UTC")?;
        }
        let facts = RunFacts::read(store, whole).await?;
        if when == "now" && facts.missing() == 0 {
            store.end_run(whole, &RunEnd::now(EndReason::Complete)).await?;
        }
        writeln!(
            out,
            "{} parts of suite {:?} are run {whole} ({}) {when}, with {} trials, {} missing",
            self.count,
            self.manifest.suite,
            short(whole),
            facts.tally().trials(),
            facts.missing()
        )?;
        Ok(())
    }

    /// Returns the run that was made of these parts before: it has every trial that they have.
    async fn joined_before(
        &self,
        store: &dyn RunStore,
        parts: &[RunId],
    ) -> Result<Option<RunId>, CliError> {
        let mut began: HashMap<TrialKey, SystemTime> = HashMap::new();
        for part in parts {
            let trials = trials(store, *part).await?.into_iter();
            began.extend(trials.map(|trial| (trial.key, trial.started_at)));
        }
        for run in find::all(store, Some(&self.manifest.suite)).await? {
            if began.is_empty()
                || run.shard.is_some()
                || !self.is_of(&store.manifest(run.id).await?)
            {
                continue;
            }
            let trials = trials(store, run.id).await?;
            let is_theirs =
                |trial: &&TrialSummary| began.get(&trial.key) == Some(&trial.started_at);
            if trials.iter().filter(is_theirs).count() == began.len() {
                return Ok(Some(run.id));
            }
        }
        Ok(None)
    }
}

/// Returns the finished trials of a run.
async fn trials(store: &dyn RunStore, run: RunId) -> Result<Vec<TrialSummary>, CliError> {
    let mut all = Vec::new();
    let mut page = Page::first(PAGE);
    loop {
        let trials = store.trials(run, &TrialQuery::new(page.clone())).await?;
        let Some(last) = trials.last() else { return Ok(all) };
        page = page.after(last.key.clone());
        all.extend(trials);
    }
}
