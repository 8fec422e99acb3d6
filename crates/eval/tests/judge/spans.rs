//! What a trace shows of a judge.

use probity_eval::{
    Eval as _, Llm, PairwiseJudge, Panel,
    judge::{Member, Pair},
    scripted::{Reply, ScriptedModel},
};
use probity_trace::{EventRef, SpanRef, TraceSnapshot, ValueRef, capture};

use crate::support::{GOOD, judge, llm, polite, polite_reply, trace};

const RESULT: &str = "gen_ai.evaluation.result";

async fn traced(model: &ScriptedModel) -> TraceSnapshot {
    let (llm, trace) = (llm(model), trace());
    let judge = judge().named("tone");
    capture(judge.evaluate(&llm, &trace, "Thanks!")).await.trace
}

#[track_caller]
fn text<'a>(span: SpanRef<'a>, key: &str) -> &'a str {
    span.field(key).and_then(ValueRef::as_str).unwrap_or_else(|| panic!("no text {key}"))
}

fn results(trace: &TraceSnapshot) -> Vec<EventRef<'_>> {
    trace.all_events().filter(|event| event.name() == RESULT).collect()
}

#[tokio::test]
async fn a_judge_is_an_evaluation_around_its_turns() {
    let trace = traced(&ScriptedModel::replies([GOOD])).await;
    let span = trace.span("evaluation").unwrap();
    for (key, expected) in [
        ("otel.name", "evaluation tone"),
        ("gen_ai.operation.name", "evaluation"),
        ("gen_ai.evaluation.name", "tone"),
        ("openinference.span.kind", "EVALUATOR"),
        ("probity.evaluator.name", "tone"),
        ("probity.evaluator.kind", "judge"),
    ] {
        assert_eq!(text(span, key), expected, "{key}");
    }
    assert!(span.field("probity.judge.corrections").unwrap() == 0);
    assert!(span.field("error.type").is_none() && span.field("otel.status_code").is_none());
    let names: Vec<_> = span.children().map(SpanRef::name).collect();
    assert_eq!(names, ["llm_turn"]);
}

#[tokio::test]
async fn no_field_of_an_evaluation_names_a_model() {
    let trace = traced(&ScriptedModel::replies([GOOD])).await;
    let span = trace.span("evaluation").unwrap();
    for field in span.fields() {
        assert!(!field.key().contains("model"), "{}", field.key());
    }
    assert_eq!(trace.genai().llm_calls().len(), 1);
}

#[tokio::test]
async fn a_score_is_told_as_an_event() {
    let reply = Reply::text(GOOD).with_response_id("resp_7");
    let trace = traced(&ScriptedModel::replies([reply])).await;
    let [result] = results(&trace)[..] else { panic!("one result: {trace}") };
    assert_eq!(result.span().map(SpanRef::name), Some("evaluation"));
    assert!(result.field("gen_ai.evaluation.name").unwrap() == "tone");
    assert!(result.field("gen_ai.evaluation.score.value").unwrap() == 0.75);
    assert!(result.field("gen_ai.response.id").unwrap() == "resp_7");
}

#[tokio::test]
async fn an_explanation_is_content_and_told_where_that_is_captured() {
    for captures in [false, true] {
        let model = ScriptedModel::replies([GOOD]);
        let llm = llm(&model).with_content_capture(captures);
        let trace = capture(judge().evaluate(&llm, &trace(), "Thanks!")).await.trace;
        let explanation = results(&trace)[0].field("gen_ai.evaluation.explanation");
        assert_eq!(explanation.and_then(ValueRef::as_str), captures.then_some("kind"));
    }
}

