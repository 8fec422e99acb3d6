//! The run that another one is compared with: a baseline of the store, or a file in the repository.

use std::path::Path;

use super::{
    arguments::KeepArguments, console::Console, error::CommandError, run_error::store_error,
    words::counted,
};
use crate::{
    baseline::{Baseline, Written},
    facts::RunFacts,
    store::{RunId, RunStore},
};

/// A run that another one is compared with.
#[derive(Debug)]
pub(super) struct Against {
    /// The name by which it was asked for.
    pub(super) name: String,
    /// What it came to.
    pub(super) facts: RunFacts,
    /// What a file keeps of it, where it is one.
    file: Option<Baseline>,
}

impl Against {
    /// Finds the baseline that arguments name, if they name one.
    pub(super) async fn find(
        store: Option<&dyn RunStore>,
        keep: &KeepArguments,
        console: Console,
    ) -> Result<Option<Self>, CommandError> {
        if let Some(path) = &keep.baseline_file {
            return of_file(path, keep.update_baseline_file);
        }
        let (name, lenient) = match (&keep.baseline, &keep.baseline_lenient) {
            (Some(name), _) => (name, false),
            (None, Some(name)) => (name, true),
            (None, None) => return Ok(None),
        };
        // Arguments that need a store are refused where there is none.
        let Some(store) = store else { return Ok(None) };
        let all = store.baselines().await.map_err(|error| store_error(&error))?;
        let Some((_, run)) = all.iter().find(|(known, _)| known == name) else {
            let missing = missing(store, name, &all);
            if lenient {
                console.note(format_args!("{missing}; the run is compared with nothing"));
                return Ok(None);
            }
            return Err(CommandError::usage(missing));
        };
        let facts = RunFacts::read(store, *run).await.map_err(|error| store_error(&error))?;
        if facts.to_rescore() > 0 {
            let trials = counted(facts.to_rescore(), "trial");
            console.note(format_args!(
                "the baseline {name:?} is compared without {trials} that its evals have not scored yet"
            ));
        }
        Ok(Some(Self { name: name.clone(), facts, file: None }))
    }

    /// Says in lines what differs from the file in a run; nothing where the baseline is no file.
    pub(super) fn drift(&self, run: &RunFacts) -> Option<String> {
        let file = self.file.as_ref()?;
        Some(file.drift(run).to_string())
    }
}

fn of_file(path: &Path, may_be_new: bool) -> Result<Option<Against>, CommandError> {
    let place = path.display();
    if !path.exists() {
        let advice = "--update-baseline-file makes it";
        let missing =
            || CommandError::usage(format!("there is no baseline file {place}; {advice}"));
        return if may_be_new { Ok(None) } else { Err(missing()) };
    }
    let file = Baseline::read(path).map_err(|error| CommandError::wrong(&error))?;
    let facts = file.facts().clone();
    Ok(Some(Against { name: place.to_string(), facts, file: Some(file) }))
}

fn missing(store: &dyn RunStore, name: &str, all: &[(String, RunId)]) -> String {
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    let there = match names.as_slice() {
        [] => "it has none; --save-baseline makes one".to_owned(),
        names => format!("it has {}", names.join(", ")),
    };
    format!("the store {} has no baseline {name:?}: {there}", store.place())
}

/// Makes a complete run the baseline that arguments name, in the store and in the repository; says so.
pub(super) async fn save(
    store: Option<&dyn RunStore>,
    run: &RunFacts,
    keep: &KeepArguments,
) -> Result<Vec<String>, CommandError> {
    let mut said = Vec::new();
    if let (Some(name), Some(store), Some(id)) = (&keep.save_baseline, store, run.run) {
        store.set_baseline(name, id).await.map_err(|error| store_error(&error))?;
        said.push(format!("it is the baseline {name:?} now"));
    }
    if let Some(path) = keep.baseline_file.as_ref().filter(|_| keep.update_baseline_file) {
        let baseline = Baseline::of(run).map_err(|error| CommandError::incomplete(&error))?;
        let written = baseline.write(path).map_err(|error| CommandError::incomplete(&error))?;
        let place = path.display();
        said.push(match written {
            Written::Unchanged => format!("the baseline file {place} holds this already"),
            _ => format!("the baseline file {place} holds it now; review it like a snapshot"),
        });
    }
    Ok(said)
}
