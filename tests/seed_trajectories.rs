//! The examples of the two Lunette pages, each with a twin that does what the page says it does.
//!
//! The pages use Python clients that OpenTelemetry instruments; here two small clients emit the spans that
//! such an instrumentation emits, and answer from a table. Where a page uploads, the twin looks at the body
//! that would be sent. What a page says of Inspect AI has no twin: it is a plugin of a Python program.

use std::error::Error;

use probity::{
    capture_sync,
    trace::trajectory::{
        Message, NestedTrajectory, Part, Run, Sample, ToolCall, Tracer, Trajectory,
    },
};
use serde_json::{Value, json};

type Outcome = Result<(), Box<dyn Error>>;

/// Answers as a provider would.
fn answer(question: &str) -> &'static str {
    match question {
        "What is 2 + 2?" => "4",
        "What is the capital of France?" => "Paris",
        _ => "I do not know.",
    }
}

/// Says why a provider refuses a request.
#[derive(Debug, thiserror::Error)]
#[error("Error code: 400 - Invalid value for 'temperature'.")]
struct BadRequestError;

/// A client of Anthropic's messages, instrumented in the current convention.
struct AsyncAnthropic;

impl AsyncAnthropic {
    async fn create(&self, model: &str, question: &str) -> String {
        tokio::task::yield_now().await;
        let answer = answer(question);
        let input = json!([{"role": "user", "parts": [{"type": "text", "content": question}]}]);
        let output = json!([{"role": "assistant", "parts": [{"type": "text", "content": answer}],
            "finish_reason": "stop"}]);
        tracing::info_span!(
            "anthropic.chat",
            "gen_ai.operation.name" = "chat",
            "gen_ai.provider.name" = "anthropic",
            "gen_ai.request.model" = model,
            "gen_ai.request.max_tokens" = 256,
            "gen_ai.input.messages" = input.to_string(),
            "gen_ai.output.messages" = output.to_string(),
        )
        .in_scope(|| answer.to_owned())
    }
}

/// A client of OpenAI's chat completions, instrumented in the current convention.
struct AsyncOpenAi;

impl AsyncOpenAi {
    async fn create(&self, model: &str, messages: Value) -> String {
        tokio::task::yield_now().await;
        create_now(model, &messages)
    }
}

/// Asks OpenAI's chat completions and waits for the answer.
fn create_now(model: &str, messages: &Value) -> String {
    let last = messages.as_array().and_then(|all| all.last()).unwrap();
    let answer = answer(last["content"].as_str().unwrap());
    let output = json!([{"role": "assistant", "content": answer, "finish_reason": "stop"}]);
    tracing::info_span!(
        "openai.chat",
        "gen_ai.operation.name" = "chat",
        "gen_ai.provider.name" = "openai",
        "gen_ai.request.model" = model,
        "gen_ai.input.messages" = messages.to_string(),
        "gen_ai.output.messages" = output.to_string(),
    )
    .in_scope(|| answer.to_owned())
}

fn ask(question: &str) -> Value {
    json!([{"role": "user", "content": question}])
}

fn said(trajectory: &Trajectory) -> Vec<(&'static str, String)> {
    let messages = trajectory.messages.iter();
    messages.map(|message| (message.role(), message.content().text())).collect()
}

/// The body that an upload would send.
fn body(run: &Run) -> Value {
    serde_json::to_value(run).expect("a run can be written as JSON")
}

// --- "Tracing" -----------------------------------------------------------------------------------

