//! How text checks compare letters.

use std::borrow::Cow;

/// Whether upper and lower case letters count as the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Letters {
    #[default]
    AsWritten,
    IgnoringCase,
}

impl Letters {
    /// Returns the form of a text in which texts that count as the same are equal.
    pub(super) fn fold(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::AsWritten => Cow::Borrowed(text),
            // There and back, so that ß and ẞ meet SS, and both small forms of the Greek s meet.
            Self::IgnoringCase => {
                let upper = text.chars().flat_map(char::to_lowercase).flat_map(char::to_uppercase);
                upper.flat_map(char::to_lowercase).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_case_is_ignored_in_any_alphabet() {
        let same = |a, b| Letters::IgnoringCase.fold(a) == Letters::IgnoringCase.fold(b);
        for (a, b) in [
            ("Paris", "pARIS"),
            ("STRASSE", "straße"),
            ("ẞ", "ß"),
            ("ΟΔΟΣ", "οδος"),
            ("ÉTÉ", "été"),
        ] {
            assert!(same(a, b), "{a} {b}");
            assert_ne!(Letters::AsWritten.fold(a), Letters::AsWritten.fold(b));
        }
        assert!(!same("été", "ete") && !same("a b", "ab"));
    }
}
