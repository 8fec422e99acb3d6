//! What is replied to which request.

use std::{fmt, sync::Arc};

use crate::{
    received::Received,
    reply::{Failure, FailureKind, Reply},
};

type Choose = dyn Fn(&Received, usize) -> Reply + Send + Sync;

/// What is replied to which request.
///
/// A [`Reply`] alone becomes a script that always gives it, an array of them one that gives each once.
#[derive(Clone)]
pub struct Script {
    source: Source,
    needs_key: bool,
}

#[derive(Clone)]
enum Source {
    List { replies: Vec<Reply>, repeats_last: bool },
    Function(Arc<Choose>),
}

impl Script {
    fn new(source: Source) -> Self {
        Self { source, needs_key: true }
    }

    /// Gives each reply once, in order; further requests get a 500 that says so.
    pub fn in_order(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::new(Source::List { replies: replies.into_iter().collect(), repeats_last: false })
    }

    /// Gives each reply once, in order, and from then on the last one again.
    pub fn repeating_last(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::new(Source::List { replies: replies.into_iter().collect(), repeats_last: true })
    }

    /// Asks a function for each reply; it gets the request, and how many replies were given before.
    pub fn from_fn(choose: impl Fn(&Received, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::new(Source::Function(Arc::new(choose)))
    }

    /// Accepts requests without a key, which otherwise get a 401.
    #[must_use]
    pub fn without_keys(mut self) -> Self {
        self.needs_key = false;
        self
    }

    pub(crate) fn needs_key(&self) -> bool {
        self.needs_key
    }

    /// Returns the reply to a request before which `given` replies were given.
    pub(crate) fn reply(&self, received: &Received, given: usize) -> Reply {
        match &self.source {
            Source::Function(choose) => choose(received, given),
            Source::List { replies, repeats_last } => {
                let last = replies.last().filter(|_| *repeats_last);
                let reply = replies.get(given).or(last).cloned();
                reply.unwrap_or_else(|| exhausted(replies.len()))
            }
        }
    }
}

fn exhausted(replies: usize) -> Reply {
    mistake(&format!("script exhausted: all of its {replies} replies are given"))
}

/// Returns the reply that tells what is wrong with the script.
pub(crate) fn mistake(message: &str) -> Reply {
    // A client that tries again would only hide the mistake, or make it slow.
    Reply::from(Failure::new(FailureKind::Server).with_message(message))
        .with_header("x-should-retry", "false")
}

impl From<Reply> for Script {
    fn from(reply: Reply) -> Self {
        Self::repeating_last([reply])
    }
}

impl<const N: usize> From<[Reply; N]> for Script {
    fn from(replies: [Reply; N]) -> Self {
        Self::in_order(replies)
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut script = f.debug_struct("Script");
        match &self.source {
            Source::List { replies, repeats_last } => {
                script.field("replies", replies).field("repeats_last", repeats_last)
            }
            Source::Function(_) => script.field("replies", &format_args!("chosen by a function")),
        };
        script.field("needs_key", &self.needs_key).finish()
    }
}
