//! What a record says of the place in the program that it comes from.

use std::borrow::Cow;

use tracing_core::{Level, Metadata};

use super::segment::{Buffer, Description};

/// A callsite: one of this program, or one that a stored trace describes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CallsiteRef<'a> {
    Static(&'static Metadata<'static>),
    Described(&'a Description),
    /// The description is missing; only a damaged buffer has such a record.
    Unknown,
}

impl<'a> CallsiteRef<'a> {
    pub(crate) fn name(self) -> &'a str {
        match self {
            Self::Static(metadata) => metadata.name(),
            Self::Described(description) => &description.name,
            Self::Unknown => "",
        }
    }

    pub(crate) fn target(self) -> &'a str {
        match self {
            Self::Static(metadata) => metadata.target(),
            Self::Described(description) => &description.target,
            Self::Unknown => "",
        }
    }

    pub(crate) fn level(self) -> Level {
        match self {
            Self::Static(metadata) => *metadata.level(),
            Self::Described(description) => description.level,
            Self::Unknown => Level::INFO,
        }
    }

    pub(crate) fn file(self) -> Option<&'a str> {
        match self {
            Self::Static(metadata) => metadata.file(),
            Self::Described(description) => description.file.as_deref(),
            Self::Unknown => None,
        }
    }

    pub(crate) fn line(self) -> Option<u32> {
        match self {
            Self::Static(metadata) => metadata.line(),
            Self::Described(description) => description.line,
            Self::Unknown => None,
        }
    }

    pub(crate) fn owned_name(self) -> Cow<'static, str> {
        match self {
            Self::Static(metadata) => Cow::Borrowed(metadata.name()),
            other => Cow::Owned(other.name().to_owned()),
        }
    }

    pub(crate) fn owned_target(self) -> Cow<'static, str> {
        match self {
            // A target may live only as long as the metadata does, which is for ever.
            Self::Static(metadata) => Cow::Borrowed(metadata.target()),
            other => Cow::Owned(other.target().to_owned()),
        }
    }

    pub(crate) fn owned_file(self) -> Option<Cow<'static, str>> {
        match self {
            Self::Static(metadata) => metadata.file().map(Cow::Borrowed),
            other => other.file().map(|file| Cow::Owned(file.to_owned())),
        }
    }
}

impl Buffer {
    pub(crate) fn span_callsite(&self, index: u32) -> CallsiteRef<'_> {
        match self.spans.get(index as usize).and_then(|record| record.callsite) {
            Some(metadata) => CallsiteRef::Static(metadata),
            None => described(self.described_spans.get(&index)),
        }
    }

    pub(crate) fn event_callsite(&self, index: u32) -> CallsiteRef<'_> {
        match self.events.get(index as usize).and_then(|record| record.callsite) {
            Some(metadata) => CallsiteRef::Static(metadata),
            None => described(self.described_events.get(&index)),
        }
    }
}

fn described(description: Option<&std::sync::Arc<Description>>) -> CallsiteRef<'_> {
    description.map_or(CallsiteRef::Unknown, |description| CallsiteRef::Described(description))
}
