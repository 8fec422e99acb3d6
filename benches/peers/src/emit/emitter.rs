//! The trait through which the workloads speak.

/// Name of the spans that the workloads count.
pub(crate) const SPAN: &str = "step";

/// Number of callsites of [`Emit::disabled`].
pub(crate) const DISABLED_CALLSITES: u64 = 100;

/// Opens spans and logs events; workloads are written against it once.
pub(crate) trait Emit: Send + Sync + 'static {
    /// Scope that collects what is emitted on this thread until it is dropped.
    type Scope;
    /// A span that is open and entered.
    type Open;

    /// Opens a scope; needed only where a peer bounds what one scope may hold.
    fn scope() -> Self::Scope;

    /// Emits one span: four fields, one late field, one event with two fields.
    fn flat(step: u64);

    /// Emits a chain of nested spans, each with one field and one event.
    fn nested(depth: u64);

    /// Emits one span with one long text field.
    fn large(text: &str);

    /// Opens a span that a capture does not record where the peer lets one say so.
    fn ancestor() -> Self::Open;

    /// Runs once past a hundred disabled callsites.
    fn disabled(pass: u64);

    /// Puts a task under the span that is current.
    fn in_task<F>(task: F) -> impl Future<Output = F::Output> + Send + 'static
    where
        F: Future<Output: Send> + Send + 'static;
}
