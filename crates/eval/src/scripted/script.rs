//! Where the replies come from.

use std::{fmt, sync::Arc};

use super::{reply::Reply, turn::Turn};
use crate::model::{ModelError, ModelErrorKind, ModelRequest};

/// What a [`ScriptedModel`](super::ScriptedModel) with a list of replies answers when all are given.
///
/// # Examples
///
/// ```
/// use probity_eval::scripted::{ScriptedModel, WhenUsedUp};
///
/// let always = ScriptedModel::replies(["yes"]).when_used_up(WhenUsedUp::RepeatLast);
/// # drop(always);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhenUsedUp {
    /// An error that says so, which is not tried again.
    #[default]
    Fail,
    /// The list from its start.
    Repeat,
    /// The last reply again.
    RepeatLast,
}

/// Where the replies come from. Clones share it.
#[derive(Clone)]
pub(super) enum Script {
    List(Arc<[Reply]>),
    Closure(Arc<Answering>),
}

type Answering = dyn Fn(&ModelRequest, &mut Turn) -> Reply + Send + Sync;

impl Script {
    /// Returns the reply to a request. `given` replies of a list were given before.
    pub(super) fn reply(
        &self,
        request: &ModelRequest,
        turn: &mut Turn,
        given: usize,
        then: WhenUsedUp,
    ) -> Result<Reply, ModelError> {
        match self {
            Self::Closure(answering) => Ok(answering(request, turn)),
            Self::List(replies) => {
                let index = match then {
                    WhenUsedUp::Fail => given,
                    WhenUsedUp::Repeat => given.checked_rem(replies.len()).unwrap_or(0),
                    WhenUsedUp::RepeatLast => given.min(replies.len().saturating_sub(1)),
                };
                replies.get(index).cloned().ok_or_else(|| used_up(replies.len()))
            }
        }
    }
}

fn used_up(replies: usize) -> ModelError {
    let plural = if replies == 1 { "reply" } else { "replies" };
    let message = format!(
        "the script is used up after {replies} {plural}: add more, or say by `when_used_up` what follows"
    );
    ModelError::new(ModelErrorKind::Other, message).with_should_retry(false)
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(replies) => write!(f, "a list of {}", replies.len()),
            Self::Closure(_) => f.write_str("a closure"),
        }
    }
}
