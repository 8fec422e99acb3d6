//! What a run that goes on runs, and what it refuses.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use probity_eval::{PureEvalExt as _, from_fn, pass_fail};
use probity_eval_runner::{
    Case, NotGraded, Outcome, TrialError,
    runner::{
        CancellationToken, Finished, Progress, Resume, RunError, Runner, Start, SuiteRun, Watch,
    },
    select::Selection,
    store::{
        self, EndReason, Page, RunQuery, RunStore, Scores, Shard, Stored, StoredTrial, TrialKey,
        TrialSummary,
    },
    suite::{Answer, Suite},
};
use probity_trace::TraceSnapshot;
use tokio::sync::Semaphore;

use crate::support::Folder;

/// A suite that counts how often its agent was run.
#[derive(Clone)]
struct Tried {
    folder: Arc<Folder>,
    calls: Arc<AtomicU32>,
    version: &'static str,
    eval: (&'static str, i32),
    cases: Vec<(&'static str, i32)>,
    /// The group and the tag of all cases.
    group: Option<&'static str>,
}

impl Tried {
    fn new(name: &str) -> Self {
        Self {
            folder: Arc::new(Folder::new(name)),
            calls: Arc::default(),
            version: "1",
            eval: ("1", 10),
            cases: vec![("a", 1), ("b", 20)],
            group: None,
        }
    }

    fn suite(&self) -> Suite<i32, (), i32> {
        let calls = Arc::clone(&self.calls);
        let (version, least) = self.eval;
        let big = from_fn(move |_, answer: &Answer<i32, (), i32>| {
            Ok::<_, Infallible>(answer.artifact >= least)
        });
        let cases = self.cases.iter().map(|(id, input)| {
            let case = Case::new(*id, *input);
            match self.group {
                Some(group) => case.with_group(group).with_tags([group]),
                None => case,
            }
        });
        Suite::new("tried", cases)
            .agent(self.version, move |case: Arc<Case<i32>>| {
                calls.fetch_add(1, Ordering::Relaxed);
                async move { Ok(case.input) }
            })
            .eval(("big", version), big.scored_by(pass_fail(|big: &bool| *big)).lift())
    }

    async fn store(&self) -> Arc<dyn RunStore> {
        store::open(&self.folder.place("runs.db")).await.unwrap()
    }

    async fn run(&self, runner: Runner) -> Result<SuiteRun, RunError> {
        runner.store(self.store().await).run(self.suite()).await
    }

    fn calls(&self) -> u32 {
        self.calls.swap(0, Ordering::Relaxed)
    }
}

fn latest(trials: u32) -> Runner {
    Runner::new().trials(trials).resume(Resume::Latest)
}

#[tokio::test]
async fn five_trials_after_three_run_two_more() {
    let tried = Tried::new("top-up");
    let three = tried.run(latest(3)).await.unwrap();
    assert_eq!((tried.calls(), three.tally().trials()), (6, 6));
    let five = tried.run(latest(5)).await.unwrap();
    assert_eq!((tried.calls(), five.tally().trials()), (4, 10));
    assert_eq!(five.run, three.run);
    assert_eq!(five.end, EndReason::Complete);
    let fewer = tried.run(latest(2)).await.unwrap();
    assert_eq!((tried.calls(), fewer.tally().trials(), fewer.trials), (0, 10, 5));
}

#[tokio::test]
async fn without_resume_a_new_run_is_begun() {
    let tried = Tried::new("anew");
    let first = tried.run(Runner::new()).await.unwrap();
    let second = tried.run(Runner::new()).await.unwrap();
    assert_ne!(first.run, second.run);
    assert_eq!(tried.calls(), 4);
}

#[tokio::test]
async fn a_changed_eval_scores_stored_trials_anew_and_does_not_run_the_agent() {
    let mut tried = Tried::new("rescored");
    let strict = tried.run(latest(3)).await.unwrap();
    assert_eq!((tried.calls(), strict.tally().passed), (6, 3));
    tried.eval = ("2", 0);
    let lenient = tried.run(latest(3)).await.unwrap();
    assert_eq!((tried.calls(), lenient.tally().passed, lenient.tally().failed), (0, 6, 0));
    let facts = lenient.facts().await.unwrap();
    assert_eq!(facts.tally().passed, 6);
    let history = tried.store().await.history(lenient.run.unwrap(), &TrialKey::new("a", 0)).await;
    assert!(history.unwrap()[0].summary.scores.outcome.is_failed(), "what it was is kept");
    let again = tried.run(latest(3)).await.unwrap();
    assert_eq!((tried.calls(), again.tally().passed), (0, 6));
}

#[tokio::test]
async fn a_run_that_was_scored_anew_is_a_run_of_the_new_evals() {
    let mut tried = Tried::new("evals");
    let before = tried.run(latest(2)).await.unwrap().facts().await.unwrap();
    tried.eval = ("2", 0);
    let after = tried.run(latest(2)).await.unwrap().facts().await.unwrap();
    assert_eq!(after.evals.as_ref(), Some(&tried.suite().fingerprints().unwrap().evals));
    assert_ne!(after.evals, before.evals);
    let store = tried.store().await;
    assert_eq!(store.to_rescore(after.run.unwrap()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_run_that_goes_on_takes_the_groups_and_tags_that_the_suite_has_now() {
    let mut tried = Tried::new("groups");
    let first = tried.run(latest(2)).await.unwrap();
    assert_eq!(first.facts().await.unwrap().cases[0].group, None);
    tried.group = Some("family");
    let second = tried.run(latest(3)).await.unwrap();
    assert_eq!((second.run, tried.calls()), (first.run, 6));
    let cases = second.facts().await.unwrap().cases;
    assert!(cases.iter().all(|case| case.group.as_deref() == Some("family")), "{cases:?}");
    assert!(cases.iter().all(|case| case.tags == ["family"]), "{cases:?}");
}

#[tokio::test]
async fn a_changed_agent_or_case_is_refused_with_what_differs_or_begins_a_new_run() {
    let mut tried = Tried::new("changed");
    let first = tried.run(latest(1)).await.unwrap();
    (tried.version, tried.cases) = ("2", vec![("a", 2), ("c", 3)]);
    let Err(RunError::Changed { run, differences, .. }) = tried.run(latest(1)).await else {
        panic!("it went on");
    };
    assert_eq!(Some(run), first.run);
    assert_eq!(differences[0], "its agent is \"1\", and is now \"2\"");
    assert_eq!(
        differences[1..],
        [r#"case "a" has changed"#, r#"case "c" is new"#, r#"case "b" is gone"#]
    );
    let other = tried.run(latest(1).resume(Resume::LatestOrNew)).await.unwrap();
    assert_ne!(other.run, first.run);
    assert_eq!(other.tally().trials(), 2);
}

#[tokio::test]
async fn only_trials_that_were_not_graded_are_run_again_when_that_is_asked_for() {
    let folder = Folder::new("not-graded");
    let broken = Arc::new(AtomicU32::new(1));
    let suite = || {
        let broken = Arc::clone(&broken);
        Suite::new("broken", [Case::new("a", 0), Case::new("b", 1)]).agent(
            "1",
            move |case: Arc<Case<u32>>| {
                let broken = broken.load(Ordering::Relaxed) == case.input;
                async move {
                    if broken {
                        Err(NotGraded::new("no sandbox").into())
                    } else {
                        Ok::<_, TrialError>(1)
                    }
                }
            },
        )
    };
    let store = store::open(&folder.place("runs.db")).await.unwrap();
    let runner = latest(2).store(Arc::clone(&store)).max_attempts(1);
    let first = runner.run(suite()).await.unwrap();
    assert_eq!((first.tally().passed, first.tally().not_graded), (2, 2));
    broken.store(9, Ordering::Relaxed);
    let same = runner.run(suite()).await.unwrap();
    assert_eq!(same.tally(), first.tally());
    let always = from_fn(|_, _: &Answer<u32, (), u32>| Ok::<_, Infallible>(true));
    let scored = suite().eval("always", always.scored().lift());
    let runner = runner.retry_not_graded(true);
    // What is run again is not scored anew, too.
    let preview = runner.preview(&scored).await.unwrap();
    assert_eq!((preview.again, preview.rescored, preview.to_run()), (2, 2, 2));
    let again = runner.run(suite()).await.unwrap();
    assert_eq!((again.tally().passed, again.tally().not_graded), (4, 0));
    let history = store.history(again.run.unwrap(), &TrialKey::new("b", 0)).await.unwrap();
    assert_eq!(history.len(), 1);
}

#[tokio::test]
async fn a_run_that_is_stopped_leaves_what_another_process_has_finished() {
    let folder = Folder::new("elsewhere");
    let (stop, begun) = (CancellationToken::new(), Arc::new(Semaphore::new(0)));
    let telling = Arc::clone(&begun);
    let suite = Suite::new("elsewhere", [Case::<i32>::new("a", 0)]).agent("1", move |_| {
        let telling = Arc::clone(&telling);
        async move {
            telling.add_permits(1);
            std::future::pending::<Result<i32, TrialError>>().await
        }
    });
    let store = store::open(&folder.place("runs.db")).await.unwrap();
    let runner = Runner::new().trials(2).store(Arc::clone(&store)).cancel_with(stop.clone());
    let stopping = async {
        drop(begun.acquire_many(2).await.unwrap());
        let run = store.runs(&RunQuery::new()).await.unwrap()[0].id;
        let scores = Scores::new(store.manifest(run).await.unwrap().evals, Outcome::Passed, vec![]);
        let summary = TrialSummary::new(TrialKey::new("a", 0), 7, scores);
        let finished = StoredTrial::new(summary, TraceSnapshot::default());
        assert_eq!(store.finish(run, &finished).await.unwrap(), Stored::Now);
        stop.cancel();
    };
    let (run, ()) = tokio::join!(runner.run(suite), stopping);
    let run = run.unwrap().run.unwrap();
    let key = TrialKey::new("a", 0);
    assert!(store.trial(run, &key).await.unwrap().is_some(), "it had finished, and is gone");
    assert_eq!(store.history(run, &key).await.unwrap(), []);
    assert_eq!(
        store.states(run, &Page::first(9)).await.unwrap().len(),
        1,
        "the other is not begun"
    );
}

/// Remembers how a run began.
#[derive(Clone, Default)]
struct Remembered(Arc<std::sync::Mutex<Vec<Start>>>);

impl Watch for Remembered {
    fn run_began(&self, start: &Start) {
        self.0.lock().unwrap().push(start.clone());
    }

    fn trial_ended(&self, _: &Finished, _: Progress) {}
}

#[tokio::test]
async fn a_run_says_what_had_finished_before_it() {
    let tried = Tried::new("before");
    tried.run(latest(1)).await.unwrap();
    let remembered = Remembered::default();
    tried.run(latest(3).watch(remembered.clone())).await.unwrap();
    let starts = remembered.0.lock().unwrap();
    assert_eq!((starts[0].before.trials(), starts[0].planned), (2, 6));
}

#[tokio::test]
async fn shards_joined_are_the_run_of_one_machine() {
    let tried = Tried::new("shards");
    let mut parts = Vec::new();
    for index in 1..=3 {
        let shard = Shard::new(index, 3).unwrap();
        let part = tried.run(Runner::new().trials(5).shard(shard)).await.unwrap();
        assert_eq!(part.cancelled, 0);
        parts.push(part.run.unwrap());
    }
    assert_eq!(tried.calls(), 10);
    let store = tried.store().await;
    let joined = store::join(&*store, &parts).await.unwrap();
    let joined = probity_eval_runner::facts::RunFacts::read(&*store, joined).await.unwrap();
    let whole = tried.run(Runner::new().trials(5)).await.unwrap().facts().await.unwrap();
    assert_eq!((joined.tally(), joined.missing()), (whole.tally(), 0));
    assert_eq!(joined.tasks(), whole.tasks());
}

#[tokio::test]
async fn a_run_does_not_go_on_under_other_limits() {
    let tried = Tried::new("other-limits");
    let limit = |millis| Duration::from_millis(millis);
    tried.run(latest(1).time_limit(limit(5_000))).await.unwrap();
    tried.run(latest(2).time_limit(limit(5_000)).concurrency(2).max_attempts(1)).await.unwrap();
    assert_eq!(tried.calls(), 4, "concurrency and attempts do not change what a trial comes to");
    let Err(RunError::Changed { differences, .. }) =
        tried.run(latest(2).time_limit(limit(1)).token_limit(9)).await
    else {
        panic!("it went on");
    };
    assert_eq!(
        differences,
        [
            "its time limit is 5s, and is now 1ms",
            "it has no token limit, and there is one of 9 now"
        ]
    );
}

#[tokio::test]
async fn a_run_of_a_few_cases_does_not_hide_a_run_of_all_that_can_go_on() {
    let mut tried = Tried::new("hidden");
    let all = tried.run(latest(1)).await.unwrap();
    let only = Selection::new().only(["a".to_owned()]);
    let few = tried.run(Runner::new().select(only)).await.unwrap();
    assert_ne!(few.run, all.run);
    let more = tried.run(latest(2)).await.unwrap();
    assert_eq!((more.run, more.tally().trials()), (all.run, 4));
    tried.cases.push(("c", 3));
    let Err(RunError::Changed { differences, .. }) = tried.run(latest(2)).await else {
        panic!("it went on");
    };
    assert!(differences.contains(&"case \"c\" is new".to_owned()), "{differences:?}");
}
