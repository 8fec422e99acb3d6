//! Checks whose artifact is of any type.

/// Makes a check generic over its artifact, in a field `artifact`, `Clone` and `Debug` whatever the
/// artifact is.
macro_rules! unbound {
    ($check:ident { $($field:ident),+ }) => {
        impl<A: ?Sized> Clone for $check<A> {
            fn clone(&self) -> Self {
                Self { $($field: self.$field.clone(),)+ artifact: std::marker::PhantomData }
            }
        }

        impl<A: ?Sized> std::fmt::Debug for $check<A> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($check))
                    $(.field(stringify!($field), &self.$field))+
                    .finish()
            }
        }
    };
}

/// Makes a check that looks at nothing but the trace, with its method `check`, a pure eval of any
/// artifact.
macro_rules! of_trace {
    ($check:ident { $($field:ident),+ } -> $report:ty) => {
        $crate::checks::of_any::unbound!($check { $($field),+ });

        impl<A: ?Sized> $crate::pure_eval::PureEval for $check<A> {
            type Artifact = A;
            type Report = $report;
            type Error = $crate::checks::CheckError;

            fn evaluate(
                &self,
                trace: &probity_trace::TraceSnapshot,
                _: &A,
            ) -> Result<$report, $crate::checks::CheckError> {
                self.check(trace)
            }
        }
    };
}

pub(super) use {of_trace, unbound};
