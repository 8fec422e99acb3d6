//! Limits per minute of what is sent to providers, and slowing down where they refuse calls.
//!
//! A [`RateLimiter`] is shared by all calls of a run. Each asks it before it is sent, waits where the
//! [limits](RateLimits) say so, and tells what came of it:
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//!
//! use probity_eval::{
//!     Budget, Llm, RateLimiter, RateLimits,
//!     scripted::{Fault, Reply, ScriptedModel},
//! };
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), probity_eval::TurnError> {
//! let refusal = Fault::rate_limited().with_retry_after(Duration::from_millis(20));
//! let model = ScriptedModel::replies([refusal.into(), Reply::text("Paris")]);
//! let llm = Llm::new(Arc::new(model), Budget::unlimited());
//!
//! let limiter = RateLimiter::new(RateLimits::new().with_requests_per_minute(6_000));
//! let answer = limiter.scope(llm.completion("The capital of France?").collect()).await?;
//! assert_eq!((&*answer.text, limiter.waited().refused), ("Paris", 1));
//! println!("{}", limiter.waited()); // waited 20 ms between attempts
//! # Ok(())
//! # }
//! ```
//!
//! # Which calls ask
//!
//! Turns of an [`Llm`](crate::Llm) ask the limiter [of the `Llm`](crate::Llm::with_rate_limiter), or else the one in
//! whose [scope](RateLimiter::scope) they are made. The taps of `probity-adapters` for agents that bring a client of
//! their own ask that of the scope. A call asks once: while a turn's model is polled no limiter is current, so that a
//! tap below it finds none. A model that asks other models is therefore one call, of the provider that it names.
//!
//! A task that is spawned leaves the scope. Take the limiter along:
//!
//! ```
//! # use probity_eval::{RateLimiter, RateLimits};
//! # async fn ask() {}
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! # RateLimiter::new(RateLimits::new()).scope(async {
//! let task = match RateLimiter::current() {
//!     Some(limiter) => tokio::spawn(limiter.scope(ask())),
//!     None => tokio::spawn(ask()),
//! };
//! # task.await.unwrap();
//! # }).await
//! # }
//! ```
//!
//! # What is waited for
//!
//! Requests and tokens per minute are spread evenly over the minute (GCRA), about a second's worth at once, so that no
//! minute has more requests than were allowed, whenever it begins. Tokens are reserved as they are estimated, and what
//! was really used takes their place; a request waits until all its tokens are there, also where a minute has fewer,
//! so that one minute may see the tokens of one request more, and those that came back.
//!
//! Where a provider refuses a call (429, 529, or 503 with a time), nobody asks it before the time that it
//! says, and then fewer calls at once: how many is found by trying, one more after each round that went well.
//! Other providers are not affected. Calls of one provider go in the order in which they asked.

mod admission;
mod current;
mod lane;
mod limiter;
mod limits;
mod meter;
mod per_minute;
mod permit;
mod shared;
mod tally;
mod waited;
mod window;

pub use self::{
    admission::Admission,
    current::InScope,
    limiter::RateLimiter,
    limits::RateLimits,
    per_minute::{InvalidPerMinute, PerMinute},
    permit::Permit,
    waited::Waited,
};
pub(crate) use self::{current::without_limiter, tally::Waiting};
