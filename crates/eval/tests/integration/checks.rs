//! Ready-made checks, alone and together.

use std::{
    borrow::Cow,
    error::Error,
    time::{Duration, SystemTime},
};

use probity_eval::{
    Eval as _, EvalExt as _, Llm, Price, Prices, PureEval as _, PureEvalExt as _, Score, Scored,
    SelfScoring, all_of, any_of,
    checks::{
        Arguments, CheckError, ContainsReport, Tolerance, ToolUsed, TrajectoryMatchReport,
        TrajectoryOrder, close_to, contains, edit_distance, exact, json_diff, json_schema,
        max_cost, max_duration, max_tokens, no_errors, not, regex, span_count, span_exists,
        spans_ordered, tool_arguments, tool_not_used, tool_used, trajectory_match,
    },
    from_async_fn, maximize, weighted,
};
use probity_trace::{Collected, TraceSnapshot, matcher::name, testing::TraceBuilder};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

const ANSWER: &str = r#"{"city": "Paris", "nights": 2}"#;

fn trace() -> TraceSnapshot {
    TraceBuilder::new()
        .started_at(SystemTime::UNIX_EPOCH)
        .span("agent", |agent| {
            agent
                .span("chat", |chat| {
                    chat.field("gen_ai.operation.name", "chat")
                        .field("gen_ai.request.model", "small")
                        .field("gen_ai.usage.input_tokens", 1000)
                        .field("gen_ai.usage.output_tokens", 500)
                })
                .span("tool", |tool| {
                    tool.field("gen_ai.operation.name", "execute_tool")
                        .field("gen_ai.tool.name", "book")
                        .field("gen_ai.tool.call.arguments", ANSWER)
                        .wait(Duration::from_millis(50))
                })
        })
        .build()
}

fn collected() -> Collected<String> {
    Collected::new(ANSWER.to_owned(), trace())
}

