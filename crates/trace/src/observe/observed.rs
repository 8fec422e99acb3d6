//! What an observed function recorded, whatever its kind.

use super::content::Form;
use crate::{snapshot::SpanRef, value::ValueRef};

/// What an observed function recorded, under whichever keys its kind has.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Observed<'a> {
    /// The kind: `function`, `tool`, `llm`, `agent` or `chain`.
    pub kind: &'a str,
    /// What it was given, if that was recorded: a text, which is JSON unless the program set another.
    pub input: Option<ValueRef<'a>>,
    /// What it returned, if that was recorded.
    pub output: Option<ValueRef<'a>>,
}

impl<'a> SpanRef<'a> {
    /// Returns what the observed function recorded that the span is of; `None` of other spans.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "macros")] {
    /// use probity_trace::{capture_sync, observe};
    ///
    /// #[observe(tool)]
    /// fn double(number: u32) -> u32 {
    ///     number * 2
    /// }
    ///
    /// let trace = capture_sync(|| double(4)).trace;
    /// let observed = trace.span("double").unwrap().observed().unwrap();
    /// assert_eq!(observed.kind, "tool");
    /// assert!(observed.input.unwrap() == r#"{"number":4}"#);
    /// assert!(observed.output.unwrap() == 8);
    /// # }
    /// ```
    #[must_use]
    pub fn observed(self) -> Option<Observed<'a>> {
        let kind = self.field("probity.kind")?.as_str()?;
        let form = Form::of_kind(kind);
        let (input, output) = (self.field(form.input_key()), self.field(form.output_key()));
        Some(Observed { kind, input, output })
    }
}
