//! A run to report, in a store and as facts.

use std::path::PathBuf;

use futures::executor::block_on;
use probity_eval_runner::{
    Failure, Outcome,
    facts::RunFacts,
    gate::{Gate, GateReport, RunMeasurements},
    reporters::Reasons,
    store::{
        ManifestCase, RunManifest, RunStore as _, Scores, SqliteStore, StoredTrial, TrialKey,
        TrialSummary,
    },
    suite::{Fingerprint, Judgment},
};
use probity_trace::TraceSnapshot;
use serde_json::json;

/// The trials of each case, a letter for each: passed, failed, not graded, or not there.
pub(crate) const CASES: [(&str, &str); 5] = [
    ("always", "pppp"),
    ("sometimes", "pfpf"),
    ("never", "fffn"),
    ("away", "nnnn"),
    ("missing", "...."),
];

/// A run of these cases that a store has kept, with why trials did not pass.
pub(crate) fn run(name: &str, cases: &[(&str, &str)], why: &str) -> (RunFacts, Reasons) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("reporters");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{name}-{}.db", std::process::id()));
    let read = block_on(async {
        let store = SqliteStore::open(&file).await.unwrap();
        let run = fill(&store, cases, why).await;
        let facts = RunFacts::read(&store, run.id).await.unwrap();
        (facts, Reasons::read(&store, run.id, 2).await.unwrap())
    });
    for end in ["", "-wal", "-shm"] {
        _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
    read
}

async fn fill(store: &SqliteStore, cases: &[(&str, &str)], why: &str) -> RunManifest {
    let print = |text: &str| Fingerprint::of(&text).unwrap();
    let listed = cases.iter().map(|(id, _)| ManifestCase::new(*id, print(id)));
    let mut run = RunManifest::new("airline", print("agent"), print("evals"), listed);
    (run.trials, run.seed) = (4, 7);
    _ = store.create_run(&run).await.unwrap();
    for (case, trials) in cases {
        for (letter, index) in trials.chars().zip(0..) {
            let outcome = match letter {
                'p' => Outcome::Passed,
                'f' if index % 2 == 0 => Outcome::Failed(Failure::Error(why.to_owned())),
                'f' => Outcome::Failed(Failure::Wrong),
                'n' => Outcome::NotGraded("the model server is away".to_owned()),
                _ => continue,
            };
            let judgment = json!({"eval": "right amount", "verdict": "scored", "score": 0.25,
                "passed": outcome.is_passed(), "report": null});
            let judgments: Vec<Judgment> = vec![serde_json::from_value(judgment).unwrap()];
            let scores = Scores::new(print("evals"), outcome, judgments);
            let summary = TrialSummary::new(TrialKey::new(*case, index), 7, scores);
            let trial = StoredTrial::new(summary, TraceSnapshot::default());
            _ = store.finish(run.id, &trial).await.unwrap();
        }
    }
    run
}

/// What a gate says of a run.
pub(crate) fn gate(facts: &RunFacts, gate: &str) -> GateReport {
    gate.parse::<Gate>().unwrap().evaluate(&RunMeasurements::of(facts))
}
