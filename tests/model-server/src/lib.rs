//! A scripted model provider on loopback, for tests.
//!
//! [`ModelServer`] speaks two protocols on one port, streamed and not: chat completions of OpenAI
//! (`POST /v1/chat/completions`, also without `/v1`) and messages of Anthropic (`POST /v1/messages`).
//! A [`Script`] says what it replies; a [`Reply`] knows no protocol and is rendered in that of the
//! request, in the mode that the request asks for.
//!
//! ```
//! use axum::http::StatusCode;
//! use probity_model_server::{Failure, FailureKind, ModelServer, Reply};
//! use serde_json::{Value, json};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let limited = Failure::new(FailureKind::RateLimited).with_retry_after_ms(20);
//! let server = ModelServer::start([limited.into(), Reply::text("It is sunny.")]).await?;
//!
//! let call = || {
//!     let request = reqwest::Client::new().post(format!("{}/chat/completions", server.openai_url()));
//!     let body = json!({"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hi"}]});
//!     request.bearer_auth("a key").json(&body).send()
//! };
//! assert_eq!(call().await?.status(), StatusCode::TOO_MANY_REQUESTS);
//! let answer: Value = call().await?.json().await?;
//! assert_eq!(answer["choices"][0]["message"]["content"], "It is sunny.");
//! assert_eq!(server.requests()[1].model(), Some("gpt-4o-mini"));
//! # Ok(()) })
//! # }
//! ```
//!
//! # How the pieces fit
//!
//! A request is recorded as [`Received`], then checked as the real API would check it; one that the
//! API would refuse gets that API's error and uses up no reply.
//! What a reply says is an [`Answer`], a [`Failure`] or a [`Raw`] body; how it travels (delays, cuts,
//! faults, headers) is set on the [`Reply`].
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::dbg_macro
)]

mod anthropic;
mod body;
mod connection;
mod dialect;
mod frame;
mod object;
mod openai;
mod protocol;
mod received;
mod render;
mod reply;
mod respond;
mod routes;
mod script;
mod server;

pub use protocol::Protocol;
pub use received::Received;
pub use reply::{
    Answer, Failure, FailureKind, Fault, Finish, RateLimit, Raw, Reply, ToolCall, Usage, Window,
};
pub use script::Script;
pub use server::ModelServer;
