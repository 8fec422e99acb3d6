//! Texts of others on one line of ours: without secrets, control characters and line ends, and not too long.

use std::sync::LazyLock;

use probity_trace::Redaction;

/// So many letters of a text are shown.
const LETTERS: usize = 240;

static REDACTION: LazyLock<Redaction> = LazyLock::new(Redaction::new);

/// Writes the beginning of a text on one line; an ellipsis stands for the rest.
pub(crate) fn line(text: &str) -> String {
    // A secret that is cut through has no longer its shape, so it is masked before.
    let mut line = whole_line(text);
    if let Some((end, _)) = line.char_indices().nth(LETTERS) {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// Writes all of a text on one line: a name, which is no name any more once it is cut.
pub(super) fn whole_line(text: &str) -> String {
    let masked = REDACTION.scrub(text);
    let mut line = String::with_capacity(masked.len());
    for letter in masked.trim().chars() {
        let letter = match letter {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
            // They could move the cursor, color the terminal, or turn the text around; XML does not know some.
            letter if letter.is_control() || is_unfit(letter) => char::REPLACEMENT_CHARACTER,
            letter => letter,
        };
        if letter != ' ' || !line.ends_with(' ') {
            line.push(letter);
        }
    }
    line
}

fn is_unfit(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_text_of_several_lines_becomes_one_without_what_steers_a_terminal() {
        assert_eq!(
            line(" a\r\n\tb\u{1b}[31mred\u{0}\u{202e} "),
            "a b\u{fffd}[31mred\u{fffd}\u{fffd}"
        );
    }

    #[test]
    fn secrets_are_masked_before_a_text_is_cut() {
        let text = format!("{} sk-abcdefghijklmnopqrst", "x".repeat(230));
        let shown = line(&text);
        assert!(shown.ends_with("[redacted…") || shown.ends_with("[redacte…"), "{shown}");
        assert_eq!(line("Bearer abcdefgh1jklmnop!"), "Bearer [redacted]!");
    }

    #[test]
    fn a_long_text_is_cut_and_shows_it() {
        let shown = line(&"ö".repeat(300));
        assert_eq!(shown.chars().count(), 241);
        assert!(shown.ends_with('…'));
        assert_eq!(line(&"ö".repeat(240)).chars().count(), 240);
    }
}
