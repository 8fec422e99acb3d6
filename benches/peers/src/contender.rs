//! The names of the peers, and which of them take part in which workload.

use std::io;

use clap::ValueEnum;

use crate::peers::{
    Fastrace, Filtered, Lutum, OpenTelemetry, Plain, Probity, Registry, TracingCapture,
    UnderIdentity, Usual,
};
use crate::sample::Sample;
use crate::workloads::{Run, Workload};

/// A peer, by its name on the command line and in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub enum Contender {
    /// The bare registry, to which all else is compared.
    Registry,
    /// The registry under a layer that does nothing.
    #[value(name = "registry+identity")]
    RegistryIdentity,
    /// probity-trace as `layer()` installs it.
    Probity,
    /// probity-trace without a filter.
    #[value(name = "probity_plain")]
    ProbityPlain,
    /// probity-trace behind a per-layer filter.
    #[value(name = "probity_filtered")]
    ProbityFiltered,
    /// lutum-trace 0.1.0.
    Lutum,
    /// tracing-capture 0.1.0.
    #[value(name = "tracing_capture")]
    TracingCapture,
    /// tracing-opentelemetry with the in-memory exporter.
    Opentelemetry,
    /// fastrace with its own local spans.
    Fastrace,
}

impl Contender {
    /// Returns the name on the command line and in the report.
    #[must_use]
    pub fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Returns whether the workload means something for the peer.
    ///
    /// The extra baselines and forms are for the idle workloads.
    /// Only a peer with a capture of its own has an empty one.
    /// `fastrace` cannot hold 25,600 spans in the one scope of its ancestors.
    #[must_use]
    pub fn takes_part_in(self, workload: Workload) -> bool {
        match self {
            Self::RegistryIdentity | Self::ProbityPlain | Self::ProbityFiltered => {
                workload.is_idle()
            }
            Self::Probity | Self::Lutum => true,
            Self::Fastrace => {
                !matches!(workload, Workload::Empty | Workload::W2bDepth1 | Workload::W2bDepth512)
            }
            Self::Registry | Self::TracingCapture | Self::Opentelemetry => {
                workload != Workload::Empty
            }
        }
    }

    /// Returns whether the peer captures at all.
    #[must_use]
    pub fn captures(self) -> bool {
        !matches!(self, Self::Registry | Self::RegistryIdentity)
    }

    /// Runs the workload once.
    ///
    /// # Errors
    ///
    /// Where a runtime cannot be built or a task panics.
    pub fn sample(self, workload: Workload, run: &Run) -> io::Result<Sample> {
        match self {
            Self::Registry => workload.sample::<Registry>(run),
            Self::RegistryIdentity => workload.sample::<UnderIdentity>(run),
            Self::Probity => workload.sample::<Probity<Usual>>(run),
            Self::ProbityPlain => workload.sample::<Probity<Plain>>(run),
            Self::ProbityFiltered => workload.sample::<Probity<Filtered>>(run),
            Self::Lutum => workload.sample::<Lutum>(run),
            Self::TracingCapture => workload.sample::<TracingCapture>(run),
            Self::Opentelemetry => workload.sample::<OpenTelemetry>(run),
            Self::Fastrace => workload.sample::<Fastrace>(run),
        }
    }
}
