//! What names of cases, tags and groups may look like.

/// Checks a name that will be stored, listed and matched: it is not empty, begins and ends with a visible character,
/// and stays on one line.
pub(super) fn check(what: &str, name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err(format!("{what} is empty"));
    }
    if name.trim() != name {
        return Err(format!("{what} {name:?} begins or ends with space"));
    }
    if name.chars().any(char::is_control) {
        return Err(format!("{what} {name:?} has control characters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn names_are_one_visible_line() {
        for good in ["a", "HumanEval/0", "a b", "été::🦀", "[x] {y} *"] {
            assert_eq!(check("the id", good), Ok(()), "{good:?}");
        }
        for (bad, message) in [
            ("", "the id is empty"),
            (" a", "the id \" a\" begins or ends with space"),
            ("a\n", "the id \"a\\n\" begins or ends with space"),
            ("a\tb", "the id \"a\\tb\" has control characters"),
        ] {
            assert_eq!(check("the id", bad), Err(message.to_owned()));
        }
    }
}
