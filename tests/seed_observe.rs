//! The examples of a page about tracing agents with decorators, in Rust: each test is one of its examples,
//! and checks what the page says of it.
//!
//! The page calls a provider. Here `OpenAi` stands in for its client: it answers by itself and, where it is
//! wrapped, records its calls as instrumented clients do.

use std::{
    collections::BTreeMap,
    env,
    process::Command,
    sync::{Arc, Mutex},
};

use probity::{
    SpanRef, TraceSnapshot, capture, capture_sync, observe,
    trace::{
        CaptureHandle, Switches, Value, add_tags, genai, observe::LiveProjects, observe::sessions,
        set_attribute, set_attributes, set_input, set_output, set_project, set_session_id,
        set_user_id,
    },
};
use serde_json::{Value as Json, json};
use tracing::{Span, field::Empty, info_span};

/// The client of a provider.
struct OpenAi {
    is_wrapped: bool,
}

impl OpenAi {
    fn new() -> Self {
        Self { is_wrapped: false }
    }

    /// What the page writes as `tracer.wrap(OpenAI())`.
    fn wrapped() -> Self {
        Self { is_wrapped: true }
    }

    fn create(&self, model: &str, user: &str) -> String {
        let answer = match user {
            _ if user.contains("capital of the United States") => "Washington, D.C.",
            _ if user.contains("capital of France") => "Paris",
            _ if user.contains("love") => "positive",
            _ => "I would be glad to help.",
        };
        let span = if self.is_wrapped { Self::span(model, user) } else { Span::none() };
        span.in_scope(|| {
            span.record("gen_ai.output.messages", messages("assistant", answer));
            span.record("gen_ai.usage.output_tokens", 8);
        });
        answer.to_owned()
    }

    fn span(model: &str, user: &str) -> Span {
        info_span!(
            "chat",
            gen_ai.operation.name = "chat",
            gen_ai.provider.name = "openai",
            gen_ai.request.model = model,
            gen_ai.input.messages = messages("user", user),
            gen_ai.output.messages = Empty,
            gen_ai.usage.input_tokens = 12,
            gen_ai.usage.output_tokens = Empty,
        )
    }
}

fn messages(role: &str, text: &str) -> String {
    json!([{"role": role, "parts": [{"type": "text", "content": text}]}]).to_string()
}

/// Checks a field of the first span of this name, by what it prints.
#[track_caller]
fn check(trace: &TraceSnapshot, span: &str, key: &str, expected: &str) {
    let span = trace.span(span).unwrap_or_else(|| panic!("no span {span}: {trace}"));
    let value = span.field(key).unwrap_or_else(|| panic!("no {key} on {}: {trace}", span.name()));
    assert_eq!(value.to_string(), expected, "{key}");
}

/// "Trace your Agent".
mod trace_your_agent {
    use super::*;

    #[observe(tool)]
    fn format_task(question: &str) -> String {
        format!("Please answer the following question: {question}")
    }

    #[observe(llm)]
    fn openai_completion(prompt: &str) -> String {
        set_attribute("gen_ai.request.model", "gpt-5.2");
        OpenAi::new().create("gpt-5.2", prompt)
    }

    #[observe(tool)]
    fn answer_question(prompt: &str) -> String {
        openai_completion(prompt)
    }

    #[observe]
    fn run_agent(question: &str) -> String {
        let task = format_task(question);
        answer_question(&task)
    }

    #[test]
    fn functions_tools_and_model_calls_are_one_tree() {
        let collected = capture_sync(|| run_agent("What is the capital of the United States?"));
        assert_eq!(collected.output, "Washington, D.C.");
        let trace = collected.trace;

        // Execution flow: hierarchy, duration, parent and child.
        let root = trace.span("run_agent").unwrap();
        assert_eq!(trace.roots().count(), 1);
        let children: Vec<_> = root.children().map(SpanRef::name).collect();
        assert_eq!(children, ["format_task", "answer_question"]);
        let completion = trace.span("openai_completion").unwrap();
        assert_eq!(completion.parent().unwrap().name(), "answer_question");
        assert!(root.duration() >= completion.duration());

        // Inputs and outputs, of each kind.
        let kinds: Vec<_> = trace.all_spans().map(|span| span.observed().unwrap().kind).collect();
        assert_eq!(kinds, ["function", "tool", "tool", "llm"]);
        let question = json!({"question": "What is the capital of the United States?"});
        check(&trace, "run_agent", "input.value", &question.to_string());
        check(&trace, "run_agent", "output.value", "Washington, D.C.");

        // Tool usage and model calls, in the one view.
        let view = trace.genai();
        let tools: Vec<_> = view.tool_calls().iter().map(|call| call.name.as_str()).collect();
        assert_eq!(tools, ["format_task", "answer_question"]);
        assert_eq!(view.tool_calls()[0].arguments, Some(question));
        let call = &view.llm_calls()[0];
        assert_eq!(call.request_model.as_deref(), Some("gpt-5.2"));
        assert!(call.input[0].content().starts_with("Please answer"));
        assert_eq!(call.output[0].content(), "Washington, D.C.");
        assert!(view.unreadable().is_empty());
    }

