//! Whether a trace can tell what a check asks.

use probity_trace::{TraceSnapshot, genai::GenAi};

use super::error::CheckError;

/// What a check asks a trace about.
#[derive(Clone, Copy, Debug)]
pub(super) enum About {
    /// Spans, and what is read from them.
    Spans,
    /// Spans with all that was recorded on them, and events.
    Everything,
}

/// Refuses a trace in which nothing was recorded.
pub(super) fn require_recorded(trace: &TraceSnapshot) -> Result<(), CheckError> {
    if trace.status().is_recorded() {
        return Ok(());
    }
    Err(CheckError::NotRecorded { status: trace.status().clone() })
}

/// Refuses a trace that does not have all that was asked about.
///
/// A check calls it before it concludes from what it did not find.
pub(super) fn require_complete(trace: &TraceSnapshot, about: About) -> Result<(), CheckError> {
    let dropped = trace.dropped();
    let is_complete = match about {
        About::Spans => dropped.spans == 0,
        About::Everything => dropped.spans == 0 && dropped.events == 0 && dropped.fields == 0,
    };
    if is_complete { Ok(()) } else { Err(CheckError::Incomplete { dropped }) }
}

/// Refuses a trace in which calls of tools may be missing, since spans were dropped or the texts that tell
/// of calls were cut.
pub(super) fn require_all_tool_calls(
    trace: &TraceSnapshot,
    view: &GenAi,
) -> Result<(), CheckError> {
    require_complete(trace, About::Spans)?;
    match view.unreadable().iter().filter(|value| value.may_hide_tool_calls()).count() {
        0 => Ok(()),
        values => Err(CheckError::Cut { values }),
    }
}
