//! Words that several parts of a command use.

/// Returns a number with its noun: `1 case`, `2 cases`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
