//! What an agent and its model said on each sample of a task: trajectories, and the runs they make up.
//!
//! ```
//! use probity_trace::trajectory::Tracer;
//!
//! # /// Stands for any client that emits spans.
//! # async fn ask(question: &str) -> String {
//! #     let question = serde_json::json!([{"role": "user", "content": question}]).to_string();
//! #     tracing::info_span!(
//! #         "chat",
//! #         "gen_ai.operation.name" = "chat",
//! #         "gen_ai.input.messages" = question,
//! #         "gen_ai.output.messages" = r#"[{"role": "assistant", "content": "4"}]"#,
//! #     )
//! #     .in_scope(|| "4".to_owned())
//! # }
//! # futures::executor::block_on(async {
//! let tracer = Tracer::new("math-eval", "small");
//!
//! let answer = tracer.trajectory("question-1").run(ask("What is 2 + 2?")).await?;
//! assert_eq!(answer, "4");
//!
//! let run = tracer.finish();
//! let messages = &run.trajectories[0].messages;
//! assert_eq!(messages[0].content().text(), "What is 2 + 2?");
//! assert_eq!(messages[1].content().text(), "4");
//! # Ok::<(), probity_trace::NestedTrajectory>(())
//! # }).unwrap();
//! ```
//!
//! # How the pieces fit
//!
//! A [`Tracer`] stands for one task and one model. [`Tracer::trajectory`] makes the scope of one sample, and
//! [`run`](TrajectoryScope::run), [`try_run`](TrajectoryScope::try_run) and their blocking twins run code in
//! it and pass on its output. A trajectory is a [capture](crate::capturing) with a span around it; when it
//! ends, the [GenAI view](crate::genai) of the capture becomes [`Message`]s, the capture is let go, and the
//! [`Trajectory`] waits in the tracer for [`Tracer::finish`], which gives the [`Run`].
//!
//! Whatever emits spans is seen: there is nothing to instrument but the client that asks the model. A
//! program that records its messages itself makes [`Trajectory::new`] and [`Run::new`] of them, and
//! [`Trajectory::from_trace`] makes one of any trace. [`Run`] and all in it have the JSON form of Lunette's
//! `POST /runs/save`.
//!
//! # What belongs to a trajectory
//!
//! What belongs to its [capture](crate::capturing): everything within, across every `.await`, but tasks and
//! threads only where `spawn`, `spawn_blocking` or a [`CaptureHandle`](crate::CaptureHandle) carries it there.
//! What such a task does after the end belongs to no trajectory. What a capture within a trajectory records
//! stays in that one, unless it is [visible outside](crate::Capture::visible_outside). A capture around a
//! trajectory has all that it recorded, once it has ended.
//!
//! Trajectories do not nest, whichever tracers they are of: one that begins within another is refused with
//! [`NestedTrajectory`], and its code is not run. Those of several tasks, or of several branches of a `join!`,
//! know nothing of each other.
//!
//! # How it fails
//!
//! The metadata of a trajectory that failed have `error` and `error_type`, and its span has `otel.status_code`
//! `ERROR` and an event `exception`.
//!
//! | what happens | `error` | `error_type` | and then |
//! |---|---|---|---|
//! | [`try_run`](TrajectoryScope::try_run) ends with `Err` | the error as a text | the name of its type | the `Err` is passed on |
//! | a panic | its message | `panic` | it goes on |
//! | the future is dropped after its first poll, as by a timeout | that it was dropped | `cancelled` | the messages so far are kept |
//!
//! # The span
//!
//! It is `trajectory`, of the target `probity::trajectory`, with `otel.name` `trajectory_<sample>` and the
//! fields `lunette.trajectory_id`, `lunette.sample`, `lunette.task`, `lunette.model` and, where there is one,
//! `lunette.sandbox_id`. Other layers see it as any other.
//!
//! # Memory
//!
//! While a trajectory runs, its capture holds what it records, up to its
//! [limits](TrajectoryScope::limits): 1 GiB each unless told otherwise, so set them where very many run at once.
//! When it ends, only its messages, metadata and gaps stay, until [`Tracer::finish`] takes them. What the
//! limits cut is in [`Trajectory::gaps`].
//!
//! # What is not shown
//!
//! [`Trajectory::gaps`] lists what was recorded and is not in the messages, or is changed in them: model calls
//! without content, model calls and agents that failed, tool calls that only spans tell of, messages that only
//! agents recorded while their model calls recorded others, attributes that cannot be read, arguments that are no object (they become `{}`), parts
//! that are neither text nor image nor thought, answers of tools that nobody asked (they keep what is known of
//! the call), roles that trajectories do not have (they become `user`), and what limits dropped. Names of
//! participants are not shown.
//!
//! Where a model asked for tools and was not asked again, no message has their answers; those that spans tell
//! follow the messages of the conversation.

mod anchor;
mod calls;
mod content;
mod data;
mod failure;
mod future;
mod gap;
mod image;
mod live;
mod mask;
mod message;
mod nested;
mod recorded;
mod run;
mod sample;
mod scope;
mod score;
mod tracer;
mod transcript;

pub use self::{
    content::{Content, Detail, Part},
    data::Trajectory,
    future::RunTrajectory,
    gap::Gap,
    message::{Message, ToolCall},
    nested::NestedTrajectory,
    run::Run,
    sample::Sample,
    scope::TrajectoryScope,
    score::TrajectoryScore,
    tracer::Tracer,
};

/// The key of the metadata that says what went wrong.
pub(crate) const ERROR: &str = "error";
/// The key of the metadata that says of what type the error is.
pub(crate) const ERROR_TYPE: &str = "error_type";
