//! The Rust snippets of the page that probity grew from, as they stand there, with its names.
//!
//! Only names are changed: `lutum` is `probity`, the marker is `probity.capture`. Each snippet is
//! in a function that supplies what the page leaves open, and is followed by what it must show.

#![expect(
    unused_qualifications,
    clippy::let_and_return,
    clippy::needless_late_init,
    clippy::str_to_string,
    reason = "the snippets stand as the page prints them"
)]

use std::{
    convert::Infallible,
    error::Error,
    sync::{Arc, Mutex},
};

use probity_eval::{
    Budget, Llm, Probed, PureEval as _, Score, Scored, TextTurnResult, TurnError,
    model::ModelRequest,
    scripted::{Reply, ScriptedModel, Turn},
};
use probity_trace::{
    Collected, CollectedRaw, RawPayload, RawTraceSnapshot, SpanNode, SpanRef, TraceEvent,
    TraceSnapshot, genai::Message,
};
use tracing::Subscriber;
use tracing_subscriber::layer::SubscriberExt as _;

use self::{judge::JudgeReport, pure_eval::ResponseLengthEval};

type Boxed = Box<dyn Error + Send + Sync>;

/// Returns a context whose model answers the last message; every third answer is wrong.
fn llm() -> Llm {
    let answer = |request: &ModelRequest, turn: &mut Turn| {
        let right = if turn.number() % 3 == 2 { "wrong" } else { "correct" };
        let asked = request.input.messages.last().map(Message::content).unwrap_or_default();
        Reply::text(format!("The {right} answer to: {asked}"))
            .with_request_id(format!("req_{}", turn.number()))
    };
    Llm::new(Arc::new(ScriptedModel::from_fn(answer)), Budget::unlimited())
}

/// Returns a subscriber as the section Trace Setup makes it.
fn subscriber() -> impl Subscriber + Send + Sync {
    tracing_subscriber::registry().with(probity_trace::layer())
}

fn names<'a>(spans: impl Iterator<Item = SpanRef<'a>>) -> Vec<&'a str> {
    spans.map(SpanRef::name).collect()
}

#[tokio::test]
async fn trace_setup() {
    async fn check_records(subscriber: impl Subscriber + Send + Sync) {
        use tracing::instrument::WithSubscriber as _;
        let work = async { tracing::info_span!("work").in_scope(|| ()) };
        let collected = probity_trace::capture(work.with_subscriber(subscriber)).await;
        assert_eq!(names(collected.trace.all_spans()), ["work"]);
    }

    // Build a subscriber with the capture layer
    let subscriber = tracing_subscriber::registry().with(probity_trace::layer());

    check_records(subscriber).await;

    // You can also compose with other layers (stdout, json, etc.)
    let subscriber = tracing_subscriber::registry()
        .with(probity_trace::layer())
        .with(tracing_subscriber::fmt::layer());

    check_records(subscriber).await;
}

async fn capturing_a_turn_snippet(
    llm: Llm,
    subscriber: impl Subscriber + Send + Sync,
) -> Collected<String> {
    use probity_eval::Session;
    use tracing::instrument::WithSubscriber as _;

    let collected = probity_trace::capture(
        async {
            let mut session = Session::new();
            session.push_user("Say hello in one sentence.");
            let result = session.text_turn(&llm).collect().await?;
            Ok::<_, Box<dyn std::error::Error>>(result.assistant_text().to_string())
        }
        .with_subscriber(subscriber),
    )
    .await;

    // Access the result
    let text = collected.output.unwrap();

    // Inspect the trace
    if let Some(turn) = collected.trace.span("llm_turn") {
        println!("request_id = {:?}", turn.field("request_id"));
        println!("finish_reason = {:?}", turn.field("finish_reason"));
    }

    Collected::new(text, collected.trace)
}

#[tokio::test]
async fn capturing_a_turn() {
    let collected = capturing_a_turn_snippet(llm(), subscriber()).await;

    assert_eq!(collected.output, "The correct answer to: Say hello in one sentence.");
    let turn = collected.trace.span("llm_turn").unwrap();
    assert_eq!(turn.field("request_id"), Some("req_0".into()));
    assert_eq!(turn.field("finish_reason"), Some("stop".into()));
    assert_eq!(collected.trace.genai().llm_calls().len(), 1);
}

