//! Several judges that come to one verdict.

use std::{
    error::Error as _,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use probity_eval::{
    BoxEval, Eval as _, EvalExt as _, JudgeError, Llm, Panel, RubricJudge, Score, Scored,
    SelfScoring as _, from_async_fn,
    judge::{Criterion, Member, MemberVerdict, PanelError, PanelReport, RubricReport},
    maximize,
    scripted::{Fault, Reply, ScriptedModel},
};
use probity_trace::TraceSnapshot;

use crate::support::{judge, llm, polite, polite_reply, trace};

type Vote = BoxEval<'static, str, Scored<&'static str>, String>;

/// Votes by this score and passes from 0.5 on, or errs.
fn vote(name: &str, vote: Result<f32, &'static str>) -> Member<Vote> {
    let eval = from_async_fn(move |_, _, _: &str| {
        let scored = vote
            .map(|score| Scored::new(Score::new_clamped(score), "seen", Score::DEFAULT_PASS_MARK));
        Box::pin(async move { scored.map_err(str::to_owned) })
    });
    Member::new(name, eval.boxed())
}

fn votes<const N: usize>(votes: [Result<f32, &'static str>; N]) -> Vec<Member<Vote>> {
    votes.into_iter().enumerate().map(|(n, cast)| vote(&format!("judge {n}"), cast)).collect()
}

#[track_caller]
fn judged(panel: &Panel<Vote>) -> Result<PanelReport<&'static str>, PanelError> {
    futures::executor::block_on(panel.evaluate(&Llm::without_model(), &trace(), "answer"))
}

#[track_caller]
fn check(panel: &Panel<Vote>, expected: (f32, bool, bool)) {
    let report = judged(panel).unwrap();
    let (score, passed, tied) = expected;
    assert_eq!(
        (report.score, report.passed, report.tied),
        (Score::new_clamped(score), passed, tied)
    );
    assert_eq!((report.score(), report.passed()), (report.score, report.passed));
}

#[test]
fn the_majority_of_verdicts_decides() {
    check(&Panel::majority(votes([Ok(0.5), Ok(0.6), Ok(0.0)])), (2.0 / 3.0, true, false));
    check(&Panel::majority(votes([Ok(1.0), Ok(0.4), Ok(0.4)])), (1.0 / 3.0, false, false));
}

#[test]
fn a_tie_is_marked_and_does_not_pass() {
    check(&Panel::majority(votes([Ok(1.0), Ok(0.0)])), (0.5, false, true));
    check(&Panel::majority(votes([Ok(1.0), Ok(0.0), Err("no answer")])), (0.5, false, true));
}

#[test]
fn the_mean_of_scores_decides() {
    check(&Panel::mean(votes([Ok(1.0), Ok(0.25), Ok(0.25)])), (0.5, true, false));
    check(&Panel::mean(votes([Ok(0.5), Ok(0.25)])), (0.375, false, false));
}

#[test]
fn one_that_fails_is_enough_where_all_must_pass() {
    check(&Panel::unanimous(votes([Ok(1.0), Ok(0.75)])), (0.75, true, false));
    check(&Panel::unanimous(votes([Ok(1.0), Ok(1.0), Ok(0.25)])), (0.25, false, false));
}

#[test]
fn a_member_that_errs_has_no_vote_and_is_shown() {
    let panel = Panel::majority(votes([Ok(1.0), Err("rate limited"), Ok(1.0)]));
    let report = judged(&panel).unwrap();
    assert_eq!((report.score, report.graded(), report.not_graded()), (Score::ONE, 2, 1));
    let member = report.member("judge 1").unwrap();
    let MemberVerdict::NotGraded { error, .. } = &member.verdict else {
        panic!("an error is no verdict: {member}");
    };
    assert_eq!(error.text, "rate limited");
    assert_eq!(
        report.to_string(),
        "passed by majority, score 1.00; 2 of 3 members graded\n\
         - judge 0: passed, score 1.00\n\
         - judge 1: not graded: rate limited\n\
         - judge 2: passed, score 1.00"
    );
}

#[test]
fn too_few_members_are_no_verdict_and_no_fail() {
    for members in [votes([Ok(0.0), Err("a"), Err("b")]), votes([Ok(1.0), Err("a")])] {
        let panel = Panel::majority(members);
        let error = judged(&panel).unwrap_err();
        assert!(matches!(error, PanelError::NoQuorum { graded: 1, quorum: 2, .. }), "{error}");
    }
    let error = judged(&Panel::mean(votes([Ok(0.25), Err("a"), Err("b")]))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "1 of 3 members of the panel graded, and 2 are needed: judge 0: failed, score 0.25; \
         judge 1: not graded: a; judge 2: not graded: b"
    );
}

#[test]
fn an_error_of_text_is_a_source_and_no_fault_of_a_model() {
    let error = judged(&Panel::majority(votes([Ok(0.0), Err("a"), Err("b")]))).unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "a");
    let PanelError::NoQuorum { errors, .. } = &error else { panic!("no quorum: {error}") };
    assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), ["a", "b"]);
    assert!(!error.is_infrastructure());
    let error = judged(&Panel::majority([])).unwrap_err();
    assert!(error.source().is_none() && !error.is_infrastructure());
}