    /// The TypeScript of the page: the same, asynchronous, with an error in a tool.
    mod asynchronous {
        use super::*;

        #[observe]
        async fn run_agent(question: &str) -> Result<String, String> {
            let task = format_task(question).await;
            answer_question(&task).await
        }

        #[observe(tool)]
        async fn format_task(question: &str) -> String {
            tokio::task::yield_now().await;
            format!("Please answer the following question: {question}")
        }

        #[observe(tool)]
        async fn answer_question(prompt: &str) -> Result<String, String> {
            let answer = openai_completion(prompt).await;
            if answer.contains("glad") { Err("No answer".to_owned()) } else { Ok(answer) }
        }

        #[observe(llm)]
        async fn openai_completion(prompt: &str) -> String {
            tokio::task::yield_now().await;
            OpenAi::new().create("gpt-5.2", prompt)
        }

        #[tokio::test]
        async fn the_same_holds_for_async_functions() {
            let collected = capture(run_agent("What is the capital of France?")).await;
            assert_eq!(collected.output.as_deref(), Ok("Paris"));
            let tree: Vec<_> = collected
                .trace
                .all_spans()
                .map(|span| (span.name(), span.parent().map(SpanRef::name)))
                .collect();
            assert_eq!(
                tree,
                [
                    ("run_agent", None),
                    ("format_task", Some("run_agent")),
                    ("answer_question", Some("run_agent")),
                    ("openai_completion", Some("answer_question")),
                ]
            );
        }

        #[tokio::test]
        async fn error_states_are_captured() {
            let trace = capture(run_agent("?")).await.trace;
            let view = trace.genai();
            let failed = view.tool_calls()[1].error.as_ref().unwrap();
            assert_eq!(failed.message.as_deref(), Some("No answer"));
            check(&trace, "run_agent", "otel.status_code", "ERROR");
        }
    }
}

/// "Grouping Traces into Sessions".
mod grouping_traces_into_sessions {
    use super::*;

    #[observe]
    fn chat_turn(user_message: &str, session_id: &str) -> String {
        set_session_id(session_id);
        add_tags([if user_message.contains("weather") { "small talk" } else { "request" }]);
        OpenAi::wrapped().create("gpt-5.2", user_message)
    }

    fn conversation(session_id: &str) -> Vec<TraceSnapshot> {
        ["Hello! What's the weather like?", "Can you recommend a restaurant?", "Thanks!"]
            .map(|message| capture_sync(|| chat_turn(message, session_id)).trace)
            .to_vec()
    }

    #[test]
    fn all_child_spans_inherit_the_session() {
        for trace in conversation("session-1") {
            for span in trace.all_spans() {
                assert_eq!(span.session_id(), Some("session-1"), "{}", span.name());
            }
            assert_eq!(trace.span("chat").unwrap().parent().unwrap().name(), "chat_turn");
            let view = trace.genai();
            assert_eq!(view.llm_calls()[0].conversation_id.as_deref(), Some("session-1"));
        }
    }

    #[tokio::test]
    async fn spawned_work_inherits_the_session_and_the_user_too() {
        #[observe]
        async fn turn() {
            set_session_id("session-2");
            set_user_id("ada");
            let work = probity::spawn(async { OpenAi::wrapped().create("gpt-5.2", "Hello") });
            work.await.unwrap();
        }
        let trace = capture(turn()).await.trace;
        let call = trace.span("chat").unwrap();
        assert_eq!((call.session_id(), call.user_id()), (Some("session-2"), Some("ada")));
    }

    #[test]
    fn a_session_aggregates_its_traces() {
        let mut traces = conversation("session-1");
        let first = traces[0].span("chat_turn").unwrap().started_at();
        let last = traces[2].span("chat_turn").unwrap();
        let end = last.started_at() + last.duration();
        traces.extend(conversation("another"));

        // The price of a model is not known to a trace: a table says it.
        let price = |call: &genai::LlmCall| {
            (call.request_model.as_deref() == Some("gpt-5.2")).then_some(0.25)
        };
        let all = sessions(&traces, price);
        assert_eq!(all.len(), 2);
        let session = &all[0];
        assert_eq!(session.id, "session-1");
        assert_eq!(session.created_at, first);
        assert_eq!(session.duration, end.duration_since(first).unwrap());
        assert_eq!(session.trace_count, 3);
        assert_eq!((session.cost, session.unpriced_calls), (Some(0.75), 0));
        assert_eq!(session.usage.total_tokens(), Some(3 * 20));
        // If any trace shows a behavior, the session has it.
        let labels: Vec<_> = session.labels.iter().map(String::as_str).collect();
        assert_eq!(labels, ["request", "small talk"]);
    }

