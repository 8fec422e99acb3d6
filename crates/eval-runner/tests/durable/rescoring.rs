//! Stored trials are scored anew, without running the agent.

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use probity_eval::{
    Budget, EvalExt as _, Llm, PureEvalExt as _, RateLimiter, from_async_fn, from_fn, pass_fail,
    scripted::ScriptedModel,
};
use probity_eval_runner::{
    Case, Report,
    baseline::{Baseline, BaselineError},
    facts::RunFacts,
    gate::{Gate, GateVerdict, RunMeasurements},
    html::HtmlReport,
    report::Note,
    reporters::{Reasons, github::StepSummary},
    runner::{CancellationToken, Finished, Progress, Resume, Runner, SuiteRun, Watch},
    store::{self, EndReason, OutcomeKind, RunStore, StoredTrial, TrialKey},
    suite::{Answer, Suite},
};

use crate::support::{Folder, model_call, prices};

/// What a judge does each time, with the number of the call from 1.
type Judge = Arc<dyn Fn(u32) -> bool + Send + Sync>;

/// A suite whose judge is told what to say, and that counts the calls of its agent.
struct Judged {
    folder: Folder,
    cases: u32,
    version: &'static str,
    judge: Judge,
    agent_calls: Arc<AtomicU32>,
    /// The indices of the trials that were judged, in their order.
    order: Arc<Mutex<Vec<u32>>>,
}

impl Judged {
    fn new(name: &str, cases: u32) -> Self {
        Self {
            folder: Folder::new(name),
            cases,
            version: "1",
            judge: Arc::new(|_| true),
            agent_calls: Arc::default(),
            order: Arc::default(),
        }
    }

    /// Changes the judge, so that what is stored is to be scored anew.
    fn judge(
        &mut self,
        version: &'static str,
        judge: impl Fn(u32) -> bool + Send + Sync + 'static,
    ) {
        (self.version, self.judge) = (version, Arc::new(judge));
        self.agent_calls.store(0, Ordering::Relaxed);
        self.order.lock().unwrap().clear();
    }

    fn suite(&self) -> Suite<u32, (), u32> {
        let (judge, judged) = (Arc::clone(&self.judge), Arc::clone(&self.order));
        let calls = Arc::clone(&self.agent_calls);
        let eval = from_fn(move |_, answer: &Answer<u32, (), u32>| {
            let number = {
                let mut judged = judged.lock().unwrap();
                judged.push(answer.artifact);
                u32::try_from(judged.len()).unwrap()
            };
            Ok::<_, Infallible>(judge(number))
        });
        Suite::new("judged", (0..self.cases).map(|case| Case::new(format!("{case}"), case)))
            .agent("1", move |_| {
                calls.fetch_add(1, Ordering::Relaxed);
                let index = probity_eval_runner::Trial::current().map_or(0, |trial| trial.index());
                async move { Ok(index) }
            })
            .eval(
                ("judge", self.version),
                eval.scored_by(pass_fail(|passed: &bool| *passed)).lift(),
            )
    }

    async fn store(&self) -> Arc<dyn RunStore> {
        store::open(&self.folder.place("runs.db")).await.unwrap()
    }

    async fn run(&self, runner: Runner) -> SuiteRun {
        let runner = runner.store(self.store().await).resume(Resume::Latest);
        runner.run(self.suite()).await.unwrap()
    }

    fn agent_calls(&self) -> u32 {
        self.agent_calls.load(Ordering::Relaxed)
    }
}

/// Ten cases, four trials each, all passed; then a judge that fails everything was stopped after 25 of them.
async fn interrupted(name: &str) -> (Judged, SuiteRun) {
    let mut judged = Judged::new(name, 10);
    let first = judged.run(Runner::new().trials(4)).await;
    assert_eq!(first.tally().passed, 40);
    let token = CancellationToken::new();
    let drain = token.clone();
    judged.judge("2", move |number| {
        if number == 25 {
            drain.cancel();
        }
        false
    });
    let run = judged.run(Runner::new().trials(4).concurrency(1).drain_with(token)).await;
    (judged, run)
}

