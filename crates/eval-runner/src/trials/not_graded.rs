//! The mark that makes an error "not graded" instead of "failed".

use std::{error::Error, fmt};

use super::agent::TrialError;

/// An error that says: the infrastructure failed, so this trial says nothing about the agent.
///
/// It is found anywhere in the chain of an error's sources, also inside an [`io::Error`](std::io::Error), so it
/// survives being wrapped; not so in an error that gives its inner error's source as its own, as `thiserror`'s
/// `transparent` does. A harness, a sandbox, a network or a judge whose reply could not be read is infrastructure;
/// a step limit, a bad tool call or a crash of the agent is not.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{NotGraded, TrialError, pass_at_k};
///
/// # futures::executor::block_on(async {
/// async fn start_sandbox(index: u32) -> Result<(), std::io::Error> {
///     if index == 0 { Err(std::io::Error::other("no disk")) } else { Ok(()) }
/// }
///
/// let metric = pass_at_k(1, 1, || async {
///     let index = probity_eval_runner::Trial::current().map_or(0, |trial| trial.index());
///     start_sandbox(index).await.map_err(NotGraded::new)?;
///     Ok(true)
/// })
/// .trials(4)
/// .await?;
/// assert_eq!((metric.passes, metric.tally.not_graded), (3, 1));
/// # Ok::<(), TrialError>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct NotGraded {
    cause: TrialError,
}

impl NotGraded {
    /// Marks an error, or a plain text, as a fault of the infrastructure.
    pub fn new(cause: impl Into<TrialError>) -> Self {
        Self { cause: cause.into() }
    }
}

impl fmt::Display for NotGraded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the infrastructure failed")
    }
}

impl Error for NotGraded {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.cause)
    }
}
