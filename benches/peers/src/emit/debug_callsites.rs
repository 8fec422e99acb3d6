//! A hundred `debug!` callsites.

use tracing::debug;

/// One callsite for each token.
macro_rules! callsites {
    ($pass:ident: $($token:tt)*) => {
        $(debug!(pass = $pass, slot = stringify!($token), "nobody listens");)*
    };
}

/// Ten times ten callsites.
macro_rules! hundred {
    ($pass:ident: $($row:tt)*) => {
        $({
            let _: &str = stringify!($row);
            callsites!($pass: a b c d e f g h i j);
        })*
    };
}

/// Runs once past each of the callsites.
pub(super) fn pass_all(pass: u64) {
    hundred!(pass: a b c d e f g h i j);
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::{Arc, Mutex};

    use tracing::callsite::Identifier;
    use tracing::{Event, Subscriber};
    use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

    use super::*;
    use crate::emit::emitter::DISABLED_CALLSITES;

    #[derive(Clone, Default)]
    struct Seen(Arc<Mutex<HashSet<Identifier>>>);

    impl<S: Subscriber> Layer<S> for Seen {
        fn on_event(&self, event: &Event<'_>, _ctx: Context<'_, S>) {
            self.0.lock().unwrap().insert(event.metadata().callsite());
        }
    }

    #[test]
    fn each_of_the_hundred_is_a_callsite_of_its_own() {
        let seen = Seen::default();
        let subscriber = tracing_subscriber::registry().with(seen.clone());
        tracing::subscriber::with_default(subscriber, || pass_all(1));
        assert_eq!(seen.0.lock().unwrap().len() as u64, DISABLED_CALLSITES);
    }
}