#[tokio::test]
async fn listening_to_events() {
    use tracing::instrument::WithSubscriber as _;

    async fn snippet(
        my_async_block: impl Future<Output = u8>,
        subscriber: impl Subscriber + Send + Sync,
    ) -> Collected<u8> {
        let collected = probity_trace::capture(my_async_block.with_subscriber(subscriber))
            .listen_events(|event: TraceEvent| {
                // called for each span/event as it is recorded
                println!("trace event: {event:?}");
            })
            .await;

        collected
    }

    let my_async_block = async {
        tracing::info_span!("step").in_scope(|| tracing::info!("done"));
        7
    };
    let collected = snippet(my_async_block, subscriber()).await;
    assert_eq!(collected.output, 7);
    assert_eq!(names(collected.trace.all_spans()), ["step"]);
}

#[tokio::test]
async fn listeners_of_events_and_of_spans_beside_raw_entries() {
    let (events, nodes) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<Mutex<Vec<_>>>::default());
    let (seen_events, seen_nodes) = (Arc::clone(&events), Arc::clone(&nodes));
    let collected = probity_trace::capture_raw(async {
        tracing::info_span!("step").in_scope(|| tracing::info!("done"));
    })
    .listen_events(move |event: TraceEvent| {
        seen_events.lock().unwrap().push(match event {
            TraceEvent::SpanOpened(_) => "opened",
            TraceEvent::Event(_) => "event",
            TraceEvent::SpanClosed(_) => "closed",
            _ => "other",
        });
    })
    .listen_spans(move |node: SpanNode| seen_nodes.lock().unwrap().push(node.name))
    .await;

    assert_eq!(*events.lock().unwrap(), ["opened", "event", "closed"]);
    assert_eq!(*nodes.lock().unwrap(), ["step"]);
    let raw: &RawTraceSnapshot = &collected.raw;
    assert!(raw.entries.is_empty());
}

async fn hierarchical_workflows_snippet(
    llm: Llm,
) -> Collected<(Result<TextTurnResult, TurnError>, Result<TextTurnResult, TurnError>)> {
    use probity_eval::Session;
    use tracing::Instrument as _;

    let collected = probity_trace::capture(async {
        let workflow =
            tracing::info_span!("workflow", probity.capture = true, workflow = "research");

        async {
            let planner = async {
                let mut session = Session::new();
                session.push_user("Draft the plan.");
                session.text_turn(&llm).collect().await
            }
            .instrument(tracing::info_span!(
                "planner_agent",
                probity.capture = true,
                agent = "planner"
            ));

            let reviewer = async {
                let mut session = Session::new();
                session.push_user("Review the plan.");
                session.text_turn(&llm).collect().await
            }
            .instrument(tracing::info_span!(
                "reviewer_agent",
                probity.capture = true,
                agent = "reviewer"
            ));

            tokio::join!(planner, reviewer)
        }
        .instrument(workflow)
        .await
    })
    .await;

    collected
}

#[tokio::test]
async fn hierarchical_workflows() {
    let collected = hierarchical_workflows_snippet(llm()).await;

    let (plan, review) = collected.output;
    assert_eq!(plan.unwrap().assistant_text(), "The correct answer to: Draft the plan.");
    assert_eq!(review.unwrap().assistant_text(), "The correct answer to: Review the plan.");

    let workflow = collected.trace.span("workflow").unwrap();
    assert_eq!(workflow.field("workflow"), Some("research".into()));
    assert_eq!(names(collected.trace.roots()), ["workflow"]);
    assert_eq!(names(workflow.children()), ["planner_agent", "reviewer_agent"]);
    for (agent, name) in workflow.children().zip(["planner", "reviewer"]) {
        assert_eq!(agent.field("agent"), Some(name.into()));
        assert_eq!(names(agent.children()), ["llm_turn"]);
    }
}