#[tokio::test]
async fn tracing_anthropic_example() -> Outcome {
    let client = AsyncAnthropic;
    let tracer = Tracer::new("my-eval", "claude-haiku-4-5");

    let response = tracer
        .trajectory("question-1")
        .run(client.create("claude-haiku-4-5", "What is 2 + 2?"))
        .await?;
    println!("{response}");

    // Run more samples...
    tracer
        .trajectory("question-2")
        .run(client.create("claude-haiku-4-5", "What is the capital of France?"))
        .await?;

    let run = tracer.finish();
    assert_eq!(
        body(&run),
        json!({
            "id": null,
            "task": "my-eval",
            "model": "claude-haiku-4-5",
            "trajectories": [
                {
                    "sample": "question-1",
                    "messages": [
                        {"position": 0, "role": "user", "content": "What is 2 + 2?"},
                        {"position": 1, "role": "assistant", "content": "4", "tool_calls": null},
                    ],
                    "scores": null,
                    "metadata": {},
                    "solution": null,
                    "sandbox_id": null,
                    "score": null,
                },
                {
                    "sample": "question-2",
                    "messages": [
                        {"position": 0, "role": "user", "content": "What is the capital of France?"},
                        {"position": 1, "role": "assistant", "content": "Paris", "tool_calls": null},
                    ],
                    "scores": null,
                    "metadata": {},
                    "solution": null,
                    "sandbox_id": null,
                    "score": null,
                },
            ],
        })
    );
    Ok(())
}

#[tokio::test]
async fn tracing_openai_example() -> Outcome {
    let client = AsyncOpenAi;
    let tracer = Tracer::new("my-eval", "gpt-4o-mini");

    let messages = json!([
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "What is 2 + 2?"},
    ]);
    let response =
        tracer.trajectory("question-1").run(client.create("gpt-4o-mini", messages)).await?;
    assert_eq!(response, "4");

    let run = tracer.finish();
    assert_eq!(
        run.trajectories[0].messages,
        [
            Message::system(0, "You are a helpful assistant."),
            Message::user(1, "What is 2 + 2?"),
            Message::assistant(2, "4", []),
        ]
    );
    Ok(())
}

