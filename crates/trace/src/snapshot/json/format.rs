//! The name of the format, and which versions of it are understood.

/// The name that is written.
pub(super) const NAME: &str = "probity-trace/1";

/// A format that is not understood.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the format is {found:?}, and only {NAME:?} is understood")]
pub(super) struct OtherFormat {
    pub(super) found: String,
}

/// Accepts the format that is written and those that only add to it, `probity-trace/1.x`.
pub(super) fn check(name: &str) -> Result<(), OtherFormat> {
    let is_minor = |rest: &str| {
        rest.is_empty() || rest.strip_prefix('.').is_some_and(|minor| minor.parse::<u32>().is_ok())
    };
    if name.strip_prefix(NAME).is_some_and(is_minor) {
        return Ok(());
    }
    // A name is short; whatever else stands there need not fill a message.
    let found = name.chars().take(60).collect();
    Err(OtherFormat { found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_only_add_are_understood_and_others_are_not() {
        for name in [NAME, "probity-trace/1.0", "probity-trace/1.12"] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in [
            "",
            "probity-trace",
            "probity-trace/",
            "probity-trace/2",
            "probity-trace/10",
            "probity-trace/1.",
            "probity-trace/1.x",
            "lutum-trace/1",
        ] {
            let error = check(name).unwrap_err().to_string();
            assert!(error.contains(&format!("{name:?}")), "{error}");
            assert!(error.contains(NAME), "{error}");
        }
    }
}
