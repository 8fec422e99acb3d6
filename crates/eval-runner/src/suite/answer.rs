//! What an eval of a suite judges.

use std::{ops::Deref, sync::Arc};

use crate::case::Case;

/// An artifact beside the case that it answers. Derefs to the artifact.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Answer<I, E, A> {
    /// The case.
    pub case: Arc<Case<I, E>>,
    /// What the agent made.
    pub artifact: A,
}

impl<I, E, A> Answer<I, E, A> {
    /// Puts an artifact beside its case.
    pub fn new(case: Arc<Case<I, E>>, artifact: A) -> Self {
        Self { case, artifact }
    }
}

impl<I, E, A> Deref for Answer<I, E, A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.artifact
    }
}
