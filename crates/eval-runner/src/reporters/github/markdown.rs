//! Texts of others within Markdown: as text, never as markup.

use std::fmt::Write as _;

use crate::reporters::line::line;

/// Signs that mean nothing to Markdown within a line.
const PLAIN: &str = ",.;:%?()'\"-+=^";

/// Writes a text that may stand in a cell of a table, or in a line.
pub(super) fn cell(text: &str) -> String {
    let mut out = String::new();
    for letter in line(text).chars() {
        // A dot after `www` would make a link.
        let links = letter == '.' && ends_with_www(&out);
        // As an entity, each of them is itself and nothing more; so is a name after `@`, and an issue after `#`.
        if links || letter.is_ascii_punctuation() && !PLAIN.contains(letter) {
            _ = write!(out, "&#{};", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
    out
}

fn ends_with_www(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes
        .len()
        .checked_sub(3)
        .and_then(|at| bytes.get(at..))
        .is_some_and(|end| end.eq_ignore_ascii_case(b"www"))
}

/// Writes a text as a heading.
pub(super) fn heading(text: &str) -> String {
    let text = cell(text);
    if text.is_empty() { "(no name)".to_owned() } else { text }
}

/// Writes lines as they are, within a fence that none of them can close.
pub(super) fn fenced(lines: &[&str]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<_> = lines.iter().map(|text| (indent(text), line(text))).collect();
    let ticks = |text: &str| text.chars().filter(|letter| *letter == '`').count();
    let longest = lines.iter().map(|(_, text)| ticks(text)).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let mut out = format!("{fence}text\n");
    for (indent, text) in lines {
        _ = writeln!(out, "{}{text}", " ".repeat(indent));
    }
    format!("{out}{fence}\n")
}

fn indent(text: &str) -> usize {
    (text.len() - text.trim_start_matches(' ').len()).min(12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_cell_or_become_markup() {
        let shown = cell("a|b\n**c** <img src=x> `d` [e](http://f) @bob #1 \\|");
        assert!(!shown.contains(['|', '<', '>', '`', '*', '[', '@', '\\', '\n']), "{shown}");
        assert!(shown.starts_with("a&#124;b &#42;&#42;c"), "{shown}");
        assert_eq!(cell("50 tasks, 58.8%: well"), "50 tasks, 58.8%: well");
    }

    #[test]
    fn an_address_does_not_become_a_link() {
        assert_eq!(cell("www.evil.example"), "www&#46;evil.example");
        assert_eq!(cell("see WWW.evil.example, v1.2"), "see WWW&#46;evil.example, v1.2");
        assert_eq!(cell("http://evil.example"), "http:&#47;&#47;evil.example");
    }

    #[test]
    fn a_fence_is_longer_than_any_within() {
        let text = fenced(&["  met  a", "````", "b"]);
        assert_eq!(text, "`````text\n  met a\n````\nb\n`````\n");
        assert_eq!(fenced(&[]), "");
    }
}