async fn raw_capture_snippet(
    adapter: ScriptedModel,
    budget: Budget,
    subscriber: impl Subscriber + Send + Sync,
) -> CollectedRaw<Result<TextTurnResult, TurnError>> {
    use std::sync::Arc;

    use probity_eval::{Llm, RawTelemetryConfig, Session};
    use tracing::instrument::WithSubscriber as _;

    let llm = Llm::new(Arc::new(adapter), budget).with_extension(RawTelemetryConfig::all());

    let collected = probity_trace::capture_raw(
        async {
            let mut session = Session::new();
            session.push_user("Say hello in one sentence.");
            session.text_turn(&llm).collect().await
        }
        .with_subscriber(subscriber),
    )
    .await;

    let trace: &TraceSnapshot = &collected.trace;
    let raw: &RawTraceSnapshot = &collected.raw;

    assert!(trace.span_exists("llm_turn"));
    assert!(!raw.entries.is_empty());
    collected
}

#[tokio::test]
async fn raw_capture() {
    let adapter = ScriptedModel::replies(["Hello to you."]);
    let collected = raw_capture_snippet(adapter, Budget::unlimited(), subscriber()).await;

    assert_eq!(collected.output.unwrap().text, "Hello to you.");
    let mut bodies = collected.raw.entries.iter().map(|entry| &entry.payload);
    let Some(RawPayload::Request { body, .. }) = bodies.next() else {
        panic!("the first entry is the request");
    };
    assert!(body.contains("Say hello in one sentence."), "{body}");
    assert!(matches!(bodies.next(), Some(RawPayload::Response { status: 200, .. })));
    let sequence: Vec<_> = bodies
        .map(|payload| match payload {
            RawPayload::StreamEvent { sequence, .. } => *sequence,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(sequence, (0..sequence.len() as u64).collect::<Vec<_>>());
    assert!(sequence.len() > 2);
}

mod pure_eval {
    #![expect(unused_imports, reason = "the page imports `Score` here")]

    use std::convert::Infallible;

    use probity_eval::{PureEval, Score};
    use probity_trace::TraceSnapshot;

    pub(crate) struct ResponseLengthEval;

    impl PureEval for ResponseLengthEval {
        type Artifact = String; // e.g. assistant text
        type Report = usize; // e.g. character count
        type Error = Infallible;

        fn evaluate(
            &self,
            _trace: &TraceSnapshot,
            artifact: &Self::Artifact,
        ) -> Result<Self::Report, Self::Error> {
            Ok(artifact.len())
        }
    }
}

#[test]
fn pure_eval() {
    let report = ResponseLengthEval.evaluate(&TraceSnapshot::default(), &"hello".to_owned());
    let report: Result<usize, Infallible> = report;
    assert_eq!(report, Ok(5));
}

mod eval {
    use async_trait::async_trait;
    use probity_eval::{Eval, Llm};
    use probity_trace::TraceSnapshot;

    pub(crate) struct FreeformJudge;

    #[async_trait]
    impl Eval for FreeformJudge {
        type Artifact = String;
        type Report = String;
        type Error = Box<dyn std::error::Error + Send + Sync>;

        async fn evaluate(
            &self,
            llm: &Llm,
            _trace: &TraceSnapshot,
            artifact: &Self::Artifact,
        ) -> Result<Self::Report, Self::Error> {
            let prompt = format!("Rate this response 1-10 and explain: {artifact}");
            let result = llm.completion(prompt).collect().await?;
            Ok(result.text.clone())
        }
    }
}

#[tokio::test]
async fn an_eval_asks_a_model() {
    use probity_eval::Eval as _;

    let (trace, artifact) = (TraceSnapshot::default(), "Paris.".to_owned());
    let report = eval::FreeformJudge.evaluate(&llm(), &trace, &artifact).await.unwrap();
    assert_eq!(report, "The correct answer to: Rate this response 1-10 and explain: Paris.");

    let error =
        eval::FreeformJudge.evaluate(&Llm::without_model(), &trace, &artifact).await.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(TurnError::NoModel)));
}

mod probe {
    use probity_eval::{Llm, Probe, Probed, Session, TextTurnResult, TurnError};

    pub(crate) struct FirstTokenTimer {
        pub(crate) start: std::time::Instant,
    }

    impl Probe for FirstTokenTimer {
        fn on_text_delta(&mut self, delta: &str) {
            let latency = self.start.elapsed();
            println!("First token at {latency:?}: {delta:?}");
        }
    }

