//! Evals made of a closure: the leaves to which combinators are applied.

mod from_async_fn;
mod from_fn;

pub use self::{
    from_async_fn::{BoxFuture, FromAsyncFn, from_async_fn},
    from_fn::{FromFn, from_fn},
};
