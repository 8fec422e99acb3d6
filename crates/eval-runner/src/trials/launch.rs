//! Calls the agent where its trial is polled, so that its first lines belong to the trial too.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::agent::{Agent, TrialError};

pin_project! {
    /// A trial whose closure is called with the first poll.
    pub(super) struct Launch<A: Agent> {
        agent: Arc<A>,
        case: A::Case,
        #[pin]
        run: Option<A::Run>,
    }
}

impl<A: Agent> Launch<A> {
    pub(super) fn new(agent: Arc<A>, case: A::Case) -> Self {
        Self { agent, case, run: None }
    }
}

impl<A: Agent> Future for Launch<A> {
    type Output = Result<bool, TrialError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if this.run.is_none() {
            this.run.set(Some(this.agent.start(*this.case)));
        }
        match this.run.as_pin_mut() {
            Some(run) => run.poll(context),
            None => Poll::Pending,
        }
    }
}
