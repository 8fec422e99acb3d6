//! The payloads of a stream of server-sent events, from its bytes in whatever pieces they come.

use std::convert::Infallible;

use bytes::Bytes;
use eventsource_stream::EventStream;
use futures::{
    FutureExt as _, StreamExt as _,
    channel::mpsc::{self, UnboundedReceiver, UnboundedSender},
};

/// Reads the payloads of a stream of server-sent events.
///
/// Bytes are pushed in and payloads come out, so that the same reader serves one who reads a stream and
/// one who only looks on while another does.
pub(crate) struct Payloads {
    sender: UnboundedSender<Result<Bytes, Infallible>>,
    events: EventStream<UnboundedReceiver<Result<Bytes, Infallible>>>,
    /// The bytes after the last whole event.
    rest: Vec<u8>,
}

impl Payloads {
    pub(crate) fn new() -> Self {
        let (sender, receiver) = mpsc::unbounded();
        Self { sender, events: EventStream::new(receiver), rest: Vec::new() }
    }

    /// Takes more bytes, and returns the payloads that became whole, or why they cannot be read.
    pub(crate) fn push(&mut self, bytes: &Bytes) -> Vec<Result<String, String>> {
        self.note_rest(bytes);
        // The receiver lives as long as the sender.
        let _ = self.sender.unbounded_send(Ok(bytes.clone()));
        let mut payloads = Vec::new();
        while let Some(Some(event)) = self.events.next().now_or_never() {
            payloads.push(event.map(|event| event.data).map_err(|error| error.to_string()));
        }
        payloads
    }

    /// Returns what came after the last whole event.
    pub(crate) fn rest(&self) -> String {
        String::from_utf8_lossy(&self.rest).trim().to_owned()
    }

    fn note_rest(&mut self, bytes: &Bytes) {
        // An end may lie across the pieces.
        let from = self.rest.len().saturating_sub(3);
        self.rest.extend_from_slice(bytes);
        let new = self.rest.get(from..).unwrap_or_default();
        let ends: [&[u8]; 3] = [b"\n\n", b"\r\n\r\n", b"\r\r"];
        let end = ends.into_iter().filter_map(|end| {
            let at = new.windows(end.len()).rposition(|window| window == end)?;
            Some(from + at + end.len())
        });
        if let Some(end) = end.max() {
            self.rest.drain(..end);
        }
    }
}

impl std::fmt::Debug for Payloads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Payloads").field("rest", &self.rest.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_are_the_same_in_whatever_pieces_their_bytes_come() {
        let stream =
            ": a comment\n\ndata: {\"é\":1}\n\nevent: x\r\ndata: [DONE]\r\n\r\ndata: cut off";
        for size in 1..=stream.len() {
            let mut reader = Payloads::new();
            let pieces = stream.as_bytes().chunks(size).map(Bytes::copy_from_slice);
            let payloads: Vec<_> = pieces.flat_map(|piece| reader.push(&piece)).collect();
            let expected = ["{\"é\":1}", "[DONE]"].map(|payload| Ok(payload.to_owned()));
            assert_eq!(payloads, expected, "pieces of {size} bytes");
            assert_eq!(reader.rest(), "data: cut off", "pieces of {size} bytes");
        }
    }

    #[test]
    fn a_character_that_is_cut_at_the_end_stays_in_the_rest() {
        let mut reader = Payloads::new();
        assert!(reader.push(&Bytes::from_static(b"data: caf\xc3")).is_empty());
        assert_eq!(reader.rest(), "data: caf\u{fffd}");
    }
}
