//! A model that answers, with the span that an instrumentation would record of it.

use probity_trace::trajectory::{Run, Trajectory};
use serde_json::{Value, json};

/// Asks the model, which repeats the question.
pub(crate) fn ask(question: &str) -> String {
    let answer = format!("you said: {question}");
    chat(&json!([{"role": "user", "content": question}]), &json!([answered(&answer)]));
    answer
}

/// Asks the model and lets other tasks go first, before and after.
pub(crate) async fn ask_slowly(question: &str) -> String {
    crate::tasks::yield_now().await;
    let answer = ask(question);
    crate::tasks::yield_now().await;
    answer
}

/// Records a model call.
pub(crate) fn chat(input: &Value, output: &Value) {
    tracing::info_span!(
        "chat",
        "gen_ai.operation.name" = "chat",
        "gen_ai.provider.name" = "openai",
        "gen_ai.request.model" = "small",
        "gen_ai.input.messages" = input.to_string(),
        "gen_ai.output.messages" = output.to_string(),
    )
    .in_scope(|| ());
}

pub(crate) fn answered(answer: &str) -> Value {
    json!({"role": "assistant", "content": answer})
}

/// Returns the messages of a trajectory, each as `role: text`.
pub(crate) fn said(trajectory: &Trajectory) -> Vec<String> {
    let messages = trajectory.messages.iter();
    messages.map(|message| format!("{}: {}", message.role(), message.content().text())).collect()
}

/// Returns the only trajectory of a run.
pub(crate) fn only(run: Run) -> Trajectory {
    let [only] = <[Trajectory; 1]>::try_from(run.trajectories)
        .unwrap_or_else(|all| panic!("{} trajectories, not one", all.len()));
    only
}
