//! Keeps spawned tasks, blocking code and threads in the capture, and shows what is lost otherwise.
//!
//! ```text
//! cargo run --example captures_and_tasks
//! ```

use std::{error::Error, thread};

use probity::{
    SpanRef, capture, layer, spawn,
    trace::{CaptureHandle, spawn_blocking},
};
use tracing::{Instrument as _, instrument};
use tracing_subscriber::{layer::SubscriberExt as _, util::SubscriberInitExt as _};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // An application installs the layer once, beside its others. (Where no subscriber is installed
    // at all, a capture brings its own.)
    tracing_subscriber::registry().with(layer()).init();

    let collected = capture(agent()).await;
    collected.output?;

    for how in ["inline", "spawned", "instrumented", "detached", "blocking", "thread"] {
        let mut spans = collected.trace.spans("work");
        let span = spans.find(|span| span.field("how") == Some(how.into()));
        match span.map(|span| span.parent().map_or("no span", SpanRef::name)) {
            Some(parent) => println!("{how:<12} captured, below {parent}"),
            None => println!("{how:<12} not captured"),
        }
    }
    Ok(())
}

/// The attribute opens the span when the future first runs, so within the capture. A span that was
/// made before the capture began is not part of it, even if it is entered later.
#[instrument]
async fn agent() -> Result<(), Box<dyn Error>> {
    // What runs in the captured future itself is captured, at whatever depth it awaits.
    work("inline").await;

    // `probity::spawn` starts a task that belongs to the capture and to the current span.
    spawn(work("spawned")).await?;

    // So does tokio's, if the future carries the current span and the layer is global.
    tokio::spawn(work("instrumented").in_current_span()).await?;

    // Alone it starts a task that knows nothing of where it came from: not captured.
    tokio::spawn(work("detached")).await?;

    // Blocking code on tokio's pool, and any thread, go by a handle.
    spawn_blocking(|| tracing::info_span!("work", how = "blocking").in_scope(|| ())).await?;
    let handle = CaptureHandle::current().ok_or("this is not captured")?;
    let thread = thread::spawn(move || {
        handle.in_scope(|| tracing::info_span!("work", how = "thread").in_scope(|| ()));
    });
    thread.join().map_err(|_| "the thread panicked")?;
    Ok(())
}

#[instrument]
async fn work(how: &'static str) {
    tokio::task::yield_now().await;
}