    #[test]
    fn traces_of_one_capture_count_each() {
        let trace = capture_sync(|| {
            chat_turn("Hello", "one");
            chat_turn("And?", "one");
            chat_turn("Hello", "two");
            info_span!("of no session").in_scope(|| ());
        })
        .trace;
        let all = sessions([&trace], |_| None);
        let counts: Vec<_> = all.iter().map(|one| (one.id.as_str(), one.trace_count)).collect();
        assert_eq!(counts, [("one", 2), ("two", 1)]);
        assert_eq!((all[0].cost, all[0].unpriced_calls), (None, 2));
    }
}

/// "Project Routing".
mod project_routing {
    use super::*;

    #[observe]
    fn handle_request(query: &str, environment: &str) -> String {
        set_project(&format!("{environment} - my_agent"));
        OpenAi::wrapped().create("gpt-4o-mini", query)
    }

    #[test]
    fn a_trace_belongs_to_the_project_that_it_names_and_its_spans_with_it() {
        let trace =
            capture_sync(|| handle_request("What is the capital of France?", "staging")).trace;
        let projects: Vec<_> =
            trace.projects().map(|(root, project)| (root.name(), project)).collect();
        assert_eq!(projects, [("handle_request", Some("staging - my_agent"))]);
        assert_eq!(trace.span("chat").unwrap().project(), Some("staging - my_agent"));
    }

    #[test]
    fn one_listener_sends_traces_to_different_projects() {
        let sent: Arc<Mutex<BTreeMap<String, Vec<String>>>> = Arc::default();
        let (projects, out) = (Mutex::new(LiveProjects::new()), Arc::clone(&sent));
        let work = async {
            handle_request("What is the capital of France?", "staging");
            handle_request("What is the capital of France?", "production");
            info_span!("ping").in_scope(|| ());
            // Named below the root, it holds for the trace as well.
            info_span!("outer").in_scope(|| handle_request("Hello", "production"));
        };
        let listening = capture(work).listen_events(move |event| {
            if let Some(closed) = projects.lock().unwrap().note(&event) {
                let project = closed.project.unwrap_or_else(|| "default_project".to_owned());
                out.lock().unwrap().entry(project).or_default().push(closed.root.name.to_string());
            }
        });
        futures::executor::block_on(listening);
        let sent = sent.lock().unwrap();
        assert_eq!(sent["staging - my_agent"], ["handle_request"]);
        assert_eq!(sent["production - my_agent"], ["handle_request", "outer"]);
        assert_eq!(sent["default_project"], ["ping"]);
    }
}

/// "Manual Attribute Setting".
mod manual_attribute_setting {
    use super::*;

    #[observe(skip_all, skip_output)]
    fn process_query(user_query: &str) -> String {
        set_input(user_query);
        let result = OpenAi::new().create("gpt-5.2", user_query);
        set_output(&result);
        result
    }

    #[observe]
    fn summarize(text: &str) -> String {
        set_input(&json!({"length": text.len()}));
        set_output("a summary");
        text.to_owned()
    }

    #[observe]
    fn analyze_sentiment(text: &str, user_id: &str) -> String {
        set_attribute("user_id", user_id);
        set_attribute("text_length", text.len());
        set_attribute("analysis_type", "sentiment");
        let result = OpenAi::new().create("gpt-5.2", text);
        set_output(&result);
        result
    }

    #[observe]
    fn process_order(order_id: &str, customer_id: &str, total: f64) -> Json {
        set_attributes([
            ("order_id", Value::from(order_id)),
            ("customer_id", customer_id.into()),
            ("order_total", total.into()),
            ("currency", "USD".into()),
            ("payment_method", "credit_card".into()),
        ]);
        json!({"status": "processed", "order_id": order_id})
    }

    #[test]
    fn input_and_output_can_be_set() {
        let trace = capture_sync(|| process_query("What is the capital of France?")).trace;
        check(&trace, "process_query", "input.value", "What is the capital of France?");
        check(&trace, "process_query", "output.value", "Paris");
    }

