//! A judge whose answer is a type of the caller's.

use std::sync::Arc;

use probity_eval::{
    Budget, JudgeEval, Llm, ModelInput,
    model::OutputFormat,
    schemars,
    scripted::{Reply, ScriptedModel},
};
use probity_trace::{TraceSnapshot, genai::Usage};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::support::{GOOD, Verdict, judge, llm, trace};

#[tokio::test]
async fn a_reply_of_the_right_shape_is_the_report() {
    let model = ScriptedModel::replies([GOOD]);
    let verdict = judge().evaluate(&llm(&model), &trace(), "Thanks!").await.unwrap();
    assert_eq!(verdict, Verdict { score: 0.75, explanation: "kind".to_owned() });
    assert_eq!(model.requests().len(), 1);
    assert_eq!(model.requests()[0].input, ModelInput::from_user("Rate this: Thanks!"));
}

#[tokio::test]
async fn a_judge_is_asked_with_the_options_of_a_turn() {
    struct Tier(u8);
    let model = ScriptedModel::replies([Reply::text(GOOD).with_usage(Usage::new(40, 2))]);
    let budget = Budget::unlimited();
    let judge = judge()
        .temperature(0.5)
        .max_output_tokens(256)
        .seed(7)
        .budget(budget.clone())
        .ext(Tier(3))
        .max_corrections(1)
        .named("tone");
    judge.evaluate(&llm(&model), &trace(), "Thanks!").await.unwrap();

    let request = &model.requests()[0];
    assert_eq!(request.settings.temperature, Some(0.5));
    assert_eq!(request.settings.max_output_tokens, Some(256));
    assert_eq!(request.settings.seed, Some(7));
    assert_eq!(request.extensions.get::<Tier>().map(|tier| tier.0), Some(3));
    assert_eq!((budget.spent().requests, budget.spent().tokens), (1, 42));
    let OutputFormat::JsonSchema { name, schema } = &request.output else {
        panic!("a judge asks for JSON: {:?}", request.output);
    };
    assert_eq!(name, "Verdict");
    assert_eq!(schema["properties"]["score"]["type"], "number");
}

#[tokio::test]
async fn the_trace_is_there_to_be_shown() {
    let collected = probity_trace::capture_sync(|| {
        tracing::info_span!("execute_tool", tool = "book_flight").in_scope(|| "Booked.".to_owned())
    });
    let judge = JudgeEval::<String, Verdict, _>::new(|trace, artifact| {
        let tools = trace.spans("execute_tool").count();
        ModelInput::from_user(format!("{tools} tools: {artifact}"))
    });
    let model = ScriptedModel::replies([GOOD]);
    judge.evaluate(&llm(&model), &collected.trace, &collected.output).await.unwrap();
    assert_eq!(model.requests()[0].input, ModelInput::from_user("1 tools: Booked."));
}

#[tokio::test]
async fn a_schema_of_ones_own_needs_no_trait() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Grade {
        grade: char,
    }
    let schema = json!({
        "type": "object",
        "properties": { "grade": { "type": "string" } },
        "required": ["grade"],
    });
    let judge = JudgeEval::<str, Grade, _>::with_schema(schema.clone(), |_, _| "Grade.".into());
    let model = ScriptedModel::replies([r#"{"grade": "very good"}"#, r#"{"grade": "A"}"#]);
    let grade = judge.unwrap().evaluate(&llm(&model), &trace(), "").await.unwrap();
    assert_eq!(grade, Grade { grade: 'A' });
    // The first reply follows the schema, but is no grade.
    assert_eq!(model.requests().len(), 2);
    let sent = OutputFormat::JsonSchema { name: "Grade".to_owned(), schema };
    assert_eq!(model.requests()[0].output, sent);
}

#[test]
fn a_schema_that_is_none_is_refused_at_once() {
    let judge =
        JudgeEval::<str, Verdict, _>::with_schema(json!({ "type": "sum" }), |_, _| "".into());
    let error = judge.unwrap_err().to_string();
    assert!(error.starts_with("not a valid JSON Schema"), "{error}");
}

/// The snippet of the seed, with nothing imported but what it imports.
#[tokio::test]
async fn a_judge_is_asked_without_its_trait() -> Result<(), Box<dyn std::error::Error>> {
    #[expect(unused_imports, reason = "as a caller may have it")]
    use probity_eval::EvalExt as _;
    use schemars::JsonSchema;

    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    #[schemars(crate = "probity_eval::schemars")]
    struct JudgeReport {
        score: f32, // 0.0–1.0
        explanation: String,
    }
    let llm = Llm::new(Arc::new(ScriptedModel::replies([GOOD])), Budget::unlimited());
    let (trace, artifact_text) = (TraceSnapshot::default(), "Paris.".to_owned());

    let judge = JudgeEval::<String, JudgeReport, _>::new(|_trace, artifact| {
        ModelInput::from_user(format!("Rate this response 0.0–1.0 and explain:\n\n{artifact}"))
    })
    .max_output_tokens(256);
    let report: JudgeReport = judge.evaluate(&llm, &trace, &artifact_text).await?;
    assert_eq!(
        format!("score={}, reason={}", report.score, report.explanation),
        "score=0.75, reason=kind"
    );
    Ok(())
}