#[test]
fn checks_of_every_kind_fit_into_one_list_about_a_string() -> Result<(), Box<dyn Error>> {
    let prices = Prices::new().with("small", Price::new(2.5, 10.0))?;
    let city = json!({"city": "Paris"});
    let list = all_of([
        contains("Paris").scored().in_words().boxed(),
        not(exact("Paris")).scored().in_words().boxed(),
        regex(r#""nights": \d"#)?.scored().in_words().boxed(),
        edit_distance(ANSWER).scored().in_words().boxed(),
        close_to(2.0, Tolerance::none())?.scored().in_words().boxed(),
        json_schema(&json!({"required": ["city"]}))?.scored().in_words().boxed(),
        json_diff(city.clone()).allowing_extra().scored().in_words().boxed(),
        tool_used("book").times(1..=1).scored().in_words().boxed(),
        tool_not_used("delete").scored().in_words().boxed(),
        tool_arguments("book", Arguments::superset(city)).scored().in_words().boxed(),
        trajectory_match(TrajectoryOrder::Strict, ["book"]).scored().in_words().boxed(),
        span_exists(name("agent")).scored().in_words().boxed(),
        span_count(name("chat"), ..3).scored().in_words().boxed(),
        spans_ordered(["chat", "tool"].map(name)).scored().in_words().boxed(),
        max_duration(Duration::from_secs(1)).scored().in_words().boxed(),
        max_tokens(1500).scored().in_words().boxed(),
        max_cost(0.01, prices)?.scored().in_words().boxed(),
        no_errors().scored().in_words().boxed(),
    ]);
    let record = list.run(collected());
    let parts = record.report().expect("every check can judge");
    let failed: Vec<_> = parts.iter().filter(|part| !part.scored.passed).collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert_eq!((parts.len(), record.passed()), (18, true));
    Ok(())
}

#[test]
fn lists_of_checks_about_the_trace_alone_need_the_artifact_named_once() {
    let eval = any_of([
        tool_used::<str>("search").scored().in_words().boxed(),
        no_errors().scored().in_words().boxed(),
        span_exists(name("agent")).scored().in_words().boxed(),
    ]);
    assert!(eval.run(collected()).passed());
}

#[test]
fn checks_of_the_trace_judge_artifacts_of_any_type() {
    struct Reply {
        text: String,
        nights: u8,
    }
    let reply = Reply { text: "Booked in Paris.".to_owned(), nights: 2 };
    let eval = weighted([
        (1.0, tool_used("book").scored().in_words().boxed()),
        (
            2.0,
            contains("Paris")
                .contramap_artifact(|reply: &Reply| reply.text.as_str())
                .scored()
                .in_words()
                .boxed(),
        ),
        (
            1.0,
            close_to(2.0, Tolerance::none())
                .expect("finite numbers")
                .contramap_artifact(|reply: &Reply| &reply.nights)
                .scored()
                .in_words()
                .boxed(),
        ),
    ]);
    assert!(eval.run(Collected::new(reply, trace())).passed());
    assert!(tool_used("book").scored().run(Collected::new((), trace())).passed());
}

#[test]
fn json_is_judged_as_text_and_as_a_value() {
    let expected: Value = serde_json::from_str(ANSWER).expect("JSON");
    let (as_value, as_text) = (json_diff(expected.clone()), json_diff(expected.clone()));
    assert!(as_value.evaluate(&trace(), &expected).is_ok_and(|report| report.passed));
    assert!(as_text.evaluate(&trace(), ANSWER).is_ok_and(|report| report.passed));
    let fenced = format!("```json\n{ANSWER}\n```");
    let inner = |text: &str| text.trim_matches('`').trim_start_matches("json").to_owned();
    let unfenced = json_diff::<str>(expected).contramap_artifact_owned(inner);
    assert!(unfenced.evaluate(&trace(), &fenced).is_ok_and(|report: _| report.passed));
}

#[tokio::test]
async fn checks_live_beside_async_evals() {
    let judge = from_async_fn(|_, _, answer: &str| {
        Box::pin(async move { Ok::<_, CheckError>(answer.contains("Paris")) })
    });
    let eval = all_of([
        judge.scored().in_words().boxed(),
        contains("Paris").lift().scored().in_words().boxed(),
        tool_used("book").scored().in_words().lift().boxed(),
    ]);
    let record = eval.run(&Llm::without_model(), collected()).await;
    assert!(record.passed(), "{record:?}");
    let alone = contains("Lyon").lift().scored();
    let scored = alone.evaluate(&Llm::without_model(), &trace(), ANSWER).await;
    assert!(scored.is_ok_and(|scored| !scored.passed));
}

#[test]
fn another_objective_may_score_a_report() {
    #[expect(clippy::cast_possible_truncation, reason = "a score has single precision")]
    let recall = maximize(|report: &TrajectoryMatchReport| report.recall() as f32);
    let eval = trajectory_match::<str>(TrajectoryOrder::InOrder, ["book", "pay"]).scored_by(recall);
    let scored = eval.evaluate(&trace(), "").expect("a score");
    assert_eq!((scored.score.value(), scored.report.passed), (0.5, false));
}

#[test]
fn what_cannot_be_judged_is_an_error_of_the_whole_and_not_a_failure() {
    let eval = all_of([
        contains("Lyon").scored().in_words().boxed(),
        tool_not_used("delete").scored().in_words().named("no deletion").boxed(),
    ]);
    let record = eval.run(Collected::new(ANSWER.to_owned(), TraceSnapshot::default()));
    let error = record.error().expect("nothing was recorded").to_string();
    assert!(error.starts_with("eval 1 (no deletion) of the list: trace holds nothing"), "{error}");
}

#[test]
fn an_empty_artifact_fails_where_something_is_expected_of_it()
-> Result<(), Box<dyn Error + Send + Sync>> {
    let evals = [
        exact("Paris").scored().in_words().boxed(),
        contains("Paris").scored().in_words().boxed(),
        regex("Paris")?.scored().in_words().boxed(),
        edit_distance("Paris").scored().in_words().boxed(),
        close_to(2.0, Tolerance::absolute(100.0))?.scored().in_words().boxed(),
        json_schema(&json!({}))?.scored().in_words().boxed(),
        json_diff(json!("")).scored().in_words().boxed(),
    ];
    for eval in evals {
        let scored = eval.evaluate(&trace(), "")?;
        assert!(!scored.passed, "{}", scored.report);
        assert_eq!(scored.score, Score::ZERO, "{}", scored.report);
    }
    Ok(())
}

#[test]
fn a_scored_report_is_stored_and_comes_back() {
    fn check<R>(scored: &Scored<R>)
    where
        R: SelfScoring + Serialize + DeserializeOwned + std::fmt::Debug + PartialEq,
    {
        let json = serde_json::to_string(scored).expect("JSON");
        let back: Scored<R> = serde_json::from_str(&json).expect("the same report");
        assert_eq!(&back, scored);
        assert_eq!((back.report.score(), back.report.passed()), (scored.score, scored.passed));
    }
    check(&contains("Paris").scored().evaluate(&trace(), ANSWER).expect("a score"));
    check(&not(edit_distance("Paris")).scored().evaluate(&trace(), ANSWER).expect("a score"));
    check(&json_diff(json!([1])).scored().evaluate(&trace(), "[1, 2]").expect("a score"));
    check(&tool_used("book").scored().evaluate(&trace(), "").expect("a score"));
}

#[test]
fn checks_and_their_reports_may_move_between_threads() {
    fn check<T: Send + Sync + 'static>(_: &T) {}
    fn plain<T: Send + Sync + 'static>() {}
    let prices = Prices::new();
    // `Cow` of a type that stays on its thread stands for any artifact.
    let tool: ToolUsed<Cow<'static, std::rc::Rc<str>>> = tool_used("book");
    check(&tool);
    check(&contains("Paris"));
    check(&json_schema::<str>(&json!({})).expect("a schema"));
    check(&span_exists::<str>(name("agent")));
    check(&max_cost::<str>(1.0, prices).expect("a limit"));
    check(&tool_arguments::<str>("book", Arguments::equal(json!({}))));
    plain::<ContainsReport>();
    plain::<CheckError>();
}