#[tokio::test]
async fn models_that_do_not_answer_are_told_from_judges_that_give_no_verdict() {
    let limited = || Reply::from(Fault::rate_limited());
    let share = maximize(|report: &RubricReport| report.score.value());
    let rubric = RubricJudge::new([Criterion::new("polite", "It thanks the user.")]).unwrap();
    for (replies, expected) in [
        ([limited(), limited()], true),
        ([limited(), Reply::refusal("no")], false),
        ([Reply::refusal("no"), Reply::refusal("no")], false),
    ] {
        let llms = replies.map(|reply| llm(&ScriptedModel::from_fn(move |_, _| reply.clone())));
        let [one, two] = &llms;
        let members = [("one", one), ("two", two)];
        let (before, ctx) = (trace(), Llm::without_model());
        let plain = members.map(|(name, llm)| Member::new(name, polite()).with_llm(llm.clone()));
        let error = Panel::mean(plain).evaluate(&ctx, &before, "").await.unwrap_err();
        assert_eq!(error.is_infrastructure(), expected, "{error}");
        assert!(error.source().unwrap().is::<JudgeError>(), "{error}");
        let scored = members.map(|(name, llm)| {
            Member::new(name, rubric.clone().scored_by(share.clone())).with_llm(llm.clone())
        });
        let error = Panel::mean(scored).evaluate(&ctx, &before, "").await.unwrap_err();
        assert_eq!(error.is_infrastructure(), expected, "{error}");
    }
}

#[test]
fn the_quorum_can_be_set() {
    let members = || votes([Ok(1.0), Ok(1.0), Err("a")]);
    assert!(judged(&Panel::unanimous(members()).with_quorum(2)).unwrap().passed);
    let error = judged(&Panel::unanimous(members()).with_quorum(3)).unwrap_err();
    assert!(matches!(error, PanelError::NoQuorum { graded: 2, quorum: 3, .. }), "{error}");
    check(
        &Panel::majority(votes([Ok(1.0), Err("a"), Err("b")])).with_quorum(1),
        (1.0, true, false),
    );
}

