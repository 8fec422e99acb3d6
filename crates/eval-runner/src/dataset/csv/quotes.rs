//! Whether a quote stays open, which a CSV parser takes for a very long cell.

/// Returns whether the last record of a text, which begins the text, has a quote that is never closed.
///
/// A row that is added is then a part of its last cell.
pub(super) fn stay_open(record: &str) -> bool {
    let text = format!("{record}\nx");
    let mut csv = csv::ReaderBuilder::new();
    csv.has_headers(false).flexible(true).from_reader(text.as_bytes()).records().count() < 2
}

#[cfg(test)]
mod tests {
    use super::stay_open;

    #[test]
    fn a_quote_that_is_never_closed_takes_in_what_follows() {
        for open in ["a,\"b", "\"", "a,\"b\"\"", "\"a\nb,c\n", "a,\"b\nc\",\"d\n"] {
            assert!(stay_open(open), "{open:?}");
        }
        for closed in ["a,b", "a,\"b\"", "a,5\" disk", "\"a\nb\"\r\n", "a,\"b\"\"\"\n\n", "\"\""] {
            assert!(!stay_open(closed), "{closed:?}");
        }
    }
}
