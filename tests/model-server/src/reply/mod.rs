//! What the server replies, without a protocol.

mod answer;
mod delivery;
mod failure;
mod fault;
mod finish;
mod rate_limit;
mod raw;
mod usage;

use std::time::Duration;

pub use answer::{Answer, ToolCall};
pub use failure::{Failure, FailureKind};
pub use fault::Fault;
pub use finish::Finish;
pub use rate_limit::{RateLimit, Window};
pub use raw::Raw;
pub use usage::Usage;

pub(crate) use answer::Part;
pub(crate) use delivery::Delivery;

/// What the server replies to one request, and how the reply travels.
///
/// It is made from an [`Answer`], a [`Failure`] or a [`Raw`] body.
#[derive(Clone, Debug)]
pub struct Reply {
    content: Content,
    delivery: Delivery,
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Answer(Answer),
    Failure(Failure),
    Raw(Raw),
    Never,
    Reset,
}

impl Reply {
    fn new(content: Content) -> Self {
        Self { content, delivery: Delivery::default() }
    }

    /// Replies with a text.
    pub fn text(text: impl Into<String>) -> Self {
        Answer::text(text).into()
    }

    /// Never replies: the request stays open until the client or the server goes.
    pub fn never() -> Self {
        Self::new(Content::Never)
    }

    /// Resets the connection before any byte of a reply.
    pub fn reset() -> Self {
        Self::new(Content::Reset)
    }

    /// Waits so long before the head of the reply.
    #[must_use]
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delivery.delay = delay;
        self
    }

    /// Waits so long between two deltas of a stream.
    #[must_use]
    pub fn with_delta_delay(mut self, delay: Duration) -> Self {
        self.delivery.delta_delay = delay;
        self
    }

    /// Streams texts and tool arguments in deltas of so many characters, in place of 4; 0 counts as 1.
    #[must_use]
    pub fn with_delta_size(mut self, characters: usize) -> Self {
        self.delivery.delta_size = delivery::at_least_one(characters);
        self
    }

    /// Sends the body in chunks of so many bytes, wherever that cuts; 0 counts as 1.
    ///
    /// Every chunk is flushed and is a chunk of the transfer encoding, so that a client sees the same
    /// cuts. A small number cuts within characters, a large one joins what arrives at one time.
    /// Without it each frame of a stream is a chunk of its own, and another body is sent whole.
    #[must_use]
    pub fn with_chunk_size(mut self, bytes: usize) -> Self {
        self.delivery.chunk_size = Some(delivery::at_least_one(bytes));
        self
    }

    /// Puts a fault into the reply after so many deltas, at most after the last one.
    ///
    /// Deltas are the frames that carry text, reasoning, a refusal or tool arguments. A body that is
    /// not streamed has none: see [`Fault`] for what happens to it.
    #[must_use]
    pub fn with_fault_after(mut self, deltas: usize, fault: Fault) -> Self {
        self.delivery.fault = Some((deltas, fault));
        self
    }

    /// Sets a header, in place of one that the server would set.
    ///
    /// A name or value that no header may have makes the reply a 500 that says so, and so do the
    /// headers that frame the body: `content-length` and `transfer-encoding`.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.delivery.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the request id, in place of `req_` and the number of the request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.delivery.request_id = Some(id.into());
        self
    }

    /// Tells the rate limits in the headers of the protocol.
    #[must_use]
    pub fn with_rate_limit(mut self, rate_limit: RateLimit) -> Self {
        self.delivery.rate_limit = Some(rate_limit);
        self
    }

    pub(crate) fn content(&self) -> &Content {
        &self.content
    }

    pub(crate) fn delivery(&self) -> &Delivery {
        &self.delivery
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self::new(Content::Answer(answer))
    }
}

impl From<Failure> for Reply {
    fn from(failure: Failure) -> Self {
        Self::new(Content::Failure(failure))
    }
}

impl From<Raw> for Reply {
    fn from(raw: Raw) -> Self {
        Self::new(Content::Raw(raw))
    }
}
