//! Finds the payloads in the chunks of a body, with rig's own framers.

use http::{HeaderMap, header};
use rig_core::http_client::framing::{NdjsonFramer, SseFramer};

/// Finds the payloads in the chunks of a streamed body.
#[derive(Debug)]
pub(super) struct Framer {
    kind: Kind,
    /// The bytes after the last whole payload.
    rest: Vec<u8>,
}

#[derive(Debug)]
enum Kind {
    Events(SseFramer),
    Lines(NdjsonFramer),
}

impl Framer {
    /// Makes the framer for a body with these headers: of lines where it is said to be such, else of
    /// server-sent events.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let kind = if is_of_type(headers, &["application/x-ndjson", "application/jsonl"]) {
            Kind::Lines(NdjsonFramer::new())
        } else {
            Kind::Events(SseFramer::new())
        };
        Self { kind, rest: Vec::new() }
    }

    /// Returns the payloads that a chunk completes.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Vec<String> {
        self.rest.extend_from_slice(chunk);
        let (payloads, pending): (Vec<_>, _) = match &mut self.kind {
            Kind::Events(framer) => {
                (framer.push(chunk).map(|event| event.data).collect(), framer.pending())
            }
            Kind::Lines(framer) => {
                (framer.push(chunk).map(|line| text(&line)).collect(), framer.pending())
            }
        };
        self.rest.drain(..self.rest.len().saturating_sub(pending));
        payloads
    }

    /// Returns the payload that the end of the body completes: the last line may lack its end.
    pub(super) fn finish(&mut self) -> Option<String> {
        match &mut self.kind {
            Kind::Events(_) => None,
            Kind::Lines(framer) => {
                self.rest.clear();
                framer.finish().map(|line| text(&line))
            }
        }
    }

    /// Returns what came after the last whole payload, unless that is nothing.
    pub(super) fn rest(&self) -> Option<String> {
        let rest = String::from_utf8_lossy(&self.rest).trim().to_owned();
        (!rest.is_empty()).then_some(rest)
    }
}

/// Returns whether a body is of one of these types, whatever parameters it names.
pub(super) fn is_of_type(headers: &HeaderMap, types: &[&str]) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    types.iter().any(|kind| kind.eq_ignore_ascii_case(essence))
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framer(kind: &'static str) -> Framer {
        Framer::of(&HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]))
    }

    #[test]
    fn a_character_that_is_cut_in_two_is_put_together() {
        let mut framer = framer("text/event-stream; charset=utf-8");
        let body = "data: {\"text\": \"é\"}\n\n".as_bytes();
        let (first, second) = body.split_at(17);
        assert!(std::str::from_utf8(first).is_err());
        assert!(framer.push(first).is_empty());
        assert_eq!(framer.rest().as_deref(), Some("data: {\"text\": \"\u{fffd}"));
        assert_eq!(framer.push(second), ["{\"text\": \"é\"}"]);
        assert_eq!(framer.rest(), None);
    }

    #[test]
    fn the_last_line_counts_without_its_end_and_an_event_does_not() {
        let mut lines = framer("application/x-ndjson");
        assert_eq!(lines.push(b"{\"a\":1}\n{\"b\""), ["{\"a\":1}"]);
        assert_eq!(lines.finish().as_deref(), Some("{\"b\""));
        let mut events = framer("text/event-stream");
        assert!(events.push(b"data: 1\n").is_empty());
        assert_eq!((events.finish(), events.rest().as_deref()), (None, Some("data: 1")));
        assert_eq!(
            (events.push(b"\ndata: 2"), events.rest().as_deref()),
            (vec!["1".into()], Some("data: 2"))
        );
    }
}
