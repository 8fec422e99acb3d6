//! What may stand beside the cases of a file: nothing.

use crate::nearest::nearest;

/// The key under which the cases stand.
pub(super) const CASES: &str = "cases";

/// Says that something else stands beside them.
pub(super) fn misnamed(name: &str) -> String {
    let meant = nearest(name, [CASES], 1);
    let meant = if meant.is_empty() { "" } else { "did you mean \"cases\"? " };
    format!(
        "there is no field {name:?}; {meant}a file of cases has them under \"cases\" and nothing else"
    )
}
