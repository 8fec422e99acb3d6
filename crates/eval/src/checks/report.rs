//! What the reports of checks have in common.

/// Makes a report that has a field `passed` score all or nothing by it.
macro_rules! all_or_nothing {
    ($report:ident) => {
        impl $crate::self_scoring::SelfScoring for $report {
            fn passed(&self) -> bool {
                self.passed
            }
        }
    };
}

pub(super) use all_or_nothing;
