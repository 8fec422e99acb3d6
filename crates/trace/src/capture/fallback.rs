//! The subscriber that captures run under where the program has installed none.

use std::sync::{Arc, OnceLock};

use tracing::{Dispatch, dispatcher, subscriber::NoSubscriber};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::{layer::layer, redact::Redaction};

struct Fallback {
    dispatch: Dispatch,
    /// While there is but one dispatcher, tracing asks the thread's default what it wants of a new callsite.
    /// Outside of captures that wants nothing, for ever. With two, tracing asks both; this one answers as the
    /// other does.
    _second: Dispatch,
    /// By this the fallback layer is told from others.
    redaction: Arc<Redaction>,
}

fn fallback() -> &'static Fallback {
    static FALLBACK: OnceLock<Fallback> = OnceLock::new();
    FALLBACK.get_or_init(|| {
        let redaction = Arc::new(Redaction::default());
        let dispatch = || {
            let layer = layer().with_shared_redaction(Arc::clone(&redaction));
            Dispatch::new(tracing_subscriber::registry().with(layer))
        };
        Fallback { dispatch: dispatch(), _second: dispatch(), redaction: Arc::clone(&redaction) }
    })
}

/// Returns the fallback if this thread has no subscriber at all.
pub(super) fn where_none_is_installed(current: &Dispatch) -> Option<&'static Dispatch> {
    current.is::<NoSubscriber>().then(|| &fallback().dispatch)
}

/// Returns whether these are the rules of the fallback's layer.
pub(super) fn is_fallback(redaction: &Arc<Redaction>) -> bool {
    Arc::ptr_eq(redaction, &fallback().redaction)
}

/// Makes the fallback this thread's default, until the guard is dropped.
pub(super) fn enter(dispatch: Option<&'static Dispatch>) -> Option<dispatcher::DefaultGuard> {
    dispatch.map(dispatcher::set_default)
}
