//! Copies runs into a store, and makes one run of parts.

use std::collections::BTreeMap;

use clap::Args;
use probity_eval_runner::{
    facts::RunFacts,
    store::{self, EndReason, RunEnd, RunId, RunManifest, RunQuery, RunStore, Shard},
};

use crate::{error::CliError, run_words::short, target::Out};

/// So many runs are read together.
const RUNS: u32 = 256;

/// What to copy where.
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The store to copy into, which is made if it is not there
    into: String,

    /// The stores to copy from, which stay as they are
    #[arg(required = true)]
    from: Vec<String>,

    /// Make one run of the parts that several machines ran with --shard
    #[arg(long)]
    join: bool,
}

/// A part of a run.
struct Part {
    manifest: RunManifest,
    shard: Shard,
}

impl Merge {
    /// Copies, joins, and says what was done.
    pub(super) async fn run(self, out: Out<'_>) -> Result<(), CliError> {
        let mut sources = Vec::with_capacity(self.from.len());
        for from in &self.from {
            sources.push(store::open_read_only(from).await?);
        }
        let into = store::open(&self.into).await?;
        let mut parts = Vec::new();
        for from in &sources {
            let copied = store::merge(&*into, &**from).await?;
            writeln!(
                out,
                "{}: {} new runs, {} new trials, {} there already, {} not finished",
                from.place(),
                copied.runs,
                copied.trials,
                copied.already_there,
                copied.unfinished,
            )?;
            if self.join {
                parts.extend(parts_of(&**from).await?);
            }
        }
        if self.join { join(&*into, parts, out).await } else { Ok(()) }
    }
}

/// Returns the runs of a store that are parts.
async fn parts_of(store: &dyn RunStore) -> Result<Vec<Part>, CliError> {
    let mut parts = Vec::new();
    let mut query = RunQuery::new().limit(RUNS);
    loop {
        let runs = store.runs(&query).await?;
        let Some(last) = runs.last() else { return Ok(parts) };
        query = query.before(last.id);
        for run in runs {
            if let Some(shard) = run.shard {
                parts.push(Part { manifest: store.manifest(run.id).await?, shard });
            }
        }
    }
}

/// The parts that are known of a run.
struct Whole {
    manifest: RunManifest,
    count: u32,
    parts: BTreeMap<u32, RunId>,
}

impl Whole {
    /// Returns whether a part is of this run, whichever evals have scored it.
    fn runs_the_same_as(&self, manifest: &RunManifest, count: u32) -> bool {
        let mine = &self.manifest;
        self.count == count && mine.runs_the_same_as(manifest) && mine.name == manifest.name
    }

    /// Says why the run cannot be made, where a part is missing.
    fn lack(&self, wholes: &[Self]) -> Option<String> {
        let Self { manifest, count, parts } = self;
        let missing: Vec<u32> = (1..=*count).filter(|index| !parts.contains_key(index)).collect();
        if missing.is_empty() {
            return None;
        }
        let named: Vec<String> = missing.iter().map(u32::to_string).collect();
        let mut lack = format!(
            "the parts of suite {:?} cannot be joined: part {} of {count} is missing",
            manifest.suite,
            named.join(", "),
        );
        let is_there = |whole: &Self| {
            whole.runs_the_same_as(manifest, *count)
                && missing.iter().any(|index| whole.parts.contains_key(index))
        };
        if wholes.iter().any(is_there) {
            lack += ", except with the scores of other evals; let it go on with --resume to score it anew";
        }
        Some(lack)
    }
}

/// Makes one run of each set of parts. Of several runs of one part, the newest counts.
async fn join(store: &dyn RunStore, mut parts: Vec<Part>, out: Out<'_>) -> Result<(), CliError> {
    // The newest comes last, and takes the place of those before it.
    parts.sort_by_key(|part| part.manifest.id);
    let mut wholes: Vec<Whole> = Vec::new();
    for Part { manifest, shard } in parts {
        let fits = |whole: &&mut Whole| {
            whole.runs_the_same_as(&manifest, shard.count) && whole.manifest.evals == manifest.evals
        };
        if let Some(whole) = wholes.iter_mut().find(fits) {
            whole.parts.insert(shard.index, manifest.id);
        } else {
            let parts = BTreeMap::from([(shard.index, manifest.id)]);
            wholes.push(Whole { manifest, count: shard.count, parts });
        }
    }
    if wholes.is_empty() {
        return Err(CliError::usage("there are no parts to join: no run was made with --shard"));
    }
    if let Some(lack) = wholes.iter().find_map(|whole| whole.lack(&wholes)) {
        return Err(CliError::usage(lack));
    }
    for Whole { manifest, count, parts } in wholes {
        let parts: Vec<RunId> = parts.into_values().collect();
        let whole = store::join(store, &parts).await?;
        let facts = RunFacts::read(store, whole).await?;
        if facts.missing() == 0 {
            store.end_run(whole, &RunEnd::now(EndReason::Complete)).await?;
        }
        let trials = facts.tally().trials();
        writeln!(
            out,
            "{count} parts of suite {:?} are run {whole} ({}) now, with {trials} trials, {} missing",
            manifest.suite,
            short(whole),
            facts.missing()
        )?;
    }
    Ok(())
}
