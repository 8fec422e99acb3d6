//! Measures what `#[observe]` costs beside `tracing::instrument`, and what it costs switched off.
//!
//! Run it with: `cargo bench -p probity-trace --features macros --bench observe`.

use std::{
    hint::black_box,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use probity_trace::{Switches, capture_sync, layer, observe};
use tracing::subscriber::NoSubscriber;
use tracing_subscriber::{Registry, layer::SubscriberExt as _};

/// So short that most rounds are not interrupted by other work of the machine.
const ROUND: Duration = Duration::from_micros(400);
const ROUNDS: usize = 500;

#[inline(never)]
fn plain(number: u64) -> u64 {
    black_box(number) + 1
}

#[inline(never)]
#[tracing::instrument]
fn instrumented(number: u64) -> u64 {
    black_box(number) + 1
}

#[inline(never)]
#[tracing::instrument(ret)]
fn instrumented_with_output(number: u64) -> u64 {
    black_box(number) + 1
}

#[inline(never)]
#[observe]
fn observed(number: u64) -> u64 {
    black_box(number) + 1
}

#[inline(never)]
#[observe(skip_all, skip_output)]
fn observed_without_content(number: u64) -> u64 {
    black_box(number) + 1
}

#[observe]
async fn observed_async(number: u64) -> u64 {
    std::future::ready(black_box(number)).await + 1
}

async fn plain_async(number: u64) -> u64 {
    std::future::ready(black_box(number)).await + 1
}

/// Returns the time of one call in the fastest round, in nanoseconds.
fn time(mut call: impl FnMut(u64) -> u64) -> f64 {
    let mut round = |calls: u32| {
        let start = Instant::now();
        for number in 0..u64::from(calls) {
            black_box(call(number));
        }
        start.elapsed()
    };
    let mut calls = 1;
    while round(calls) < ROUND / 2 {
        calls *= 2;
    }
    let fastest = (0..ROUNDS).map(|_| round(calls)).min().unwrap_or_default();
    fastest.as_secs_f64() * 1e9 / f64::from(calls)
}

/// Polls a future that is ready at once, where it is.
fn poll_once<T>(future: Pin<&mut impl Future<Output = T>>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match future.poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it is ready at once"),
    }
}

fn switched_off() {
    Switches::current().with_monitoring(false).install();
    let base = time(plain);
    let off = time(observed);
    println!("switched off: a call costs {:.2} ns more than a plain one", off - base);
    let base = time(|number| poll_once(pin!(plain_async(number))));
    let off = time(|number| poll_once(pin!(observed_async(number))));
    println!("switched off: an async call costs {:.2} ns more than a plain one", off - base);
    Switches::default().install();
}

fn row(name: &str) {
    let base = time(plain);
    println!(
        "{name:<34} {:>14.1} {:>20.1} {:>14.1} {:>19.1}",
        time(instrumented) - base,
        time(instrumented_with_output) - base,
        time(observed) - base,
        time(observed_without_content) - base,
    );
}

/// Returns the time of one call in a capture of many.
fn time_in_captures(call: fn(u64) -> u64) -> f64 {
    const CALLS: u32 = 2_000;
    let round = |_| {
        let mut elapsed = Duration::ZERO;
        capture_sync(|| {
            let start = Instant::now();
            for number in 0..u64::from(CALLS) {
                black_box(call(number));
            }
            elapsed = start.elapsed();
        });
        elapsed
    };
    let fastest = (0..ROUNDS).map(round).min().unwrap_or_default();
    fastest.as_secs_f64() * 1e9 / f64::from(CALLS)
}

fn row_in_captures() {
    let base = time(plain);
    println!(
        "{:<34} {:>14.1} {:>20.1} {:>14.1} {:>19.1}",
        "in a capture",
        time_in_captures(instrumented) - base,
        time_in_captures(instrumented_with_output) - base,
        time_in_captures(observed) - base,
        time_in_captures(observed_without_content) - base,
    );
}

fn main() {
    switched_off();
    println!(
        "\nns a call              {:>30} {:>18} {:>16} {:>19}",
        "instrument", "instrument(ret)", "observe", "without content"
    );
    tracing::subscriber::with_default(NoSubscriber::default(), || row("no subscriber"));
    tracing::subscriber::with_default(Registry::default().with(layer()), || {
        row("a layer, no capture");
        // A capture grows with what is called in it: each round has one of its own.
        row_in_captures();
    });
}