    pub(crate) async fn snippet(
        session: Session,
        llm: Llm,
    ) -> Result<Probed<TextTurnResult, FirstTokenTimer>, TurnError> {
        let result = session
            .text_turn(&llm)
            .collect_with(FirstTokenTimer { start: std::time::Instant::now() })
            .await?;

        Ok(result)
    }
}

#[tokio::test]
async fn a_probe_watches_a_turn_and_is_handed_back() {
    let mut session = probity_eval::Session::new();
    session.push_user("What is 6 x 7?");
    let result: Probed<TextTurnResult, probe::FirstTokenTimer> =
        probe::snippet(session, llm()).await.unwrap();
    assert_eq!(result.assistant_text(), "The correct answer to: What is 6 x 7?");
    assert!(result.probe.start.elapsed() > result.time_to_first_token.unwrap());
    assert!(result.stopped.is_none() && result.panicked.is_none());
}

#[expect(clippy::cast_precision_loss, reason = "the page casts a small number")]
fn eval_combinators_snippet(collected: &Collected<String>) -> Result<Scored<usize>, Boxed> {
    use probity_eval::{PureEvalExt as _, maximize};

    // Run the eval and score by response length (higher = better, capped at 500 chars)
    let scored = ResponseLengthEval
        .scored_by(&maximize(|len: &usize| (*len).min(500) as f32 / 500.0))
        .run_collected(collected)?;

    println!("score={:.2}, length={}", scored.score.value(), scored.report);

    Ok(scored)
}

#[tokio::test]
async fn eval_combinators_judge_what_capturing_a_turn_gave() {
    let collected = capturing_a_turn_snippet(llm(), subscriber()).await;
    let scored = eval_combinators_snippet(&collected).unwrap();
    assert_eq!(scored.report, 49);
    assert_eq!(scored.score, Score::new_clamped(0.098));

    let long = Collected::new("x".repeat(700), TraceSnapshot::default());
    let scored = eval_combinators_snippet(&long).unwrap();
    assert_eq!((scored.report, scored.score), (700, Score::ONE));
}

#[test]
fn eval_combinators_as_the_table_lists_them() {
    use probity_eval::{EvalExt as _, PureEvalExt as _, minimize, pass_fail};

    struct Reply {
        text: String,
    }

    let eval = ResponseLengthEval
        .map_report(|length| length * 2)
        .map_error(|never| -> String { match never {} })
        .contramap_artifact(|reply: &Reply| &reply.text)
        .combine(
            probity_eval::from_fn(|_, reply: &Reply| Ok(reply.text.is_empty())),
            |length, is_empty| (length, is_empty),
        );
    let collected = Collected::new(Reply { text: "hello".to_owned() }, TraceSnapshot::default());
    assert_eq!(eval.run_collected(&collected), Ok((10, false)));

    let short = (&eval).scored_by(pass_fail(|(length, _): &(usize, bool)| *length < 10));
    assert!(!short.run_collected(&collected).unwrap().passed);
    let minimized =
        minimize(|(length, _): &(usize, bool)| u8::try_from(*length).map_or(f32::MAX, f32::from));
    let lifted = eval.lift().scored_by(minimized.within(0.0..=40.0));
    let llm = Llm::without_model();
    let scored = tokio_test(lifted.run_collected(&llm, &collected)).unwrap();
    assert_eq!(scored.score, Score::new_clamped(0.75));
}

/// Runs a future that needs no driver.
fn tokio_test<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}

mod judge {
    use probity_eval::ModelInput;
    use probity_eval::{EvalExt as _, JudgeEval};
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub(crate) struct JudgeReport {
        pub(crate) score: f32, // 0.0–1.0
        pub(crate) explanation: String,
    }

    pub(crate) async fn snippet(
        llm: probity_eval::Llm,
        trace: probity_trace::TraceSnapshot,
        artifact_text: String,
    ) -> Result<JudgeReport, probity_eval::JudgeError> {
        let judge = JudgeEval::<String, JudgeReport, _>::new(|_trace, artifact| {
            ModelInput::from_user(format!("Rate this response 0.0–1.0 and explain:\n\n{artifact}"))
        })
        .max_output_tokens(256);

        // Run the judge against an artifact
        let report: JudgeReport = judge.evaluate(&llm, &trace, &artifact_text).await?;

        println!("score={}, reason={}", report.score, report.explanation);

        // The page imports `EvalExt` here.
        let _ = judge.boxed();
        Ok(report)
    }
}

