//! Sends a body step by step.

use std::{future, io, num::NonZeroUsize, time::Duration};

use axum::body::{Body, Bytes};
use futures::{Stream, stream};
use tokio::{task, time};

use crate::connection::Breaker;

/// One step of a body.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Sends bytes as one chunk.
    Send(Bytes),
    Wait(Duration),
    Break(Break),
}

/// How a body ends before it is complete.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Break {
    Reset,
    Hangup,
    Stall,
}

/// Returns a body that takes these steps; one that is sent at once gets a length and no chunks.
pub(crate) fn body(steps: Vec<Step>, breaker: Breaker) -> Body {
    match &steps[..] {
        [] => Body::empty(),
        [Step::Send(bytes)] => Body::from(bytes.clone()),
        _ => Body::from_stream(chunks(steps, breaker)),
    }
}

fn chunks(steps: Vec<Step>, breaker: Breaker) -> impl Stream<Item = io::Result<Bytes>> {
    stream::unfold((steps.into_iter(), breaker), async |(mut steps, breaker)| {
        // Whoever sends the body flushes what it has while there is nothing to send.
        task::yield_now().await;
        loop {
            let chunk = match steps.next()? {
                Step::Wait(time) => {
                    time::sleep(time).await;
                    continue;
                }
                Step::Send(bytes) => Ok(bytes),
                Step::Break(Break::Stall) => future::pending().await,
                Step::Break(Break::Hangup) => Err(io::ErrorKind::UnexpectedEof.into()),
                Step::Break(Break::Reset) => {
                    breaker.reset();
                    Err(io::ErrorKind::ConnectionReset.into())
                }
            };
            return Some((chunk, (steps, breaker)));
        }
    })
}

/// Cuts what is sent without a wait between into chunks of this size, wherever that cuts.
pub(crate) fn cut(steps: Vec<Step>, size: NonZeroUsize) -> Vec<Step> {
    let mut cut = Vec::new();
    let mut open = Vec::new();
    let flush = |open: &mut Vec<u8>, cut: &mut Vec<Step>| {
        cut.extend(open.chunks(size.get()).map(|chunk| Step::Send(Bytes::copy_from_slice(chunk))));
        open.clear();
    };
    for step in steps {
        if let Step::Send(bytes) = step {
            open.extend_from_slice(&bytes);
        } else {
            flush(&mut open, &mut cut);
            cut.push(step);
        }
    }
    flush(&mut open, &mut cut);
    cut
}
