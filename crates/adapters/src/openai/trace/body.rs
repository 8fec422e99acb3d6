//! A body that is watched while its owner reads it.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream::BoxStream};
use reqwest::{Body, Response};

use super::watch::Watch;

/// Takes the body of a response, and shows its bytes to `watch` before they are handed on.
pub(super) fn watched(response: Response, watch: Watch) -> Body {
    Body::wrap_stream(Watched { bytes: response.bytes_stream().boxed(), watch })
}

struct Watched {
    bytes: BoxStream<'static, reqwest::Result<Bytes>>,
    watch: Watch,
}

impl Stream for Watched {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = ready!(self.bytes.poll_next_unpin(context));
        match &polled {
            Some(Ok(bytes)) => self.watch.see(bytes),
            Some(Err(error)) => self.watch.broken(error),
            None => self.watch.end(),
        }
        Poll::Ready(polled)
    }
}
