//! The span around a trajectory.

use tracing::{Span, field::Empty};

use super::Sample;
use crate::ids::entropy;

/// What the span says of its trajectory.
#[derive(Debug, Clone)]
pub(super) struct Anchor {
    pub(super) task: String,
    pub(super) model: String,
    pub(super) sample: Sample,
    pub(super) sandbox_id: Option<String>,
}

impl Anchor {
    /// Opens the span.
    ///
    /// `tracing` wants its name to be static; exporters to OpenTelemetry take `otel.name` in its place.
    pub(super) fn open(self) -> Span {
        let sample = self.sample.to_string();
        tracing::info_span!(
            target: "probity::trajectory",
            "trajectory",
            "otel.name" = format!("trajectory_{sample}"),
            "lunette.trajectory_id" = uuid(),
            "lunette.sample" = sample,
            "lunette.task" = self.task,
            "lunette.model" = self.model,
            "lunette.sandbox_id" = self.sandbox_id,
            "otel.status_code" = Empty,
            "otel.status_description" = Empty,
            "error.type" = Empty,
        )
    }
}

/// Makes a random UUID: version 4 of RFC 9562.
fn uuid() -> String {
    let [high, low, _] = entropy();
    let high = high & !0xf000 | 0x4000;
    let low = low & !(0b11 << 62) | 0b10 << 62;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_random_uuids_of_version_4() {
        let ids: std::collections::BTreeSet<String> = (0..100).map(|_| uuid()).collect();
        assert_eq!(ids.len(), 100);
        for id in ids {
            let groups: Vec<usize> = id.split('-').map(str::len).collect();
            assert_eq!(groups, [8, 4, 4, 4, 12], "{id}");
            assert_eq!(&id[14..15], "4", "{id}");
            assert!("89ab".contains(&id[19..20]), "{id}");
        }
    }
}
