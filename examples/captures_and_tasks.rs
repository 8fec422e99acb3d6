//! Keeps spawned tasks, blocking code and threads in the capture, and shows what is lost otherwise.
//!
//! ```text
//! cargo run --example captures_and_tasks
//! ```

use std::{error::Error, thread};

use probity::{capture, layer, spawn, trace::CaptureHandle};
use tracing::{Instrument as _, info_span};
use tracing_subscriber::{layer::SubscriberExt as _, util::SubscriberInitExt as _};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // An application installs the layer once, beside its others. (Where no subscriber is installed
    // at all, a capture brings its own.)
    tracing_subscriber::registry().with(layer()).init();

    let collected = capture(
        async {
            // What runs in the captured future itself is captured, at whatever depth it awaits.
            info_span!("inline").in_scope(|| ());

            // `probity::spawn` starts a task that belongs to the capture and to the current span.
            spawn(work("spawned")).await?;

            // So does tokio's, if the future carries the current span and the layer is global.
            tokio::spawn(work("instrumented").in_current_span()).await?;

            // Alone it starts a task that knows nothing of where it came from: not captured.
            tokio::spawn(work("detached")).await?;

            // Blocking code on tokio's pool, and any thread, go by a handle.
            probity::trace::spawn_blocking(|| info_span!("blocking").in_scope(|| ())).await?;
            let handle = CaptureHandle::current().ok_or("this is not captured")?;
            let thread = thread::spawn(move || {
                handle.in_scope(|| info_span!("thread").in_scope(|| ()));
            });
            thread.join().map_err(|_| "the thread panicked")?;
            Ok::<_, Box<dyn Error>>(())
        }
        .instrument(info_span!("agent")),
    )
    .await;
    collected.output?;

    for name in ["inline", "spawned", "instrumented", "detached", "blocking", "thread"] {
        let parent = collected.trace.span(name).and_then(|span| span.parent());
        match parent {
            Some(parent) => println!("{name:<12} captured below {}", parent.name()),
            None if collected.trace.span_exists(name) => {
                println!("{name:<12} captured at the root")
            }
            None => println!("{name:<12} not captured"),
        }
    }
    Ok(())
}

async fn work(name: &'static str) {
    // The names of spans are fixed where they are made.
    match name {
        "spawned" => info_span!("spawned").in_scope(|| ()),
        "instrumented" => info_span!("instrumented").in_scope(|| ()),
        _ => info_span!("detached").in_scope(|| ()),
    }
}
