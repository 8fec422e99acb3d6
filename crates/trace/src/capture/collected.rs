//! What a capture resolves to.

use crate::{raw::RawTraceSnapshot, snapshot::TraceSnapshot};

/// The output of captured code and its trace.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Collected<T> {
    /// What the code returned.
    pub output: T,
    /// All spans and events that were kept.
    pub trace: TraceSnapshot,
}

/// The output of captured code, its trace, and its raw entries.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CollectedRaw<T> {
    /// What the code returned.
    pub output: T,
    /// All spans and events that were kept.
    pub trace: TraceSnapshot,
    /// All raw entries.
    pub raw: RawTraceSnapshot,
}

impl<T> Collected<T> {
    /// Puts an output and a trace together, as tests of evals do.
    pub fn new(output: T, trace: TraceSnapshot) -> Self {
        Self { output, trace }
    }

    /// Changes the output and keeps the trace.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Collected<U> {
        Collected { output: f(self.output), trace: self.trace }
    }
}

impl<T, E> Collected<Result<T, E>> {
    /// Turns the output of code that may fail into a result that keeps the trace either way.
    ///
    /// # Errors
    ///
    /// The code's own error, with the trace up to it.
    pub fn transpose(self) -> Result<Collected<T>, (E, TraceSnapshot)> {
        match self.output {
            Ok(output) => Ok(Collected { output, trace: self.trace }),
            Err(error) => Err((error, self.trace)),
        }
    }
}

impl<T> CollectedRaw<T> {
    /// Puts an output, a trace and raw entries together, as tests of evals do.
    pub fn new(output: T, trace: TraceSnapshot, raw: RawTraceSnapshot) -> Self {
        Self { output, trace, raw }
    }

    /// Changes the output and keeps the rest.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> CollectedRaw<U> {
        CollectedRaw { output: f(self.output), trace: self.trace, raw: self.raw }
    }

    /// Lets the raw entries go.
    pub fn without_raw(self) -> Collected<T> {
        Collected { output: self.output, trace: self.trace }
    }
}
