//! Whether the environment wants messages on spans.

use std::{env, sync::OnceLock};

const VARIABLE: &str = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

/// Returns whether the environment wants messages on spans. It is read once.
pub(super) fn wanted_by_environment() -> bool {
    static WANTED: OnceLock<bool> = OnceLock::new();
    *WANTED.get_or_init(|| env::var(VARIABLE).is_ok_and(|value| is_wanted(&value)))
}

/// Both forms of the variable are in use: a boolean, and the place of the content.
fn is_wanted(value: &str) -> bool {
    matches!(
        value.trim().to_ascii_lowercase().as_str(),
        "true" | "1" | "span_only" | "span_and_event"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_variable_are_understood() {
        for value in ["true", "TRUE", "1", "SPAN_ONLY", "SPAN_AND_EVENT"] {
            assert!(is_wanted(value), "{value}");
        }
        for value in ["", "false", "0", "NO_CONTENT", "EVENT_ONLY", "yes please"] {
            assert!(!is_wanted(value), "{value}");
        }
    }
}
