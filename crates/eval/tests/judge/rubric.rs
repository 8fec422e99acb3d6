//! The judge that rates by named criteria.

use probity_eval::{
    Eval as _, EvalExt as _, RubricJudge, Score, SelfScoring as _,
    judge::{Criterion, Exhibit, RubricReport},
    maximize,
    model::OutputFormat,
    scripted::ScriptedModel,
};
use probity_trace::Collected;
use serde_json::{Value, json};

use crate::support::{last_text, llm, messages, trace};

fn judge() -> RubricJudge {
    RubricJudge::new([
        Criterion::new("polite", "The answer thanks the user."),
        Criterion::new("is it clear?", "1: cannot be followed. 5: clear at once.")
            .with_points(1..=5)
            .with_weight(3.0),
        Criterion::new("brief", "The answer has one sentence.").with_weight(0.0),
    ])
    .unwrap()
}

fn reply(polite: &str, clear: &Value, brief: &str) -> Value {
    json!({
        "brief": { "reason": "one sentence", "verdict": brief },
        "is_it_clear": { "reason": "short words", "verdict": clear },
        "polite": { "reason": "says thanks", "verdict": polite },
    })
}

async fn judged(reply: &Value) -> RubricReport {
    let model = ScriptedModel::replies([reply.to_string()]);
    judge().max_corrections(0).evaluate(&llm(&model), &trace(), "Thanks!").await.unwrap()
}

#[tokio::test]
async fn each_criterion_has_a_score_and_a_reason_in_the_order_of_the_rubric() {
    let report = judged(&reply("yes", &json!(2), "no")).await;
    let found: Vec<_> = report
        .criteria
        .iter()
        .map(|found| (&*found.name, &*found.reason, found.score.value(), found.points))
        .collect();
    assert_eq!(
        found,
        [
            ("polite", "says thanks", 1.0, None),
            ("is it clear?", "short words", 0.25, Some(2)),
            ("brief", "one sentence", 0.0, None),
        ]
    );
    assert_eq!(report.criterion("polite").map(|found| found.score), Some(Score::ONE));
    assert!(report.criterion("witty").is_none());
}

#[tokio::test]
async fn the_score_is_the_mean_by_weight() {
    // (1 x 1 + 3 x 0.25 + 0 x 0) / 4
    let report = judged(&reply("yes", &json!(2), "no")).await;
    assert_eq!((report.score.value(), report.passed()), (0.4375, false));
    let report = judged(&reply("no", &json!(4.0), "no")).await;
    assert_eq!((report.score.value(), report.passed()), (0.5625, true));
}

#[tokio::test]
async fn the_schema_asks_for_every_criterion_and_for_the_reason_first() {
    let model = ScriptedModel::replies([reply("yes", &json!(5), "yes").to_string()]);
    judge().evaluate(&llm(&model), &trace(), "").await.unwrap();
    let OutputFormat::JsonSchema { name, schema } = model.requests()[0].output.clone() else {
        panic!("a judge asks for JSON");
    };
    assert_eq!(name, "rubric");
    assert_eq!(schema["required"], json!(["polite", "is_it_clear", "brief"]));
    assert_eq!(schema["additionalProperties"], false);
    let clear = &schema["properties"]["is_it_clear"];
    assert_eq!(clear["required"], json!(["reason", "verdict"]));
    assert_eq!(clear["additionalProperties"], false);
    assert_eq!(
        clear["properties"]["verdict"],
        json!({ "type": "integer", "enum": [1, 2, 3, 4, 5] })
    );
    for criterion in schema["properties"].as_object().unwrap().values() {
        let keys: Vec<_> = criterion["properties"].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["reason", "verdict"]);
    }
}