    #[test]
    fn what_is_set_goes_before_what_is_recorded_by_itself() {
        let trace = capture_sync(|| summarize("a long text")).trace;
        check(&trace, "summarize", "input.value", r#"{"length":11}"#);
        check(&trace, "summarize", "output.value", "a summary");
    }

    #[test]
    fn attributes_can_be_set_one_by_one() {
        let trace = capture_sync(|| analyze_sentiment("I love this product!", "user_123")).trace;
        check(&trace, "analyze_sentiment", "user_id", "user_123");
        check(&trace, "analyze_sentiment", "analysis_type", "sentiment");
        check(&trace, "analyze_sentiment", "output.value", "positive");
        let span = trace.span("analyze_sentiment").unwrap();
        assert_eq!(span.field("text_length").unwrap().as_u64(), Some(20), "as a number");
    }

    #[test]
    fn several_attributes_can_be_set_at_once() {
        let trace = capture_sync(|| process_order("order_123", "customer_456", 99.99)).trace;
        check(&trace, "process_order", "order_id", "order_123");
        check(&trace, "process_order", "customer_id", "customer_456");
        check(&trace, "process_order", "currency", "USD");
        check(&trace, "process_order", "payment_method", "credit_card");
        let span = trace.span("process_order").unwrap();
        assert_eq!(span.field("order_total").unwrap().as_f64(), Some(99.99));
        let output: Json =
            serde_json::from_str(&span.field("output.value").unwrap().to_string()).unwrap();
        assert_eq!(output, json!({"status": "processed", "order_id": "order_123"}));
    }
}

/// "Auto-Instrumentation".
mod auto_instrumentation {
    use probity::{PureEvalExt as _, from_fn, pass_fail};

    use super::*;

    #[observe]
    fn ask_question(question: &str) -> String {
        OpenAi::wrapped().create("gpt-5.2", question)
    }

    #[observe(llm)]
    fn ask_twice_told(question: &str) -> String {
        OpenAi::wrapped().create("gpt-5.2", question)
    }

    #[test]
    fn calls_of_an_instrumented_client_are_traced_below_the_function() {
        let trace = capture_sync(|| ask_question("What is the capital of France?")).trace;
        let view = trace.genai();
        let call = &view.llm_calls()[0];
        assert_eq!(call.request_model.as_deref(), Some("gpt-5.2"));
        assert_eq!(view.usage().total_tokens(), Some(20));
        assert_eq!(call.output[0].content(), "Paris");
        assert_eq!(trace.span("chat").unwrap().parent().unwrap().name(), "ask_question");
    }

    #[test]
    fn a_call_that_the_function_and_the_client_tell_counts_once() {
        let trace = capture_sync(|| ask_twice_told("What is the capital of France?")).trace;
        assert_eq!(trace.genai().llm_calls().len(), 1);
        assert_eq!(trace.genai().usage().total_tokens(), Some(20));
    }

    #[test]
    fn an_answer_is_evaluated_where_evaluations_are_on() {
        let collected = capture_sync(|| ask_question("What is the capital of France?"));
        let relevant =
            from_fn(|_: &TraceSnapshot, answer: &String| Ok::<_, String>(answer.contains("Paris")))
                .scored_by(pass_fail(|relevant: &bool| *relevant));
        let scored = Switches::current()
            .evaluations()
            .then(|| relevant.run_collected(&collected).unwrap().passed);
        assert_eq!(scored, Some(true));
    }
}

/// "OpenTelemetry Integration".
mod opentelemetry_integration {
    use tracing_subscriber::{fmt::MakeWriter, layer::SubscriberExt as _};

    use super::*;

    #[observe(tool)]
    fn answer_question(question: &str) -> String {
        OpenAi::new().create("gpt-5.2", question)
    }

