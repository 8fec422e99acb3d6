//! Judges go through combinators as every eval does.

use std::sync::Arc;

use probity_eval::{
    Eval, EvalExt as _, GroupError, JudgeError, JudgeEval, Llm, ModelInput, PairwiseJudge, Panel,
    RubricJudge, ScoredError, all_of,
    judge::{Criterion, Member, Pair},
    maximize,
    scripted::ScriptedModel,
    weighted,
};
use probity_trace::{Collected, TraceSnapshot};

use crate::support::{GOOD, Verdict, judge, llm, polite, polite_reply, trace};

struct Reply {
    text: String,
}

#[tokio::test]
async fn reports_are_mapped_and_artifacts_taken_apart() {
    let model = ScriptedModel::replies([GOOD]);
    let eval = judge()
        .contramap_artifact(|reply: &Reply| reply.text.as_str())
        .map_report(|verdict| verdict.explanation)
        .map_error(|error| error.to_string());
    let reply = Reply { text: "Thanks!".to_owned() };
    assert_eq!(eval.evaluate(&llm(&model), &trace(), &reply).await, Ok("kind".to_owned()));
    assert_eq!(model.requests()[0].input, ModelInput::from_user("Rate this: Thanks!"));
}

#[tokio::test]
async fn judges_stand_in_lists_under_their_names() {
    let tone = judge().named("tone").scored_by(maximize(|verdict: &Verdict| verdict.score));
    let model = ScriptedModel::replies([GOOD.to_owned(), polite_reply("no")]);
    let both = [tone.in_words().boxed(), polite().in_words().named("polite").boxed()];
    let scored = all_of(both).evaluate(&llm(&model), &trace(), "Thanks!").await.unwrap();
    assert!(!scored.passed);
    let names: Vec<_> = scored.report.iter().map(|part| part.name.as_deref()).collect();
    assert_eq!(names, [Some("tone"), Some("polite")]);
}

#[tokio::test]
async fn a_judge_without_a_verdict_leaves_the_list_without_a_score() {
    let model = ScriptedModel::replies([GOOD, "no JSON"]);
    let tone = || {
        judge()
            .max_corrections(0)
            .scored_by(maximize(|verdict: &Verdict| verdict.score))
            .named("tone")
    };
    let eval = weighted([(1.0, tone()), (2.0, tone())]);
    let collected = Collected::new("Thanks!".to_owned(), trace());
    let record = eval.run(&llm(&model), collected).await;
    assert!(!record.passed() && record.score().is_none());
    let Some(GroupError::Part { index: 1, error, .. }) = record.error() else {
        panic!("the second erred: {:?}", record.error());
    };
    assert!(matches!(error, ScoredError::Eval(JudgeError::Unparsed { .. })), "{error}");
}

#[test]
fn names_are_those_that_were_given() {
    assert_eq!(judge().name(), None);
    assert_eq!(
        judge().named("tone").scored_by(maximize(|v: &Verdict| v.score)).name(),
        Some("tone")
    );
    let rubric = RubricJudge::new([Criterion::new("clear", "It is clear.")]).unwrap();
    assert_eq!((rubric.clone().name(), rubric.named("r").name()), (None, Some("r")));
    assert_eq!(PairwiseJudge::new("Which?").named("p").scored().name(), Some("p"));
    assert_eq!(Panel::mean([Member::new("a", polite())]).named("panel").name(), Some("panel"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn judges_are_shared_and_their_futures_move_between_threads() {
    let model = ScriptedModel::from_fn(|_, _| GOOD);
    let (eval, llm) = (Arc::new(judge()), llm(&model));
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (eval, llm) = (Arc::clone(&eval), llm.clone());
            tokio::spawn(async move { eval.evaluate(&llm, &TraceSnapshot::default(), "Hi.").await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap().explanation, "kind");
    }
}

#[test]
fn the_futures_of_judges_may_move_between_threads() {
    fn is_send<T: Send>(_: &T) {}
    let (ctx, trace) = (Llm::without_model(), trace());
    let pair = Pair::new(String::new(), String::new());
    let panel = Panel::mean([Member::new("a", polite())]);
    is_send(&panel.evaluate(&ctx, &trace, ""));
    is_send(&PairwiseJudge::new("Which?").evaluate(&ctx, &trace, &pair));
}

#[test]
fn judges_are_evals_and_never_pure() {
    fn check<E: Eval>(_: &E) {}
    check(&judge());
    check(&polite());
    check(&PairwiseJudge::new("Which?"));
    check(&Panel::mean([Member::new("a", polite())]));
}

#[test]
fn debug_shows_what_was_set_and_the_closure_by_its_type() {
    let judge = JudgeEval::<str, Verdict, _>::new(|_, _| "Rate.".into()).named("tone").seed(7);
    let text = format!("{judge:?}");
    for part in ["JudgeEval", "{{closure}}", "\"tone\"", "seed: Some(7)"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let text = format!("{:?} {:?}", polite(), PairwiseJudge::new("Which?"));
    assert!(text.contains("The answer thanks the user.") && text.contains("Which?"), "{text}");
}