#[tokio::test]
async fn the_judge_is_told_the_rubric_and_shown_the_artifact() {
    let model = ScriptedModel::replies([reply("yes", &json!(5), "yes").to_string()]);
    let judge = judge().showing(|_, (question, answer): &(String, String)| {
        Exhibit::new(answer).with_task(question)
    });
    let artifact = ("Who?".to_owned(), "Me, thanks.".to_owned());
    judge.evaluate(&llm(&model), &trace(), &artifact).await.unwrap();
    let rubric = messages(&model, 0)[0].content();
    for part in [
        "- `polite`: The answer thanks the user.\n  Verdict: `yes` or `no`.",
        "- `is_it_clear` (is it clear?): 1: cannot be followed. 5: clear at once.\n  Verdict: a whole number from 1 to 5.",
    ] {
        assert!(rubric.contains(part), "{part} in {rubric}");
    }
    let shown = last_text(&model, 0);
    assert!(shown.contains("<the_task>\nWho?\n</the_task>"), "{shown}");
    assert!(shown.contains("<the_artifact>\nMe, thanks.\n</the_artifact>"), "{shown}");
}

/// Sends a wrong reply back and takes the right one.
#[track_caller]
fn sent_back(wrong: &str, said: &str) {
    let right = reply("yes", &json!(5), "yes");
    let model = ScriptedModel::replies([wrong, &right.to_string()]);
    let (llm, trace) = (llm(&model), trace());
    let report = futures::executor::block_on(judge().evaluate(&llm, &trace, "")).unwrap();
    assert_eq!((report.corrections, report.score), (1, Score::ONE));
    let correction = last_text(&model, 1);
    assert!(correction.contains(said), "{said} in {correction} on {wrong}");
}

#[test]
fn a_criterion_that_is_left_out_is_asked_again() {
    let mut wrong = reply("yes", &json!(5), "yes");
    wrong.as_object_mut().unwrap().remove("polite");
    sent_back(&wrong.to_string(), r#""polite" is a required property"#);
}

#[test]
fn a_criterion_that_nobody_asked_for_is_refused() {
    let mut wrong = reply("yes", &json!(5), "yes");
    wrong["witty"] = json!({ "reason": "made me laugh", "verdict": "yes" });
    sent_back(&wrong.to_string(), "'witty' was unexpected");
}

#[test]
fn a_criterion_that_is_answered_twice_is_asked_again() {
    let wrong = reply("yes", &json!(5), "yes").to_string();
    let again = r#""polite": {"reason": "rude after all", "verdict": "no"}}"#;
    let wrong = format!("{}, {again}", wrong.strip_suffix('}').unwrap());
    sent_back(&wrong, r#""polite" is answered more than once"#);
}

#[test]
fn a_verdict_outside_its_scale_is_refused() {
    for points in [json!(0), json!(6), json!(4.5), json!("5"), json!(null), json!(true)] {
        sent_back(&reply("yes", &points, "yes").to_string(), "/is_it_clear/verdict");
    }
    for verdict in ["Yes", "maybe", ""] {
        sent_back(&reply(verdict, &json!(5), "yes").to_string(), "/polite/verdict");
    }
}

#[test]
fn a_verdict_without_a_reason_is_refused() {
    let mut wrong = reply("yes", &json!(5), "yes");
    wrong["polite"] = json!({ "verdict": "yes" });
    sent_back(&wrong.to_string(), r#"/polite: "reason" is a required property"#);
}

#[tokio::test]
async fn a_report_scores_itself_or_by_an_objective() {
    let replies = [reply("no", &json!(4), "no"), reply("no", &json!(4), "no")];
    let model = ScriptedModel::replies(replies.map(|reply| reply.to_string()));
    let collected = || Collected::new("Thanks!".to_owned(), trace());
    let by_itself = judge().scored().run(&llm(&model), collected()).await;
    assert_eq!((by_itself.score().map(Score::value), by_itself.passed()), (Some(0.5625), true));
    let strict = maximize(|report: &RubricReport| report.score).with_pass_mark(0.6);
    let by_objective = judge().scored_by(strict).run(&llm(&model), collected()).await;
    assert_eq!((by_objective.score(), by_objective.passed()), (by_itself.score(), false));
}

#[tokio::test]
async fn a_report_is_printed_line_by_line() {
    let report = judged(&reply("yes", &json!(2), "no")).await;
    assert_eq!(
        report.to_string(),
        "score 0.44\n\
         - polite: yes (says thanks)\n\
         - is it clear?: 2 points, weight 3 (short words)\n\
         - brief: no, weight 0 (one sentence)"
    );
}

#[tokio::test]
async fn json_brings_a_report_back() {
    let report = judged(&reply("yes", &json!(2), "no")).await;
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<RubricReport>(&json).unwrap(), report);
}
