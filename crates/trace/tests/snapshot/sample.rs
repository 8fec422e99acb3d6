//! A trace that has something of everything.

use std::time::{Duration, UNIX_EPOCH};

use probity_trace::{TraceSnapshot, Value, testing::TraceBuilder};
use tracing::Level;

/// Builds the trace.
pub(crate) fn sample() -> TraceSnapshot {
    let ms = Duration::from_millis;
    TraceBuilder::new()
        .started_at(UNIX_EPOCH + Duration::from_nanos(1_774_000_000_123_456_789))
        .event("before all")
        .span("agent", |agent| {
            agent
                .target("app::agent")
                .source("src/agent.rs", 12)
                .field("task", "weather in\n\"Oslo\" \u{1F980}\0")
                .field("bool", true)
                .field("i64", i64::MIN)
                .field("u64", u64::MAX)
                .field("i128", i128::MIN)
                .field("u128", u128::MAX)
                .field("f64", 0.1_f64 + 0.2)
                .field("minus zero", -0.0_f64)
                .field("nan", f64::NAN)
                .field("other nan", f64::from_bits(0x7ff8_0000_0000_0001))
                .field("inf", f64::INFINITY)
                .field("-inf", f64::NEG_INFINITY)
                .field("debug", Value::Debug("Some(1)".to_owned()))
                .field("cut", "first words")
                .cut()
                .event("retrying")
                .level(Level::WARN)
                .field("attempt", 2)
                .span("chat", |chat| {
                    chat.level(Level::DEBUG).wait(ms(310)).busy(ms(7)).event("token").name("stream")
                })
                .span("tool", |tool| tool.follows_from("chat").wait(ms(20)))
        })
        .open("left behind")
        .event("still here")
        .build()
}
