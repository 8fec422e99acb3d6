//! Cuts a text into the pieces in which it streams.

/// How a text is cut.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Cut {
    /// Before each word, white space going with the word that follows it, as tokens have it.
    #[default]
    Words,
    /// After this many characters; 0 counts as 1.
    Characters(usize),
    /// Not at all.
    Whole,
}

/// How many characters of the arguments of a tool call make a piece, where texts are cut by words.
const OF_ARGUMENTS: usize = 12;

impl Cut {
    /// Returns the pieces of a text. Together they are the text; none is empty.
    pub(super) fn pieces(self, text: &str) -> impl Iterator<Item = &str> {
        let mut rest = text;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let (piece, after) = rest.split_at(self.end(rest));
            rest = after;
            Some(piece)
        })
    }

    /// Returns how the arguments of tool calls are cut, in which white space is rare.
    pub(super) fn of_arguments(self) -> Self {
        match self {
            Self::Words => Self::Characters(OF_ARGUMENTS),
            other => other,
        }
    }

    /// Returns where the first piece ends.
    fn end(self, text: &str) -> usize {
        let end = match self {
            Self::Words => end_of_word(text),
            Self::Characters(count) => text.char_indices().nth(count.max(1)).map(|(at, _)| at),
            Self::Whole => None,
        };
        end.unwrap_or(text.len())
    }
}

fn end_of_word(text: &str) -> Option<usize> {
    let word = text.find(|c: char| !c.is_whitespace())?;
    let (_, rest) = text.split_at(word);
    Some(word + rest.find(char::is_whitespace)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(cut: Cut, text: &str, expected: &[&str]) {
        assert_eq!(cut.pieces(text).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn white_space_goes_with_the_word_that_follows_it() {
        check(Cut::Words, "one two\n three", &["one", " two", "\n three"]);
        check(Cut::Words, "  one ", &["  one", " "]);
        check(Cut::Words, " \n", &[" \n"]);
        check(Cut::Words, "", &[]);
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        check(Cut::Characters(2), "äöü漢字", &["äö", "ü漢", "字"]);
        check(Cut::Characters(0), "ab", &["a", "b"]);
        check(Cut::Whole, "one two", &["one two"]);
        check(Cut::Whole, "", &[]);
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(2_026),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn the_pieces_together_are_the_text(text in "(?s).{0,40}", count in 0_usize..5) {
            for cut in [Cut::Words, Cut::Characters(count), Cut::Whole] {
                let pieces: Vec<_> = cut.pieces(&text).collect();
                prop_assert!(pieces.iter().all(|piece| !piece.is_empty()));
                prop_assert_eq!(pieces.concat(), &*text);
            }
        }
    }
}
