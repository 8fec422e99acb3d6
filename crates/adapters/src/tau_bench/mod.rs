//! Result files of tau-bench: read, graded and replayed.
//!
//! tau-bench (Sierra, 2024) lets an agent serve a simulated customer and writes one JSON array with a
//! [`Record`] per task and trial: the reward, how it came about, and the whole conversation.
//! [`Results`] reads such a file and refuses what is broken, with the place and the reason.
//! [`Record::grade`] says whether the agent passed, failed, or could not be graded.
//! [`Replay`] emits the spans that an instrumented agent would have emitted.
//!
//! ```
//! use probity_adapters::tau_bench::{Grade, Replay, Results};
//!
//! let results = Results::from_json(
//!     r#"[{
//!         "task_id": 7, "trial": 0, "reward": 1.0,
//!         "info": {"reward_info": {"reward": 1.0}},
//!         "traj": [
//!             {"role": "user", "content": "Cancel my flight."},
//!             {"role": "assistant", "content": "It is canceled."}
//!         ]
//!     }]"#,
//! )?;
//! let agent = Replay::new("airline").with_model("gpt-4o");
//!
//! for record in results.records() {
//!     let collected = probity_trace::capture_sync(|| agent.run(record));
//!     assert_eq!(record.grade(), Grade::Passed);
//!     assert_eq!(collected.output, Some("It is canceled."));
//!     assert_eq!(collected.trace.spans("chat").count(), 1);
//! }
//! # Ok::<(), probity_adapters::tau_bench::ParseError>(())
//! ```

mod error;
mod info;
mod message;
mod record;
mod replay;
mod results;

pub use self::{
    error::{ParseError, ReadError},
    info::{Action, Info, RewardDetail, RewardInfo, Task},
    message::{Message, ToolCall},
    record::{Grade, Record},
    replay::Replay,
    results::Results,
};
