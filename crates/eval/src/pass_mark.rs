//! The pass mark as a builder holds it: checked when it is used, so that setting it cannot fail.

use crate::{
    into_score::IntoScore,
    score::{InvalidScore, Score},
};

/// A pass mark, or why what was set is none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PassMark(Result<Score, InvalidScore>);

impl PassMark {
    pub(crate) fn new(mark: impl IntoScore) -> Self {
        Self(mark.into_score())
    }

    pub(crate) fn get(self) -> Result<Score, InvalidScore> {
        self.0
    }
}

impl Default for PassMark {
    fn default() -> Self {
        Self(Ok(Score::DEFAULT_PASS_MARK))
    }
}
