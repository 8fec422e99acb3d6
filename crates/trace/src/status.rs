//! Whether a capture recorded anything, and if not, why.

use std::fmt;

use serde::{Deserialize, Serialize};
use tracing_core::LevelFilter;

use crate::wire;

/// Says whether a capture recorded anything and, if it did not, the likely reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[non_exhaustive]
pub enum CaptureStatus {
    /// The layer recorded spans or events.
    Recorded,
    /// No subscriber was installed, and what was recorded came through probity's own.
    Fallback,
    /// The layer was there, and nothing came that it kept.
    NothingRecorded {
        /// The most verbose level that any installed subscriber lets through, as it was at the end.
        #[serde(with = "wire::level_filter")]
        max_level: LevelFilter,
        /// The most verbose level that the program was compiled with.
        #[serde(with = "wire::level_filter")]
        static_max_level: LevelFilter,
    },
    /// Spans or events came, and the bounds of the capture left no room for any of them.
    NothingFits,
    /// No layer saw the capture.
    #[default]
    LayerNotSeen,
}

impl CaptureStatus {
    /// Returns whether anything was recorded.
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        matches!(self, Self::Recorded | Self::Fallback)
    }

    pub(crate) fn nothing_recorded() -> Self {
        Self::NothingRecorded {
            max_level: LevelFilter::current(),
            static_max_level: tracing::level_filters::STATIC_MAX_LEVEL,
        }
    }
}

/// Says what is the case and, where nothing was recorded, what to do about it.
impl fmt::Display for CaptureStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recorded => f.write_str("recorded"),
            Self::Fallback => {
                f.write_str("recorded by probity's own subscriber, since none was installed")
            }
            Self::NothingRecorded { max_level, static_max_level } => write!(
                f,
                "nothing recorded: the layer was there, but no span or event came that it keeps; \
                 the most verbose level enabled is {max_level} ({static_max_level} at compile \
                 time), so look for a filter, or for code that emits no spans"
            ),
            Self::NothingFits => f.write_str(
                "nothing recorded: the limits of the capture leave no room for a single record",
            ),
            Self::LayerNotSeen => f.write_str(
                "nothing recorded: no capture layer saw anything; add `probity_trace::layer()` to \
                 the subscriber that is active in the captured code, and where code runs in a \
                 spawned task or another thread, use `probity_trace::spawn` or `CaptureHandle`",
            ),
        }
    }
}
