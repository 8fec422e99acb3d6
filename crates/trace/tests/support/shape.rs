//! Writes a trace in one line per record, for comparison.

use probity_trace::{SpanRef, TraceSnapshot};

/// Returns the spans in the order of their starts, then the events in the order of their times.
///
/// `leaf < top` is a span `leaf` with the parent `top`; `'said' < leaf` is an event in `leaf`. What
/// has no parent stands alone.
pub(crate) fn shape(trace: &TraceSnapshot) -> Vec<String> {
    let spans = trace.all_spans().map(|span| below(span.name().to_owned(), span.parent()));
    let events = trace.all_events().map(|event| {
        let message = event.message().unwrap_or_default();
        below(format!("'{message}'"), event.span())
    });
    spans.chain(events).collect()
}

fn below(record: String, parent: Option<SpanRef<'_>>) -> String {
    match parent {
        Some(parent) => format!("{record} < {}", parent.name()),
        None => record,
    }
}
