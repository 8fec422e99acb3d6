//! The options that every form of capture has.

/// Adds the options to a form of capture, which keeps its set-up in `self.running`.
macro_rules! capture_options {
    ($type:ident<$($parameter:ident),+>) => {
        impl<$($parameter),+> $type<$($parameter),+> {
            /// Calls `listener` for each span, late field and event as it is recorded, and for each
            /// span that closes.
            ///
            /// It is called on the thread that caused the event, outside of every lock. What it
            /// causes itself is captured, but told to no listener. One that panics is switched off
            /// and counted.
            pub fn listen_events(
                mut self,
                listener: impl Fn($crate::TraceEvent) + Send + Sync + 'static,
            ) -> Self {
                let delivery = self.running.setup().settings.delivery.get_or_insert_default();
                delivery.listen_events(Box::new(listener));
                self
            }

            /// Calls `listener` for each span that closes, with all its fields.
            ///
            /// See [`listen_events`](Self::listen_events) for where and when.
            pub fn listen_spans(
                mut self,
                listener: impl Fn($crate::SpanNode) + Send + Sync + 'static,
            ) -> Self {
                let delivery = self.running.setup().settings.delivery.get_or_insert_default();
                delivery.listen_spans(Box::new(listener));
                self
            }

            /// Sets the bounds on what is kept.
            pub fn limits(mut self, limits: $crate::CaptureLimits) -> Self {
                self.running.setup().settings.limits = limits;
                self
            }

            /// Gives the trace this identifier instead of a random one, to continue a trace that
            /// began elsewhere.
            pub fn continues(mut self, trace: $crate::TraceId) -> Self {
                self.running.setup().settings.trace_id = Some(trace);
                self
            }

            /// Lets an enclosing capture see what this one records, below the span that stands for
            /// it. By default that span is all an enclosing capture sees.
            pub fn visible_outside(mut self) -> Self {
                self.running.setup().visible_outside = true;
                self
            }

            /// Opens an `INFO` span of this name around the future.
            ///
            /// A capture adds no span of its own to what other layers see. With an anchor, work that
            /// is spawned directly under the capture with `in_current_span` carries it.
            pub fn anchored(self, name: &'static str) -> Self {
                self.anchored_with(move || super::anchor::span(name))
            }

            /// Opens the span that `anchor` makes around the future.
            pub fn anchored_with(
                mut self,
                anchor: impl FnOnce() -> tracing::Span + Send + 'static,
            ) -> Self {
                self.running.setup().anchor = Some(Box::new(anchor));
                self
            }
        }

        impl<$($parameter),+> std::fmt::Debug for $type<$($parameter),+> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($type)).finish_non_exhaustive()
            }
        }
    };
}

pub(super) use capture_options;