#[tokio::test]
async fn a_reply_without_a_score_has_no_result_to_tell() {
    let replies =
        [r#"{"score": 7, "explanation": "of ten"}"#, r#"{"score": -1, "explanation": ""}"#];
    for reply in replies {
        let trace = traced(&ScriptedModel::replies([reply])).await;
        assert!(results(&trace).is_empty(), "{trace}");
    }
}

#[tokio::test]
async fn corrections_are_counted_and_each_is_an_event_with_what_was_wrong() {
    let trace = traced(&ScriptedModel::replies(["one", r#"{"score": 1}"#, GOOD])).await;
    let span = trace.span("evaluation").unwrap();
    assert!(span.field("probity.judge.corrections").unwrap() == 2);
    assert_eq!(span.children().count(), 3);
    let sent_back = "a judge's reply cannot be used and is sent back";
    let wrong: Vec<_> = span
        .events()
        .filter(|event| event.message() == Some(sent_back))
        .map(|event| event.field("error").and_then(ValueRef::as_str).unwrap())
        .collect();
    assert_eq!(wrong.len(), 2);
    assert!(wrong[0].contains("no JSON") && wrong[1].contains("explanation"), "{wrong:?}");
}

#[tokio::test]
async fn an_evaluation_without_a_verdict_says_why() {
    let trace = traced(&ScriptedModel::replies(["one", "two", "three"])).await;
    let span = trace.span("evaluation").unwrap();
    assert_eq!(text(span, "error.type"), "unparsed");
    assert_eq!(text(span, "otel.status_code"), "ERROR");
    let description = span.field("otel.status_description").unwrap().to_string();
    assert!(description.contains("in 3 tries"), "{description}");
    assert!(!description.contains("three"), "a reply is content: {description}");
    assert!(span.field("probity.judge.corrections").unwrap() == 2);
    assert!(results(&trace).is_empty());
}

#[tokio::test]
async fn what_a_judge_says_is_told_only_where_content_is_captured() {
    let wrong = || Reply::text(r#"{"score": "John Doe is ill", "explanation": "kind"}"#);
    let odd = || Reply::text(r#"{"John Doe is ill": 1, "John Doe is ill": 2}"#);
    let refusal = || Reply::refusal("I know John Doe.");
    for (replies, error_type) in [
        (vec![wrong(), wrong()], "unparsed"),
        (vec![odd(), odd()], "unparsed"),
        (vec![wrong(), refusal()], "refused"),
    ] {
        for captures in [false, true] {
            let ctx = llm(&ScriptedModel::replies(replies.clone())).with_content_capture(captures);
            let (judge, before) = (judge().max_corrections(1), trace());
            let judged = capture(judge.evaluate(&ctx, &before, "Thanks!")).await;
            let span = judged.trace.span("evaluation").unwrap();
            assert_eq!(text(span, "error.type"), error_type);
            let description = span.field("otel.status_description").unwrap().to_string();
            assert_eq!(description.contains("John"), captures, "{description}");
            let sent_back = span.events().next().unwrap();
            let error = sent_back.field("error").and_then(ValueRef::as_str).unwrap();
            assert_eq!(error.contains("John"), captures, "{error}");
            if !captures {
                assert!(!judged.trace.to_string().contains("John"), "{}", judged.trace);
            }
            assert!(judged.output.unwrap_err().to_string().contains("John"));
        }
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_in_words_of_the_schema() {
    let wrong = r#"{"score": "John Doe is ill", "explanation": "kind"}"#;
    let trace = traced(&ScriptedModel::replies([wrong, wrong, wrong])).await;
    let description = text(trace.span("evaluation").unwrap(), "otel.status_description");
    assert_eq!(
        description,
        "the judge gave no verdict in 3 tries: at /properties/score/type of the schema: value is not of type \
         \"number\""
    );
}

#[tokio::test]
async fn a_judge_without_a_name_goes_by_its_report() {
    let (model, trace) = (ScriptedModel::replies([GOOD]), trace());
    let trace = capture(judge().evaluate(&llm(&model), &trace, "Thanks!")).await.trace;
    assert_eq!(text(trace.span("evaluation").unwrap(), "gen_ai.evaluation.name"), "Verdict");
}

#[tokio::test]
async fn a_rubric_tells_its_score() {
    let model = ScriptedModel::replies([polite_reply("yes")]);
    let (ctx, before) = (llm(&model).with_content_capture(true), trace());
    let trace = capture(polite().evaluate(&ctx, &before, "Thanks!")).await.trace;
    let span = trace.span("evaluation").unwrap();
    assert_eq!(text(span, "gen_ai.evaluation.name"), "rubric");
    assert_eq!(text(span, "probity.evaluator.kind"), "rubric_judge");
    let [result] = results(&trace)[..] else { panic!("one result: {trace}") };
    assert!(result.field("gen_ai.evaluation.score.value").unwrap() == 1.0);
    let explanation = result.field("gen_ai.evaluation.explanation").and_then(ValueRef::as_str);
    assert!(explanation.unwrap().contains("polite: yes (because)"), "{explanation:?}");
}

#[tokio::test]
async fn the_two_orders_of_a_pair_are_told_apart() {
    let model = ScriptedModel::from_fn(|_, _| r#"{"reason": "-", "winner": "answer_1"}"#);
    let (ctx, before) = (llm(&model), trace());
    let pair = Pair::new("one".to_owned(), "two".to_owned());
    let judge = PairwiseJudge::new("Which is better?");
    let trace = capture(judge.evaluate(&ctx, &before, &pair)).await.trace;
    let span = trace.span("evaluation").unwrap();
    let orders: Vec<_> = span.children().map(|order| text(order, "probity.judge.order")).collect();
    assert_eq!(orders, ["in_order", "swapped"]);
    assert!(span.children().all(|order| order.child("llm_turn").is_some()));
    let [result] = results(&trace)[..] else { panic!("one result: {trace}") };
    assert!(result.field("gen_ai.evaluation.score.label").unwrap() == "tie");
    assert!(result.field("gen_ai.evaluation.score.value").unwrap() == 0.5);
}

#[tokio::test]
async fn a_panel_is_an_evaluation_around_those_of_its_members() {
    let model = ScriptedModel::from_fn(|_, _| polite_reply("yes"));
    let member = |name: &str| Member::new(name, polite()).with_llm(llm(&model));
    let panel = Panel::majority([member("a"), member("b")]);
    let (ctx, before) = (Llm::without_model(), trace());
    let trace = capture(panel.evaluate(&ctx, &before, "Thanks!")).await.trace;
    let span = trace.span("evaluation").unwrap();
    assert_eq!(text(span, "probity.evaluator.kind"), "panel");
    assert!(span.field("probity.judge.corrections").is_none());
    let members: Vec<_> =
        span.children().map(|member| text(member, "probity.panel.member")).collect();
    assert_eq!(members, ["a", "b"]);
    for member in span.children() {
        let judge = member.child("evaluation").unwrap();
        assert_eq!(text(judge, "probity.evaluator.kind"), "rubric_judge");
    }
    let [result] = span.events().collect::<Vec<_>>()[..] else { panic!("one result: {trace}") };
    assert!(result.field("gen_ai.evaluation.score.label").unwrap() == "pass");
}

#[tokio::test]
async fn a_panel_without_a_verdict_says_why() {
    let model = ScriptedModel::from_fn(|_, _| "the artifact says: hush");
    let member = |name: &str| Member::new(name, polite()).with_llm(llm(&model));
    let (ctx, before) = (Llm::without_model(), trace());
    let alone = Panel::majority([member("a")]);
    let trace = capture(alone.evaluate(&ctx, &before, "")).await.trace;
    let span = trace.span("evaluation").unwrap();
    assert_eq!(text(span, "error.type"), "no_quorum");
    let description = span.field("otel.status_description").unwrap().to_string();
    assert_eq!(description, "0 of 1 members of the panel graded, and 1 is needed");
    let empty = Panel::majority([member("a"), member("a")]);
    let trace = capture(empty.evaluate(&ctx, &before, "")).await.trace;
    assert_eq!(text(trace.span("evaluation").unwrap(), "error.type"), "invalid_panel");
}