/// "All LLM calls inside `trajectory()` are captured automatically: messages, tool calls, and responses."
#[tokio::test]
async fn tracing_all_calls_inside_are_captured() -> Outcome {
    let tracer = Tracer::new("my-eval", "gpt-4o-mini");
    let call = json!({"role": "assistant", "tool_calls": [{"id": "c1", "type": "function",
        "function": {"name": "get_weather", "arguments": "{\"city\":\"Boston\"}"}}]});
    let turn = |input: Value, output: Value| {
        tracing::info_span!(
            "openai.chat",
            "gen_ai.operation.name" = "chat",
            "gen_ai.input.messages" = input.to_string(),
            "gen_ai.output.messages" = output.to_string(),
        )
        .in_scope(|| ());
    };
    tracer.trajectory("tools").run_sync(|| {
        let user = json!({"role": "user", "content": "Weather in Boston?"});
        turn(json!([user]), json!([call]));
        let result = json!({"role": "tool", "tool_call_id": "c1", "content": "72F"});
        turn(json!([user, call, result]), json!([{"role": "assistant", "content": "Warm."}]));
    })?;

    let call = ToolCall::new("c1", "get_weather", serde_json::from_str(r#"{"city":"Boston"}"#)?);
    assert_eq!(
        tracer.finish().trajectories[0].messages,
        [
            Message::user(0, "Weather in Boston?"),
            Message::assistant(1, "", [call.clone()]),
            Message::tool(2, "72F", call),
            Message::assistant(3, "Warm.", []),
        ]
    );
    Ok(())
}

#[tokio::test]
async fn tracing_key_concepts() -> Outcome {
    // Tracer: represents one evaluation run. Collects all trajectories for a task and a model.
    let tracer = Tracer::new("math-eval", "claude-haiku-4-5");
    assert_eq!((tracer.task(), tracer.model()), ("math-eval", "claude-haiku-4-5"));

    // Trajectory: one sample's execution trace.
    let client = AsyncAnthropic;
    tracer
        .trajectory("problem-1")
        .run(async {
            // All model calls here are captured.
            let response = client.create("claude-haiku-4-5", "What is 2 + 2?").await;
            assert_eq!(response, "4");
        })
        .await?;

    // Upload: what is to be sent is given once.
    let result = tracer.finish();
    assert_eq!(result.trajectories.len(), 1);
    assert!(tracer.finish().is_empty());
    Ok(())
}

#[test]
fn tracing_custom_integration() -> Outcome {
    let messages = [
        Message::system(0, "You are a helpful assistant."),
        Message::user(1, "What is 2 + 2?"),
        Message::assistant(2, "4", []),
    ];
    let trajectory = Trajectory::new("question-1", messages);
    let run = Run::new("math-eval", "my-custom-model", [trajectory])
        .with_id("11111111-1111-4111-8111-111111111111");

    let written = body(&run);
    assert_eq!(written["id"], "11111111-1111-4111-8111-111111111111");
    assert_eq!(
        written["trajectories"][0]["messages"],
        json!([
            {"position": 0, "role": "system", "content": "You are a helpful assistant."},
            {"position": 1, "role": "user", "content": "What is 2 + 2?"},
            {"position": 2, "role": "assistant", "content": "4", "tool_calls": null},
        ])
    );
    assert_eq!(serde_json::from_value::<Run>(written)?, run);

    // The other types that the page imports.
    let call = ToolCall::new("c1", "calc", serde_json::from_str(r#"{"a":1}"#)?);
    let answer = Message::tool(3, vec![Part::text("4")], call);
    let written = serde_json::to_value(&answer)?;
    assert_eq!(
        written["tool_call"],
        json!({"id": "c1", "function": "calc", "arguments": {"a": 1}})
    );
    assert_eq!(serde_json::from_value::<Message>(written)?, answer);
    Ok(())
}

// --- "Tracer" ------------------------------------------------------------------------------------

#[tokio::test]
async fn tracer_class_example() -> Outcome {
    let tracer = Tracer::new("math-eval", "gpt-4o");
    let client = AsyncOpenAi;
    tracer.trajectory(1).run(client.create("gpt-4o", ask("What is 2 + 2?"))).await?;
    let run = tracer.finish();
    assert_eq!(run.trajectories[0].sample, Sample::from(1));
    assert_eq!(body(&run)["trajectories"][0]["sample"], 1);
    Ok(())
}

/// The page allows one tracer per process; here each is a value of its own.
#[tokio::test]
async fn tracer_init_twice() -> Outcome {
    let client = AsyncOpenAi;
    let (first, second) = (Tracer::new("a", "gpt-4o"), Tracer::new("b", "gpt-4o"));
    first.trajectory(1).run(client.create("gpt-4o", ask("What is 2 + 2?"))).await?;
    second.trajectory(1).run(client.create("gpt-4o", ask("Who am I?"))).await?;
    let (first, second) = (first.finish(), second.finish());
    assert_eq!(said(&first.trajectories[0])[0], ("user", "What is 2 + 2?".to_owned()));
    assert_eq!(said(&second.trajectories[0])[0], ("user", "Who am I?".to_owned()));
    Ok(())
}

/// The tracer of the page has a provider of its own; here nothing needs to be installed, and what is
/// installed goes on seeing what it saw.
#[test]
fn tracer_is_isolated() -> Outcome {
    let tracer = Tracer::new("math-eval", "gpt-4o");
    tracer.trajectory(1).run_sync(|| create_now("gpt-4o", &ask("What is 2 + 2?")))?;
    assert_eq!(tracer.finish().trajectories[0].messages.len(), 2);
    assert!(tracing::Span::current().is_disabled(), "nothing stays behind");
    Ok(())
}

/// `async with tracer.trajectory(sample=1):`
#[tokio::test]
async fn tracer_trajectory_as_a_scope() -> Outcome {
    let tracer = Tracer::new("math-eval", "gpt-4o");
    let client = AsyncOpenAi;
    tracer
        .trajectory(1)
        .run(async {
            client.create("gpt-4o", ask("What is 2 + 2?")).await;
            client.create("gpt-4o", ask("What is the capital of France?")).await;
        })
        .await?;
    assert_eq!(
        said(&tracer.finish().trajectories[0]),
        [
            ("user", "What is 2 + 2?".to_owned()),
            ("assistant", "4".to_owned()),
            ("user", "What is the capital of France?".to_owned()),
            ("assistant", "Paris".to_owned()),
        ]
    );
    Ok(())
}

/// `@tracer.trajectory(sample=2) async def solve_problem(): ...`
#[tokio::test]
async fn tracer_trajectory_around_a_function() -> Outcome {
    async fn solve_problem(tracer: &Tracer) -> Result<String, NestedTrajectory> {
        tracer.trajectory(2).run(AsyncOpenAi.create("gpt-4o", ask("What is 2 + 2?"))).await
    }
    fn solve_blocking(tracer: &Tracer) -> Result<String, NestedTrajectory> {
        tracer.trajectory(3).run_sync(|| create_now("gpt-4o", &ask("What is 2 + 2?")))
    }

    let tracer = Tracer::new("math-eval", "gpt-4o");
    assert_eq!(solve_problem(&tracer).await?, "4");
    assert_eq!(solve_blocking(&tracer)?, "4");
    // As often as the function is called.
    solve_problem(&tracer).await?;
    let run = tracer.finish();
    let samples: Vec<_> = run.trajectories.iter().map(|one| one.sample.clone()).collect();
    assert_eq!(samples, [2, 3, 2].map(Sample::from));
    Ok(())
}

/// `trajectory(sample, sandbox_id=None, **metadata)`
#[test]
fn tracer_trajectory_arguments() -> Outcome {
    let tracer = Tracer::new("math-eval", "gpt-4o");
    tracer
        .trajectory("conc-1")
        .sandbox_id("33333333-3333-4333-8333-333333333333")
        .metadata("difficulty", "hard")
        .metadata("k", 3)
        .run_sync(|| ())?;
    let written = &body(&tracer.finish())["trajectories"][0];
    assert_eq!(written["sandbox_id"], "33333333-3333-4333-8333-333333333333");
    assert_eq!(written["metadata"], json!({"difficulty": "hard", "k": 3}));
    Ok(())
}

/// `_add_trajectory`: trajectories are buffered in the order in which they are completed.
#[tokio::test]
async fn tracer_buffers_in_the_order_of_completion() -> Outcome {
    let tracer = Tracer::new("math-eval", "gpt-4o");
    let (done, wait) = tokio::sync::oneshot::channel();
    let client = AsyncOpenAi;
    let slow = tracer.trajectory("conc-1").run(async {
        client.create("gpt-4o", ask("conc 1")).await;
        wait.await
    });
    let fast = tracer.trajectory("conc-2").run(async {
        client.create("gpt-4o", ask("conc 2")).await;
        done.send(())
    });
    let (slow, fast) = tokio::join!(slow, fast);
    slow??;
    fast?.expect("someone waits");

    let mut run = tracer.finish();
    let samples = |run: &Run| -> Vec<String> {
        run.trajectories.iter().map(|trajectory| trajectory.sample.to_string()).collect()
    };
    assert_eq!(samples(&run), ["conc-2", "conc-1"]);
    assert_eq!(said(&run.trajectories[0])[0], ("user", "conc 2".to_owned()));
    run.sort_by_sample();
    assert_eq!(samples(&run), ["conc-1", "conc-2"]);
    Ok(())
}

/// `close()` without trajectories: there is nothing to send.
#[test]
fn tracer_close_without_trajectories() {
    let run = Tracer::new("math-eval", "gpt-4o").finish();
    assert!(run.is_empty());
    assert_eq!((run.id, run.task.as_str()), (None, "math-eval"));
}

/// `_start`: nested trajectories are refused, and the outer one is recorded with the error if it propagates.
#[tokio::test]
async fn tracer_nested_trajectories_are_refused() {
    let tracer = Tracer::new("math-eval", "gpt-4o");
    let client = AsyncOpenAi;
    let outer = tracer.trajectory("outer").try_run(async {
        client.create("gpt-4o", ask("What is 2 + 2?")).await;
        tracer.trajectory("inner").run(client.create("gpt-4o", ask("never"))).await
    });
    let refused = outer.await.expect("the outer one is not nested").unwrap_err();
    let message = refused.to_string();
    assert!(message.starts_with("nested trajectories are not supported"), "{message}");
    assert!(message.contains("complete the current trajectory before starting a new one"));

    let run = tracer.finish();
    let [outer] = &run.trajectories[..] else { panic!("one trajectory: {run:?}") };
    assert_eq!(outer.sample, Sample::from("outer"));
    assert_eq!(outer.metadata["error"], message);
    assert_eq!(outer.metadata["error_type"], "NestedTrajectory");
    assert_eq!(outer.messages.len(), 2);
}

/// `_end`: the error is raised again, and is in the metadata and on the span.
#[tokio::test]
async fn tracer_errors_are_recorded_and_passed_on() {
    let tracer = Tracer::new("math-eval", "gpt-4o");
    let seen = probity::capture(tracer.trajectory("err").metadata("k", 3).try_run(async {
        AsyncOpenAi.create("gpt-4o", ask("x")).await;
        Err::<(), _>(BadRequestError)
    }))
    .await;
    assert!(matches!(seen.output, Ok(Err(BadRequestError))));

    let run = tracer.finish();
    assert_eq!(
        Value::Object(run.trajectories[0].metadata.clone()),
        json!({
            "k": 3,
            "error": "Error code: 400 - Invalid value for 'temperature'.",
            "error_type": "BadRequestError",
        })
    );
    assert_eq!(run.trajectories[0].messages.len(), 2);

    let span = seen.trace.span("trajectory").expect("a trajectory has a span");
    assert!(span.field("otel.status_code").unwrap() == "ERROR");
    let exception = span.events().next().expect("the exception is an event");
    assert!(exception.field("exception.type").unwrap() == "BadRequestError");
}

/// `_end` with a panic, which is what comes nearest to an exception that nobody catches.
#[tokio::test]
async fn tracer_panics_are_recorded_and_go_on() {
    let tracer = Tracer::new("math-eval", "gpt-4o");
    let within = tracer.clone();
    let agent = tokio::spawn(async move {
        within
            .trajectory("panics")
            .run(async {
                AsyncOpenAi.create("gpt-4o", ask("x")).await;
                // Goes on without a message on standard error.
                std::panic::resume_unwind(Box::new("out of ideas"));
            })
            .await
    });
    assert!(agent.await.unwrap_err().is_panic());
    let run = tracer.finish();
    assert_eq!(run.trajectories[0].error(), Some("out of ideas"));
    assert_eq!(run.trajectories[0].messages.len(), 2);
}

/// `_start`: the span of a trajectory, and its attributes.
#[test]
fn tracer_span_of_a_trajectory() {
    let tracer = Tracer::new("math-eval", "gpt-4o");
    let seen = capture_sync(|| {
        tracer.trajectory(7).run_sync(|| create_now("gpt-4o", &ask("What is 2 + 2?")))
    });
    let span = seen.trace.span("trajectory").expect("a trajectory has a span");
    assert!(span.field("otel.name").unwrap() == "trajectory_7");
    assert!(span.field("lunette.sample").unwrap() == "7");
    assert!(span.field("lunette.trajectory_id").is_some());
    assert!(span.field("lunette.task").unwrap() == "math-eval");
    assert!(span.field("lunette.model").unwrap() == "gpt-4o");
    assert_eq!(seen.trace.span("openai.chat").unwrap().parent(), Some(span));
}

/// Contextvar propagation: concurrent tasks keep apart, and a task that a trajectory spawns belongs to it.
#[tokio::test(flavor = "multi_thread")]
async fn tracer_context_propagation() -> Outcome {
    let tracer = Tracer::new("math-eval", "gpt-4o");
    let agents = (0..20).map(|sample| {
        let tracer = tracer.clone();
        tokio::spawn(async move {
            let question = format!("question {sample}");
            let work =
                probity::spawn(async move { AsyncOpenAi.create("gpt-4o", ask(&question)).await });
            assert!(work.await.is_ok(), "outside of a trajectory");
            let question = format!("sample {sample}");
            tracer
                .trajectory(sample)
                .run(async move {
                    probity::spawn(
                        async move { AsyncOpenAi.create("gpt-4o", ask(&question)).await },
                    )
                    .await
                })
                .await
        })
    });
    for agent in agents.collect::<Vec<_>>() {
        agent.await???;
    }
    let mut run = tracer.finish();
    run.sort_by_sample();
    for (sample, trajectory) in run.trajectories.iter().enumerate() {
        let asked = ("user", format!("sample {sample}"));
        assert_eq!(said(trajectory), [asked, ("assistant", "I do not know.".to_owned())]);
    }
    assert_eq!(run.trajectories.len(), 20);
    Ok(())
}
