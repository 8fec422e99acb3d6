//! What goes wrong on the way.

use crate::reply::Failure;

/// What goes wrong in the middle of a reply.
///
/// A body that is not streamed breaks after half of its bytes, except where a variant says otherwise.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is reset: the client's next read fails with a TCP reset.
    Reset,
    /// The connection is closed before the body is complete, as a proxy does that is shut down.
    Hangup,
    /// The body ends as if complete, without the frames that end an answer.
    Truncated,
    /// Nothing more comes, and the connection stays open.
    Stall,
    /// The provider reports an error under HTTP 200, and the stream ends; a body that is not streamed
    /// is replaced by the error.
    Error(Failure),
    /// A frame whose data is not JSON, after which the stream goes on.
    NotJson,
}
