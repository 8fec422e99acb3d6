//! What the tests ask of traces.

use probity_trace::TraceSnapshot;

/// Checks fields of the first span of this name, by what they print; a field that is not there is `-`.
#[track_caller]
pub(crate) fn check(trace: &TraceSnapshot, span: &str, fields: &[(&str, &str)]) {
    let span = trace.span(span).unwrap_or_else(|| panic!("no span {span}: {trace}"));
    for (key, expected) in fields {
        let value = span.field(key).map_or_else(|| "-".to_owned(), |value| value.to_string());
        assert_eq!(value, *expected, "{key}");
    }
}