#[tokio::test]
async fn the_scores_of_two_evals_are_never_one_result() {
    let (judged, run) = interrupted("two-evals").await;
    let facts = run.facts().await.unwrap();
    let tally = facts.tally();
    assert_eq!((tally.passed, tally.failed), (0, 25), "only what the new judge said counts");
    assert_eq!((facts.to_rescore(), facts.missing()), (15, 0));
    let gate: Gate = "estimate(pass@1) >= 0.3".parse().unwrap();
    let gate = gate.evaluate(&RunMeasurements::of(&facts));
    assert_eq!(gate.verdict(), GateVerdict::Incomplete);
    let says = "gate not met, the run is incomplete: 15 trials are still to be scored anew\n";
    assert!(gate.to_string().starts_with(says), "{gate}");
    let baseline = Baseline::of(&facts).unwrap_err();
    assert!(matches!(baseline, BaselineError::Incomplete { .. }), "{baseline}");

    judged.order.lock().unwrap().clear();
    let whole = judged.run(Runner::new().trials(4)).await;
    assert_eq!((judged.agent_calls(), judged.order.lock().unwrap().len()), (0, 15));
    let facts = whole.facts().await.unwrap();
    assert_eq!((facts.tally().failed, facts.to_rescore(), whole.to_rescore), (40, 0, 0));
}

#[tokio::test]
async fn every_form_of_a_report_says_which_trials_are_still_to_be_scored_anew() {
    let (judged, run) = interrupted("reports").await;
    let (store, id) = (judged.store().await, run.run.unwrap());
    let facts = RunFacts::read(&*store, id).await.unwrap();
    let report = Report::of(&facts).unwrap();
    let note = Note::ToRescore { trials: 15 };
    assert!(report.notes.contains(&note), "{report}");
    assert!(run.report().unwrap().notes.contains(&note), "{report}");
    assert_eq!((run.to_rescore, run.cancelled, run.tally().trials()), (15, 0, 25));
    let words = note.to_string();
    assert!(report.to_string().contains(&words), "{report}");
    assert!(StepSummary::new(&facts, &report).render().contains(&words));
    let mut page = Vec::new();
    HtmlReport::stored(&*store, id, report).about(&facts).write(&mut page).await.unwrap();
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains(&words) && page.contains("25 graded"));
    let reasons = Reasons::read(&*store, id, 9).await.unwrap();
    let told = (0..10).flat_map(|case| reasons.of(&case.to_string()).to_vec());
    assert_eq!(told.filter(|reason| reason.outcome == OutcomeKind::Failed).count(), 25);
}

#[tokio::test]
async fn judges_that_score_anew_ask_the_limiter_and_stop_at_the_cost_that_the_run_may_have() {
    let mut judged = Judged::new("judges-cost", 5);
    judged.judge("1", |_| {
        model_call();
        true
    });
    let runner = || Runner::new().trials(10).concurrency(1).prices(prices());
    let first = judged.run(runner()).await;
    assert_eq!(first.progress.judging.cost_usd.map(|cost| (cost * 100.0).round()), Some(50.0));
    let limited = Arc::new(AtomicU32::new(0));
    let found = Arc::clone(&limited);
    judged.judge("2", move |_| {
        found.fetch_add(u32::from(RateLimiter::current().is_some()), Ordering::Relaxed);
        model_call();
        true
    });
    // The first judge has cost half a dollar already.
    let run = judged.run(runner().total_cost_limit(0.515)).await;
    assert!(
        matches!(&run.end, EndReason::Stopped(why) if why.contains("0.52 US")),
        "{:?}",
        run.end
    );
    assert_eq!((run.tally().passed, run.to_rescore, run.cancelled), (2, 48, 0));
    assert_eq!((limited.load(Ordering::Relaxed), judged.agent_calls()), (2, 0));
}

/// Remembers how far a run had come each time that a trial was scored anew.
#[derive(Clone, Default)]
struct Progressed(Arc<Mutex<Vec<(TrialKey, Progress)>>>);

impl Watch for Progressed {
    fn trial_ended(&self, _: &Finished, _: Progress) {}

    fn trial_rescored(&self, trial: &StoredTrial, progress: Progress) {
        assert!(trial.summary.scores.outcome.is_failed(), "it has the new scores");
        self.0.lock().unwrap().push((trial.summary.key.clone(), progress));
    }
}

#[tokio::test]
async fn a_watch_is_told_of_each_trial_that_is_scored_anew_and_no_case_is_left_behind() {
    let mut judged = Judged::new("told", 3);
    judged.run(Runner::new().trials(4)).await;
    judged.judge("2", |_| false);
    let progressed = Progressed::default();
    judged.run(Runner::new().trials(4).concurrency(1).watch(progressed.clone())).await;
    let told = progressed.0.lock().unwrap();
    let failed: Vec<u64> = told.iter().map(|(_, progress)| progress.tally.failed).collect();
    assert_eq!(failed, (1..=12).collect::<Vec<_>>());
    let last = told.last().unwrap().1;
    assert_eq!((last.planned, last.running), (12, 0));
    let keys: Vec<_> = told.iter().map(|(key, _)| (key.index, key.case.clone())).collect();
    assert!(keys.is_sorted(), "as trials begin, index by index: {keys:?}");
}

