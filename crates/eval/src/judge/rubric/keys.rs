//! The keys under which a judge answers criteria.

use std::collections::HashSet;

/// The longest key that every provider takes.
const MAX_LENGTH: usize = 64;

/// Makes a key of each name, no two alike. A key is the name where that has only characters which every
/// provider takes: ASCII letters and digits, `_` and `-`.
pub(super) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let names: Vec<_> = names.collect();
    // Names that are keys already come first, so that none of them is taken by another.
    let plain = names.iter().filter(|name| is_key(name));
    let mut taken: HashSet<String> = plain.map(|name| (*name).to_owned()).collect();
    let keys = names.iter().enumerate().map(|(index, name)| {
        if is_key(name) { (*name).to_owned() } else { fresh(name, index, &mut taken) }
    });
    keys.collect()
}

fn is_key(name: &str) -> bool {
    (1..=MAX_LENGTH).contains(&name.len()) && name.chars().all(is_allowed)
}

fn is_allowed(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '-'
}

/// Makes a key like the name, or else of its place in the list.
fn fresh(name: &str, index: usize, taken: &mut HashSet<String>) -> String {
    let like: String = name.chars().map(|c| if is_allowed(c) { c } else { '_' }).collect();
    let like: String = like.trim_matches('_').chars().take(MAX_LENGTH).collect();
    let numbered = (0..).map(|more| match more {
        0 => format!("criterion_{}", index + 1),
        more => format!("criterion_{}_{more}", index + 1),
    });
    let mut candidates = Some(like).filter(|like| !like.is_empty()).into_iter().chain(numbered);
    candidates.find(|key| taken.insert(key.clone())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], expected: &[&str]) {
        assert_eq!(of(names.iter().copied()), expected);
    }

    #[test]
    fn names_that_providers_take_are_keys() {
        check(&["polite", "cites-sources", "tone_2"], &["polite", "cites-sources", "tone_2"]);
    }

    #[test]
    fn other_names_become_keys_like_them() {
        check(&["is it polite?", "Größe"], &["is_it_polite", "Gr__e"]);
        check(&[&"x".repeat(65)], &[&"x".repeat(64)]);
    }

    #[test]
    fn no_two_keys_are_alike() {
        check(&["a b", "a_b", "a?b"], &["criterion_1", "a_b", "criterion_3"]);
        check(&["礼貌", "清楚", "criterion_2"], &["criterion_1", "criterion_2_1", "criterion_2"]);
    }
}
