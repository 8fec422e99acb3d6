//! The names of cases as tests: one line each, unique in the program.

/// Returns the name of a case as a test, `suite::case`, on one line.
pub(super) fn test_name(suite: &str, case: &str) -> String {
    format!("{}::{}", on_one_line(suite), on_one_line(case))
}

/// Test runners read one name a line.
fn on_one_line(name: &str) -> String {
    let mut line = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::test_name;

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(
            test_name("air line", "späte\nErstattung: test"),
            r"air line::späte\nErstattung: test"
        );
    }
}
