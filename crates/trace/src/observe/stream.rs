//! Streams that observed functions return: what they yield is collected, in order.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use pin_project_lite::pin_project;

use super::{Call, Said, messages};

/// The greatest number of bytes that is collected of what a stream yields; as much as a capture keeps of
/// one text by default.
const MAX_BYTES: usize = 1 << 20;

/// How many items a stream has yielded that were not collected.
const DROPPED: &str = "probity.output.dropped_items";

/// Says, by the number of items so far, that a stream was dropped before its end.
const UNFINISHED: &str = "probity.output.unfinished_after";

/// Ends the call of a function with the stream that it returned.
pub fn stream<S: Stream, I>(call: Option<Box<Call>>, stream: S, item: I) -> Collecting<S, I>
where
    I: for<'a> Fn(&'a S::Item) -> Said<'a>,
{
    Collecting { stream: Some(stream), call, item, items: Items::default() }
}

/// Ends the call of a function with the result, if it is an error, or else with the stream.
///
/// # Errors
///
/// That of the function.
pub fn stream_result<S: Stream, E: fmt::Display, I>(
    call: Option<Box<Call>>,
    result: Result<S, E>,
    item: I,
) -> Result<Collecting<S, I>, E>
where
    I: for<'a> Fn(&'a S::Item) -> Said<'a>,
{
    match result {
        Ok(inner) => Ok(stream(call, inner, item)),
        Err(error) => {
            if let Some(call) = &call {
                call.failed(std::any::type_name::<E>(), || error.to_string());
            }
            Err(error)
        }
    }
}

/// What was collected of a stream.
#[derive(Debug, Default)]
struct Items {
    json: Vec<String>,
    bytes: usize,
    count: u64,
    dropped: u64,
    /// What the stream yields is not to be recorded.
    is_hidden: bool,
}

impl Items {
    fn push(&mut self, json: String) {
        self.count += 1;
        if self.dropped > 0 || self.bytes.saturating_add(json.len()) > MAX_BYTES {
            self.dropped += 1;
            return;
        }
        self.bytes += json.len();
        self.json.push(json);
    }

    /// Returns the items as one JSON value: pieces of text that make up one message as a text, others
    /// as a list. No piece at all is no message.
    fn to_json(&self, as_message: bool) -> String {
        let is_text = |item: &String| item.starts_with('"');
        if as_message && self.json.is_empty() {
            return "null".to_owned();
        }
        if as_message && self.json.iter().all(is_text) {
            return messages::joined(&self.json);
        }
        format!("[{}]", self.json.join(","))
    }
}

pin_project! {
    /// The stream of an observed function. It yields what its inner stream yields.
    #[must_use = "streams do nothing unless polled"]
    pub struct Collecting<S, I> {
        #[pin]
        stream: Option<S>,
        call: Option<Box<Call>>,
        item: I,
        items: Items,
    }

    impl<S, I> PinnedDrop for Collecting<S, I> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(call) = this.call.take() {
                call.run(|| this.stream.set(None));
                call.note(UNFINISHED, this.items.count);
                end(&call, this.items);
            }
        }
    }
}

impl<S: Stream, I> Stream for Collecting<S, I>
where
    I: for<'a> Fn(&'a S::Item) -> Said<'a>,
{
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let mut this = self.project();
        let Some(stream) = this.stream.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let Some(call) = &this.call else { return stream.poll_next(context) };
        let item = ready!(call.run(|| stream.poll_next(context)));
        if let Some(item) = &item {
            match (this.item)(item) {
                Said::Value(value) if call.is_read() => this.items.push(value.to_json()),
                Said::Failed(error_type, message) => call.failed(error_type, || message.text()),
                Said::Nothing => this.items.is_hidden = true,
                Said::Value(_) => {}
            }
        } else {
            call.run(|| this.stream.set(None));
            end(call, this.items);
            *this.call = None;
        }
        Poll::Ready(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.as_ref().map_or((0, Some(0)), Stream::size_hint)
    }
}

/// Records what was collected.
fn end(call: &Call, items: &Items) {
    if items.dropped > 0 {
        call.note(DROPPED, items.dropped);
    }
    if call.is_read() && !items.is_hidden {
        call.output(|| items.to_json(call.has_messages()));
    }
}

impl<S, I> fmt::Debug for Collecting<S, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collecting").field("call", &self.call).finish_non_exhaustive()
    }
}
