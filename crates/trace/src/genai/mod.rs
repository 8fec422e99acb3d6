//! What a trace says about model calls, tool calls and agents, whoever emitted it.

mod aliases;
mod asked;
mod call;
mod conversation;
mod events;
mod failure;
mod fingerprint;
mod finish;
mod json;
mod kind;
mod live;
mod message;
mod messages;
mod nesting;
mod of_trace;
mod parts;
mod places;
mod read;
mod reader;
mod threads;
mod tips;
mod tools;
mod usage;
mod view;

pub use call::{AgentCall, CallError, LlmCall, ToolCall};
pub use conversation::Conversation;
pub use finish::FinishReason;
pub use live::{EndedCall, LiveCalls};
pub use message::{Message, Part, Role};
pub use usage::Usage;
pub use view::{GenAi, Unreadable};
