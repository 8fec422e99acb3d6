//! What a capture gives, with or without raw entries, as evals take it.

use probity_trace::{Collected, CollectedRaw, TraceSnapshot};

use crate::{
    record::{EvalRecord, RawEvalRecord},
    scored::Scored,
};

/// What a capture gave: a [`Collected`] or a [`CollectedRaw`].
///
/// It is why one `run` serves both: with raw entries in, the record holds them.
/// Implement it for what holds an output and its trace elsewhere, such as a row of a store.
pub trait Captured {
    /// The output of the captured program: the artifact to judge.
    type Output;

    /// The record that an eval of it gives.
    type Record<R, E>;

    /// Returns the output of the captured program.
    fn output(&self) -> &Self::Output;

    /// Returns the captured trace.
    fn trace(&self) -> &TraceSnapshot;

    /// Drops the output and joins the rest with the outcome of an eval.
    fn into_record<R, E>(self, outcome: Result<Scored<R>, E>) -> Self::Record<R, E>;
}

impl<T> Captured for Collected<T> {
    type Output = T;
    type Record<R, E> = EvalRecord<R, E>;

    fn output(&self) -> &T {
        &self.output
    }

    fn trace(&self) -> &TraceSnapshot {
        &self.trace
    }

    fn into_record<R, E>(self, outcome: Result<Scored<R>, E>) -> EvalRecord<R, E> {
        EvalRecord::new(outcome, self.trace)
    }
}

impl<T> Captured for CollectedRaw<T> {
    type Output = T;
    type Record<R, E> = RawEvalRecord<R, E>;

    fn output(&self) -> &T {
        &self.output
    }

    fn trace(&self) -> &TraceSnapshot {
        &self.trace
    }

    fn into_record<R, E>(self, outcome: Result<Scored<R>, E>) -> RawEvalRecord<R, E> {
        EvalRecord::new(outcome, self.trace).into_raw(self.raw)
    }
}
