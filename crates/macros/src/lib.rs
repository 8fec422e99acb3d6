//! The attribute macros of probity; they are documented and re-exported by `probity-trace` and `probity`.
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::dbg_macro
)]

mod arguments;
mod body;
mod expand;
mod kind;
mod options;
mod returned;
mod run;
mod span;
mod trajectory;

use proc_macro::TokenStream;
use syn::parse_quote;

/// Turns a function into a span with its arguments, what it returned, and how it failed.
///
/// This form names `::probity_trace`; that of the facade names `::probity::trace`.
#[proc_macro_attribute]
pub fn observe(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::observe(options.into(), &item.into(), parse_quote!(::probity_trace)).into()
}

/// Turns a function into a span with its arguments, what it returned, and how it failed.
///
/// This form names `::probity::trace`; that of `probity-trace` names `::probity_trace`.
#[proc_macro_attribute]
pub fn observe_facade(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::observe(options.into(), &item.into(), parse_quote!(::probity::trace)).into()
}

/// Runs a function as a trajectory of a tracer: `#[trajectory(tracer = .., sample = ..)]`.
///
/// | option | what it is |
/// |---|---|
/// | `tracer = ..` | an expression: the `Tracer`, or a reference to it |
/// | `sample = ..` | an expression: the sample, such as the name of a case |
/// | `sandbox_id = ..` | an expression: the sandbox that the function works in; need not be there |
/// | `metadata(key = .., "other key" = ..)` | expressions by their keys; need not be there |
///
/// The expressions may use the arguments of the function. They are evaluated when it is called, or first
/// polled if it is async. The function returns a `Result` whose error is `From<NestedTrajectory>`, by which a
/// trajectory that is begun in another is refused, and `Display`, by which it is recorded. It may be
/// blocking or async, or a method, also under `#[async_trait]`.
#[proc_macro_attribute]
pub fn trajectory(options: TokenStream, item: TokenStream) -> TokenStream {
    trajectory::trajectory(options.into(), &item.into()).into()
}