    fn process_request(question: &str) -> String {
        let span = info_span!("process_request_span", input = question, output = Empty);
        let answer = span.in_scope(|| answer_question(question));
        span.record("output", &answer);
        answer
    }

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Lines {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    #[test]
    fn native_spans_stand_beside_observed_functions() {
        let trace = capture_sync(|| process_request("What is the capital of France?")).trace;
        let span = trace.span("process_request_span").unwrap();
        assert_eq!(span.field("input").unwrap(), "What is the capital of France?");
        assert_eq!(span.field("output").unwrap(), "Paris");
        assert_eq!(span.children().next().unwrap().name(), "answer_question");
    }

    #[test]
    fn the_layer_goes_into_an_existing_stack_whose_other_layers_see_the_spans_too() {
        let lines = Lines::default();
        let others = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(lines.clone())
            .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE);
        let stack = tracing_subscriber::registry().with(others).with(probity::layer());
        tracing::subscriber::with_default(stack, || {
            let trace = capture_sync(|| process_request("What is the capital of France?")).trace;
            assert!(trace.span_exists("answer_question"));
        });
        let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert!(lines.contains("process_request_span"), "{lines}");
        assert!(lines.contains(r#"gen_ai.tool.call.result="Paris""#), "{lines}");
    }
}

/// "Distributed Tracing".
mod distributed_tracing {
    use super::*;

    #[observe]
    fn call_external_service(data: Json) -> Json {
        let here = CaptureHandle::current().unwrap();
        let span = here.span_id().unwrap();
        let header = format!("00-{}-{span}-01", here.trace_id());
        std::thread::spawn(move || serve(&header, data)).join().unwrap()
    }

    /// The other service, with a capture of its own.
    fn serve(traceparent: &str, data: Json) -> Json {
        let trace_id = traceparent.split('-').nth(1).unwrap().parse().unwrap();
        let request = capture(async { process_request(data) }).continues(trace_id);
        let collected = futures::executor::block_on(request);
        json!({
            "trace": collected.trace.trace_id().unwrap().to_string(),
            "data": collected.output
        })
    }

    #[observe]
    fn process_request(data: Json) -> Json {
        json!({"message": "Hello from the server!", "received_data": data})
    }

    #[test]
    fn the_service_goes_on_with_the_trace_of_its_caller() {
        let collected = capture_sync(|| call_external_service(json!({"query": "Hello"})));
        let trace_id = collected.trace.trace_id().unwrap().to_string();
        assert_eq!(collected.output["trace"], trace_id);
        assert_eq!(collected.output["data"]["received_data"]["query"], "Hello");
    }
}

/// "Toggling Monitoring". The environment is that of a process: each test runs this program again.
mod toggling_monitoring {
    use super::*;

    const CHILD: &str = "PROBITY_SEED_CHILD";

    #[observe(tool)]
    fn observed(secret: &str) -> Result<usize, String> {
        set_attribute("set", true);
        set_output("by hand");
        if secret.is_empty() { Err("nothing was given".to_owned()) } else { Ok(secret.len()) }
    }

    /// Returns what the child printed: the names of spans, the fields, the switches.
    fn child(variables: &[(&str, &str)]) -> String {
        let mut command = Command::new(env::current_exe().unwrap());
        for name in ["PROBITY_MONITORING", "PROBITY_EVALUATIONS"] {
            command.env_remove(name);
        }
        let command = command
            .args(["--exact", "toggling_monitoring::in_the_child", "--nocapture"])
            .env(CHILD, "1")
            .envs(variables.iter().copied());
        let output = command.output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{printed}");
        let line = printed.lines().find_map(|line| line.split_once("child: "));
        line.unwrap_or_else(|| panic!("the child said nothing: {printed}")).1.to_owned()
    }

    /// Does nothing but in a child of the tests below.
    #[test]
    fn in_the_child() {
        if env::var(CHILD).is_err() {
            return;
        }
        let collected =
            capture_sync(|| info_span!("plain").in_scope(|| (observed("secret"), observed(""))));
        assert_eq!(collected.output.0, Ok(6), "the function works in any case");
        let fields = collected.trace.all_spans().map(|span| {
            let keys: Vec<_> = span.fields().map(|field| field.key().to_owned()).collect();
            format!("{}[{}]", span.name(), keys.join(" "))
        });
        let switches = Switches::current();
        println!(
            "child: {} evaluations={}",
            fields.collect::<Vec<_>>().join(" "),
            switches.evaluations()
        );
    }

    #[test]
    fn by_default_all_is_on() {
        let said = child(&[]);
        assert!(said.contains("gen_ai.tool.call.arguments"), "{said}");
        assert!(said.ends_with("evaluations=true"), "{said}");
    }

    #[test]
    fn monitoring_that_is_off_disables_tracing_and_leaves_plain_spans_alone() {
        let said = child(&[("PROBITY_MONITORING", "false")]);
        assert_eq!(said, "plain[] evaluations=true");
    }

    #[test]
    fn evaluations_that_are_off_are_said_to_be_and_tracing_goes_on() {
        let said = child(&[("PROBITY_EVALUATIONS", "false")]);
        assert!(said.contains("observed[") && said.ends_with("evaluations=false"), "{said}");
    }

    #[test]
    fn the_flag_for_content_leaves_spans_and_errors() {
        let said = child(&[("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "NO_CONTENT")]);
        assert!(!said.contains("arguments") && !said.contains("result"), "{said}");
        assert!(said.contains("error.type") && said.contains("set"), "{said}");
    }
}
