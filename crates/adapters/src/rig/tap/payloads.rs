//! The body of a streamed answer on its way to rig.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures::{FutureExt as _, Stream, StreamExt as _};
use futures_timer::Delay;
use rig_core::http_client::{self, BoxedStream};

use super::{exchange::Exchange, framing::Framer};

/// How long a raw capture waits for what follows the end of an answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// The body of a streamed answer, which tells its payloads to an exchange.
///
/// Rig reads nothing after the payload with which a provider says that the answer ends. So that a raw
/// capture has the rest too, it is read before that payload is handed on.
pub(super) struct Payloads {
    body: BoxedStream,
    framer: Framer,
    exchange: Arc<Exchange>,
    /// What was read and not yet handed on, and how long to wait for more.
    held: VecDeque<Chunk>,
    patience: Option<Delay>,
    /// Rig knows that there is no more.
    is_over: bool,
}

/// A chunk of a body; `None` is its end.
type Chunk = Option<Result<Bytes, http_client::Error>>;

impl Payloads {
    pub(super) fn new(body: BoxedStream, framer: Framer, exchange: Arc<Exchange>) -> Self {
        Self { body, framer, exchange, held: VecDeque::new(), patience: None, is_over: false }
    }

    /// Reads one chunk of the body, and tells the payloads that it completes.
    fn poll_body(&mut self, context: &mut Context<'_>) -> Poll<Chunk> {
        let chunk = ready!(self.body.poll_next_unpin(context));
        let payloads = match &chunk {
            Some(Ok(bytes)) => self.framer.push(bytes),
            Some(Err(_)) => Vec::new(),
            None => self.framer.finish().into_iter().collect(),
        };
        for payload in &payloads {
            self.exchange.payload(payload);
        }
        Poll::Ready(chunk)
    }

    /// Reads what follows the end of the answer, until there is no more or patience ends.
    fn poll_rest(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while let Some(patience) = self.patience.as_mut().filter(|_| !self.exchange.is_complete()) {
            let is_tired = patience.poll_unpin(context).is_ready();
            match self.poll_body(context) {
                Poll::Ready(chunk) => {
                    let goes_on = matches!(chunk, Some(Ok(_)));
                    self.held.push_back(chunk);
                    if !goes_on {
                        self.patience = None;
                    }
                }
                Poll::Pending if is_tired => self.patience = None,
                Poll::Pending => return Poll::Pending,
            }
        }
        self.patience = None;
        Poll::Ready(())
    }

    fn hand_on(&mut self, chunk: Chunk) -> Chunk {
        match chunk {
            Some(Ok(bytes)) if self.exchange.is_suspect() => {
                Some(Ok(self.exchange.bytes_without_secrets(bytes)))
            }
            Some(Ok(bytes)) => Some(Ok(bytes)),
            Some(Err(error)) => {
                self.is_over = true;
                Some(Err(self.exchange.break_off(error, self.framer.rest().as_deref())))
            }
            None => {
                self.is_over = true;
                self.exchange.end(self.framer.rest().as_deref());
                None
            }
        }
    }
}

impl Stream for Payloads {
    type Item = Result<Bytes, http_client::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.is_over {
            return Poll::Ready(None);
        }
        ready!(this.poll_rest(context));
        if let Some(chunk) = this.held.pop_front() {
            return Poll::Ready(this.hand_on(chunk));
        }
        this.exchange.go_on();
        let had_ended = this.exchange.has_ended();
        let chunk = ready!(this.poll_body(context));
        let ends = !had_ended && matches!(chunk, Some(Ok(_))) && this.exchange.has_ended();
        if !(ends && this.exchange.is_raw()) {
            return Poll::Ready(this.hand_on(chunk));
        }
        this.held.push_back(chunk);
        this.patience = Some(Delay::new(PATIENCE));
        ready!(this.poll_rest(context));
        let chunk = this.held.pop_front().flatten();
        Poll::Ready(this.hand_on(chunk))
    }
}

impl Drop for Payloads {
    fn drop(&mut self) {
        if !self.is_over {
            self.exchange.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use futures::stream;
    use http::{HeaderMap, Request, StatusCode};
    use probity_eval::RawTelemetryConfig;
    use probity_trace::{RawPayload, capture_raw};

    use super::*;
    use crate::http::Admitted;

    const END: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    const DONE: &str = "data: [DONE]\n\n";

    /// A body of these chunks that then stays open.
    #[expect(clippy::result_large_err, reason = "the error is rig's")]
    fn open_body(chunks: &[&'static str]) -> BoxedStream {
        let chunks: Vec<_> =
            chunks.iter().map(|chunk| Ok(Bytes::from_static(chunk.as_bytes()))).collect();
        Box::pin(stream::iter(chunks).chain(stream::pending()))
    }

    /// Reads one chunk as rig does, and returns the payloads that were told, and how long it took.
    async fn read_one(body: BoxedStream, raw: RawTelemetryConfig) -> (Vec<String>, Duration) {
        let began = Instant::now();
        let collected = capture_raw(async {
            let request = Request::new(Bytes::new());
            let exchange = Exchange::begin(&request, raw, Admitted::default());
            exchange.begin_stream(StatusCode::OK, &HeaderMap::new());
            let mut payloads = Payloads::new(body, Framer::of(&HeaderMap::new()), exchange);
            assert_eq!(payloads.next().await.unwrap().unwrap(), END);
        })
        .await;
        let told = collected.raw.entries.into_iter().filter_map(|entry| match entry.payload {
            RawPayload::StreamEvent { body, .. } => Some(body),
            _ => None,
        });
        (told.collect(), began.elapsed())
    }

    #[tokio::test]
    async fn what_follows_the_end_is_told_before_the_end_is_handed_on() {
        let (told, time) = read_one(open_body(&[END, DONE]), RawTelemetryConfig::all()).await;
        assert_eq!((told.len(), &*told[1]), (2, "[DONE]"));
        assert!(time < PATIENCE, "nothing more is awaited: {time:?}");
    }

    #[tokio::test]
    async fn a_body_that_stays_open_is_not_awaited_for_long() {
        let (told, time) = read_one(open_body(&[END]), RawTelemetryConfig::all()).await;
        assert_eq!(told.len(), 1);
        assert!(time >= PATIENCE, "{time:?}");
    }

    #[tokio::test]
    async fn without_a_raw_capture_nothing_is_held_back() {
        let (told, time) = read_one(open_body(&[END, DONE]), RawTelemetryConfig::none()).await;
        assert!(told.is_empty() && time < PATIENCE, "{time:?}");
    }
}
