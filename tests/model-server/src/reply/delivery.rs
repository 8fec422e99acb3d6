//! How a reply travels.

use std::{num::NonZeroUsize, time::Duration};

use crate::reply::{Fault, RateLimit};

/// How a reply travels, whatever it says.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) delay: Duration,
    pub(crate) delta_delay: Duration,
    /// In characters.
    pub(crate) delta_size: NonZeroUsize,
    /// In bytes.
    pub(crate) chunk_size: Option<NonZeroUsize>,
    /// The fault, and the number of deltas before it.
    pub(crate) fault: Option<(usize, Fault)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) request_id: Option<String>,
    pub(crate) rate_limit: Option<RateLimit>,
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            delay: Duration::ZERO,
            delta_delay: Duration::ZERO,
            delta_size: at_least_one(4), // About what a token of English has.
            chunk_size: None,
            fault: None,
            headers: Vec::new(),
            request_id: None,
            rate_limit: None,
        }
    }
}

pub(super) fn at_least_one(size: usize) -> NonZeroUsize {
    NonZeroUsize::new(size).unwrap_or(NonZeroUsize::MIN)
}