#[tokio::test]
async fn scoring_anew_ends_once_the_rule_is_decided() {
    let mut judged = Judged::new("decided", 1);
    judged.run(Runner::new().trials(200)).await;
    judged.judge("2", |_| false);
    let runner = Runner::new().trials(200).concurrency(1);
    let run = judged.run(runner.stop_when("these: pass@1 >= 0.9".parse().unwrap())).await;
    assert!(run.end.decided().is_some(), "{:?}", run.end);
    let scored = judged.order.lock().unwrap().len();
    assert!(scored < 100, "{scored}");
    let facts = run.facts().await.unwrap();
    assert_eq!((facts.tally().failed, facts.to_rescore()), (scored as u64, 0));
    assert_eq!(facts.scored_by_others, 200 - scored as u64);
}

#[tokio::test]
async fn what_an_eval_could_not_grade_is_judged_again_and_the_agent_is_not_run() {
    let mut judged = Judged::new("judge-away", 4);
    judged.judge("1", |number| {
        assert!(number > 3, "the model is away");
        true
    });
    let runner = || Runner::new().trials(2).concurrency(1).max_attempts(1);
    let first = judged.run(runner()).await;
    assert_eq!((first.tally().passed, first.tally().not_graded), (5, 3));
    let id = first.run.unwrap();
    let store = judged.store().await;
    let broken = store.trial(id, &TrialKey::new("0", 0)).await.unwrap().unwrap();
    judged.judge("1", |_| true);
    let retrying = runner().retry_not_graded(true).resume(Resume::Latest);
    let preview =
        retrying.clone().store(Arc::clone(&store)).preview(&judged.suite()).await.unwrap();
    assert_eq!((preview.again, preview.rescored, preview.to_run()), (0, 3, 0));
    let again = judged.run(retrying).await;
    assert_eq!((again.tally().passed, again.tally().not_graded), (8, 0));
    assert_eq!((judged.agent_calls(), judged.order.lock().unwrap().len()), (0, 3));
    let mended = store.trial(id, &TrialKey::new("0", 0)).await.unwrap().unwrap();
    assert_eq!((mended.artifact, mended.trace), (broken.artifact, broken.trace));
    let history = store.history(id, &TrialKey::new("0", 0)).await.unwrap();
    assert!(history[0].summary.scores.outcome.is_not_graded() && history[0].agent.is_none());
}

/// A suite whose judge throws a die, and whose agents end in the order of the cases or in the other.
fn diced(version: &'static str, backwards: bool) -> Suite<u64, (), u64> {
    let dice = ScriptedModel::from_fn(|_, turn| turn.below(2).to_string()).with_seed(3);
    let judge = from_async_fn(|llm: &Llm, _, _: &Answer<u64, (), u64>| {
        Box::pin(async move { llm.completion("Is it right?").collect().await.map(|one| one.text) })
    });
    let ended = Arc::new(tokio::sync::watch::Sender::new(0_u64));
    Suite::new("diced", (0..12_u64).map(|case| Case::new(format!("{case:02}"), case)))
        .agent("1", move |case: Arc<Case<u64>>| {
            let ended = Arc::clone(&ended);
            async move {
                let turn = if backwards { 11 - case.input } else { case.input };
                ended.subscribe().wait_for(|ended| *ended == turn).await?;
                // The next one's turn comes once this trial has been judged.
                tokio::spawn(async move {
                    for _ in 0..50 {
                        tokio::task::yield_now().await;
                    }
                    ended.send_modify(|ended| *ended += 1);
                });
                Ok(case.input)
            }
        })
        .eval(("die", version), judge.scored_by(pass_fail(|text: &String| text == "1")))
        .judge_llm(Llm::new(Arc::new(dice), Budget::unlimited()))
}

#[tokio::test]
async fn what_judges_say_does_not_depend_on_which_trial_ends_first_nor_on_when_it_is_scored() {
    let folder = Folder::new("diced");
    let passed = async |run: SuiteRun| -> Vec<u64> {
        run.facts().await.unwrap().cases.iter().map(|case| case.tally.passed).collect()
    };
    let runner = Runner::new().concurrency(12).seed(1);
    let forwards = passed(runner.run(diced("1", false)).await.unwrap()).await;
    assert!(forwards.contains(&0) && forwards.contains(&1), "{forwards:?}");
    let store = store::open(&folder.place("runs.db")).await.unwrap();
    let runner = runner.store(store).resume(Resume::Latest);
    assert_eq!(passed(runner.run(diced("1", true)).await.unwrap()).await, forwards);
    let rescored = runner.run(diced("2", true)).await.unwrap();
    assert_eq!(passed(rescored).await, forwards);
}