#[tokio::test]
async fn a_judge_answers_in_the_shape_of_its_report() {
    let model =
        ScriptedModel::replies(["a fine answer", r#"{"score": 0.75, "explanation": "polite"}"#]);
    let model = Arc::new(model);
    let llm = Llm::new(Arc::clone(&model) as Arc<dyn probity_eval::Model>, Budget::unlimited());
    let report = judge::snippet(llm, TraceSnapshot::default(), "Paris.".to_owned()).await.unwrap();
    assert_eq!((report.score, &*report.explanation), (0.75, "polite"));

    // The first reply was no JSON, and was sent back with what was wrong with it.
    let requests = model.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].settings.max_output_tokens, Some(256));
    assert!(requests[0].input.messages[0].content().ends_with("Paris."));
    assert!(requests[1].input.messages.len() > 2);
}

mod eval_record {
    use std::fmt::Debug;

    use super::judge::JudgeReport;

    /// Runs the snippet and returns the branch that it took and the name of the span that it found.
    pub(crate) fn snippet<E: Debug>(
        from_eval_runner: probity_eval::EvalRecord<JudgeReport, E>,
    ) -> (&'static str, Option<String>) {
        use probity_eval::EvalRecord;

        let branch;

        // EvalRecord wraps Result<Scored<R>, E> + TraceSnapshot
        let record: EvalRecord<JudgeReport, _> = /* ... from eval runner */ from_eval_runner;

        if record.passed() {
            println!("score: {:?}", record.score());
            branch = "score";
        } else {
            println!("error: {:?}", record.error());
            branch = "error";
        }

        // Access the trace regardless of outcome
        let span = record.trace.span("llm_turn");

        (branch, span.map(|span| span.name().to_owned()))
    }
}

#[tokio::test]
async fn eval_record() {
    use probity_eval::{EvalRecord, PureEvalExt as _, maximize};

    let collected = capturing_a_turn_snippet(llm(), subscriber()).await;
    let judge = probity_eval::from_fn(|_, answer: &String| match answer.len() {
        0 => Err("there is nothing to judge"),
        _ => Ok(JudgeReport { score: 0.75, explanation: "polite".to_owned() }),
    })
    .scored_by(maximize(|report: &JudgeReport| report.score));
    let found = Some("llm_turn".to_owned());

    let record: EvalRecord<JudgeReport, _> = judge.run(collected.clone());
    assert_eq!(record.report().unwrap().explanation, "polite");
    assert_eq!(eval_record::snippet(record.clone()), ("score", found.clone()));

    let record: EvalRecord<JudgeReport, _> = judge.run(collected.map(|_| String::new()));
    assert_eq!(record.error().unwrap().to_string(), "there is nothing to judge");
    assert_eq!(eval_record::snippet(record.clone()), ("error", found));

    let raw = record.into_raw(RawTraceSnapshot::default());
    assert!(!raw.passed() && raw.raw.entries.is_empty());
    assert!(raw.without_raw().trace.span_exists("llm_turn"));
}

async fn k_metrics_snippet(
    session: probity_eval::Session,
    llm: Llm,
) -> Result<probity_eval_runner::KMetric, Boxed> {
    use probity_eval_runner::{KMetric, pass_at_k};

    // Run 10 trials of the same task
    let metric: KMetric = pass_at_k(
        10, // k — number of trials
        1,  // n — number of successes required
        || async {
            let result = session.text_turn(&llm).collect().await?;
            let passes = result.assistant_text().contains("correct answer");
            Ok(passes)
        },
    )
    .await?;

    println!("pass@10 = {:.2}", metric.rate);

    Ok(metric)
}

#[tokio::test]
async fn k_metrics() {
    let mut session = probity_eval::Session::new();
    session.push_user("What is 6 x 7?");
    let metric = k_metrics_snippet(session, llm()).await.unwrap();

    assert_eq!((metric.k, metric.required, metric.trials), (10, 1, 10));
    assert_eq!(metric.passes, 7, "every third answer is wrong");
    assert!(metric.is_one_draw() && metric.rate > 0.999);
}