#[test]
fn a_panel_that_cannot_be_asks_nobody() {
    let asked = Arc::new(AtomicUsize::new(0));
    let member = |name: &str| {
        let asked = Arc::clone(&asked);
        let eval = from_async_fn(move |_, _, _: &str| {
            asked.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { Err::<Scored<&'static str>, _>("asked".to_owned()) })
        });
        Member::new(name, eval.boxed())
    };
    let table = [
        (Panel::majority([]), "panel has no members"),
        (Panel::mean([member("a"), member("a")]), "two members of the panel are named \"a\""),
        (
            Panel::mean([member("a"), member("b")]).with_quorum(3),
            "panel of 2 members has the quorum 3, not a number in 1..=2",
        ),
        (
            Panel::mean([member("a")]).with_quorum(0),
            "panel of 1 members has the quorum 0, not a number in 1..=1",
        ),
    ];
    for (panel, expected) in table {
        assert_eq!(judged(&panel).unwrap_err().to_string(), expected);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn each_member_asks_its_own_model_or_that_of_the_context() {
    let says =
        |name: &str, verdict: &str| ScriptedModel::replies([polite_reply(verdict)]).with_name(name);
    let (small, large, common) = (says("s-1", "no"), says("l-1", "yes"), says("c-1", "yes"));
    let panel = Panel::majority([
        Member::new("small", polite()).with_llm(llm(&small)),
        Member::new("large", polite()).with_llm(llm(&large)),
        Member::new("common", polite()),
    ])
    .named("politeness");
    let ctx = llm(&common);
    let report = panel.evaluate(&ctx, &trace(), "Thanks!").await.unwrap();
    let found: Vec<_> = report
        .members
        .iter()
        .map(|member| {
            (&*member.name, member.model.as_deref().unwrap(), member.scored().unwrap().passed)
        })
        .collect();
    assert_eq!(found, [("small", "s-1", false), ("large", "l-1", true), ("common", "c-1", true)]);
    assert_eq!(ctx.budget().spent().requests, 1);
    let reason = &report.member("small").unwrap().scored().unwrap().report.criteria[0].reason;
    assert_eq!(reason, "because");
}

#[tokio::test]
async fn an_unparsed_verdict_of_a_member_is_not_a_vote() {
    let refuses = ScriptedModel::replies([Reply::refusal("no")]);
    let rambles = ScriptedModel::replies(["well", "hm", "so"]);
    let agrees = ScriptedModel::replies([polite_reply("yes")]);
    let members = [("refuses", &refuses), ("rambles", &rambles), ("agrees", &agrees)];
    let members = members.map(|(name, model)| Member::new(name, polite()).with_llm(llm(model)));
    let ctx = Llm::without_model();
    let report =
        Panel::majority(members.clone()).with_quorum(1).evaluate(&ctx, &trace(), "").await.unwrap();
    assert_eq!((report.passed, report.not_graded()), (true, 2));
}

#[tokio::test]
async fn members_of_different_kinds_sit_in_one_panel() {
    let numbers = judge().map_report(|verdict| verdict.score >= 0.5).scored().in_words().boxed();
    let rubric = polite().in_words().boxed();
    let model = ScriptedModel::replies([crate::support::GOOD.to_owned(), polite_reply("no")]);
    let panel = Panel::unanimous([Member::new("numbers", numbers), Member::new("rubric", rubric)]);
    let report = panel.evaluate(&llm(&model), &trace(), "Thanks!").await.unwrap();
    assert!(!report.passed);
    assert_eq!(report.member("numbers").unwrap().scored().unwrap().report, "true");
}

#[tokio::test]
async fn all_members_judge_at_the_same_time() {
    let begun = Arc::new(AtomicUsize::new(0));
    let member = |name: &str| {
        let begun = Arc::clone(&begun);
        let eval = from_async_fn(move |_, _, _: &str| {
            let begun = Arc::clone(&begun);
            Box::pin(async move {
                begun.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                let all = begun.load(Ordering::SeqCst) == 3;
                Ok::<_, String>(Scored::new(Score::from(all), (), Score::ONE))
            })
        });
        Member::new(name, eval)
    };
    let panel = Panel::unanimous(["a", "b", "c"].map(member));
    let trace = TraceSnapshot::default();
    assert!(panel.evaluate(&Llm::without_model(), &trace, "").await.unwrap().passed);
}

#[tokio::test]
async fn json_brings_a_report_back() {
    let model = ScriptedModel::replies([polite_reply("yes"), "?".into(), "?".into(), "?".into()]);
    let panel =
        Panel::mean([Member::new("a", polite()), Member::new("b", polite())]).with_quorum(1);
    let report = panel.evaluate(&llm(&model), &trace(), "").await.unwrap();
    let json = serde_json::to_string(&report).unwrap();
    assert!(json.contains(r#"{"not_graded":{"error":"#), "{json}");
    assert_eq!(serde_json::from_str::<PanelReport<_>>(&json).unwrap(), report);
}
