//! Models of OpenAI and of compatible servers, through `async-openai`.
//!
//! | | |
//! |---|---|
//! | [`OpenAiModel`] | is asked by evals and judges: a [`Model`](probity_eval::Model) over chat completions |
//! | [`TraceLayer`], [`traced_client`] | record what a program's own `async-openai` client does, which opens no span itself |
//!
//! # How it is sent and read
//!
//! Address, headers and key are those of an `async-openai` configuration, so that Azure and compatible
//! servers work, and a request goes through any `tower` service that fits `async-openai`. Nothing is
//! sent twice: [`RetryPolicy`](probity_eval::RetryPolicy) is the one place for that.
//!
//! The answer is read by the adapter itself. The reader of `async-openai` writes refusals and payloads
//! that it cannot read into the log, whole, and keeps neither the headers of an answer nor the reasoning that
//! compatible servers send.

mod answer;
mod answering;
mod chunk;
mod extra_body;
mod messages;
mod model;
mod reading;
mod request;
mod strict;
mod trace;

pub use self::{
    extra_body::ExtraBody,
    model::OpenAiModel,
    trace::{TraceLayer, TraceService, traced_client},
};
