//! Spans whose name is known only when the program runs.

use std::{
    collections::HashMap,
    sync::{Mutex, OnceLock, PoisonError},
};

use tracing::Span;
use tracing_core::{
    Callsite, Interest, Kind, Level, Metadata, callsite, field::FieldSet, identify_callsite,
};

/// The callsite of all anchors of one name.
struct AnchorCallsite {
    metadata: OnceLock<Metadata<'static>>,
}

/// What stands in for the metadata while a callsite is being made; no one sees it.
static UNNAMED: AnchorCallsite = AnchorCallsite { metadata: OnceLock::new() };

impl Callsite for AnchorCallsite {
    // The subscriber is asked each time an anchor is made, which is once per capture.
    fn set_interest(&self, _: Interest) {}

    fn metadata(&self) -> &Metadata<'_> {
        self.metadata.get_or_init(|| metadata("capture", &UNNAMED))
    }
}

fn metadata(name: &'static str, callsite: &'static AnchorCallsite) -> Metadata<'static> {
    Metadata::new(
        name,
        "probity",
        Level::INFO,
        None,
        None,
        Some(module_path!()),
        FieldSet::new(&[], identify_callsite!(callsite)),
        Kind::SPAN,
    )
}

/// Returns the metadata of anchors of this name.
///
/// Metadata must live for ever. Names are static, so a program has a bounded number of them.
fn metadata_of(name: &'static str) -> &'static Metadata<'static> {
    static KNOWN: Mutex<Option<HashMap<&'static str, &'static AnchorCallsite>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known_before = known.get_or_insert_default().get(name).copied();
    let anchor = known_before.unwrap_or_else(|| {
        let anchor: &'static AnchorCallsite =
            Box::leak(Box::new(AnchorCallsite { metadata: OnceLock::new() }));
        known.get_or_insert_default().insert(name, anchor);
        anchor
    });
    drop(known);
    let metadata = anchor.metadata.get_or_init(|| metadata(name, anchor));
    if known_before.is_none() {
        // Layers are asked about the callsite, which is the user's code: no lock is held.
        callsite::register(anchor);
    }
    metadata
}

/// Opens an `INFO` span of this name, if the subscriber wants it.
pub(super) fn span(name: &'static str) -> Span {
    let metadata = metadata_of(name);
    let enabled = tracing::dispatcher::get_default(|dispatch| dispatch.enabled(metadata));
    if enabled { Span::new(metadata, &metadata.fields().value_set(&[])) } else { Span::none() }
}
