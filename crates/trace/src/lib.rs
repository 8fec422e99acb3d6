//! Stub while the crate is being built.
#![allow(missing_docs, missing_debug_implementations)]

#[derive(Debug, Clone, Default)]
pub struct TraceSnapshot {}
#[derive(Debug, Clone, Default)]
pub struct RawTraceSnapshot {}

#[non_exhaustive]
#[derive(Debug, Clone)]
pub struct Collected<T> {
    pub output: T,
    pub trace: TraceSnapshot,
}
impl<T> Collected<T> {
    pub fn new(output: T, trace: TraceSnapshot) -> Self {
        Self { output, trace }
    }
}
#[non_exhaustive]
#[derive(Debug, Clone)]
pub struct CollectedRaw<T> {
    pub output: T,
    pub trace: TraceSnapshot,
    pub raw: RawTraceSnapshot,
}
impl<T> CollectedRaw<T> {
    pub fn new(output: T, trace: TraceSnapshot, raw: RawTraceSnapshot) -> Self {
        Self { output, trace, raw }
    }
}
