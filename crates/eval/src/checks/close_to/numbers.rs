//! The numbers of an artifact.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// An artifact in which [`close_to`](super::close_to) looks for numbers.
///
/// Numbers have one. A JSON number has it too, a JSON string those of its text, and other JSON
/// none.
///
/// In a text, numbers are written in decimal: `17`, `-3.5`, `.5`, `6.02e23`, also with commas between
/// groups of three digits, as in `1,234.5`. Other commas end a number, as in `1,2,3`. A minus counts as a
/// sign unless a letter, a digit or a closing bracket precedes it, as in `2024-01` and `a-1`; a currency
/// sign may follow it. Digits that follow a letter belong to a name such as `gpt4` and are left out.
pub trait Numbers {
    /// Returns the numbers, in their order.
    fn numbers(&self) -> Vec<f64>;
}

impl Numbers for str {
    fn numbers(&self) -> Vec<f64> {
        let mut numbers = Vec::new();
        for token in TOKEN.iter().flat_map(|token| token.find_iter(self)) {
            let before = self.get(..token.start()).unwrap_or_default();
            let token = token.as_str();
            if is_in_name(before, token) {
                continue;
            }
            let first = numbers.len();
            numbers.extend(parts(token).filter_map(|digits| digits.parse::<f64>().ok()));
            if is_negative(before)
                && let Some(number) = numbers.get_mut(first)
            {
                *number = -*number;
            }
        }
        numbers
    }
}

/// Digits with what may be between and behind them; signs and names are told by what precedes.
static TOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:[0-9]+(?:,[0-9]+)*(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?").ok()
});

/// Returns whether the digits are a part of a name or, after a dot, of a version such as `1.2.3`.
fn is_in_name(before: &str, token: &str) -> bool {
    let last = before.chars().next_back();
    last.is_some_and(|last| {
        last.is_alphabetic() || last == '_' || (token.starts_with('.') && last.is_numeric())
    })
}

fn is_negative(before: &str) -> bool {
    let before = before.strip_suffix(['$', '€', '£', '¥']).unwrap_or(before);
    let Some(before) = before.strip_suffix(['-', '\u{2212}']) else { return false };
    let last = before.chars().next_back();
    !last.is_some_and(|last| last.is_alphanumeric() || [')', ']'].contains(&last))
}

/// Takes commas between groups of three digits out; other commas separate numbers.
fn parts(token: &str) -> impl Iterator<Item = String> {
    let whole = token.split(['.', 'e', 'E']).next().unwrap_or_default();
    let mut groups = whole.split(',');
    let first_fits = groups.next().is_some_and(|first| first.len() <= 3);
    let one = if first_fits && groups.all(|group| group.len() == 3) {
        vec![token.replace(',', "")]
    } else {
        token.split(',').map(str::to_owned).collect()
    };
    one.into_iter()
}

impl Numbers for String {
    fn numbers(&self) -> Vec<f64> {
        self.as_str().numbers()
    }
}

impl Numbers for Value {
    fn numbers(&self) -> Vec<f64> {
        match self {
            Self::Number(number) => number.as_f64().into_iter().collect(),
            Self::String(text) => text.numbers(),
            _ => Vec::new(),
        }
    }
}

macro_rules! number {
    ($($type:ty),*) => {$(
        impl Numbers for $type {
            fn numbers(&self) -> Vec<f64> {
                vec![f64::from(*self)]
            }
        }
    )*};
}

number!(f32, f64, i8, i16, i32, u8, u16, u32);

macro_rules! wide_number {
    ($($type:ty),*) => {$(
        /// Takes the nearest `f64`.
        impl Numbers for $type {
            #[expect(clippy::cast_precision_loss, reason = "the nearest number is what is promised")]
            fn numbers(&self) -> Vec<f64> {
                vec![*self as f64]
            }
        }
    )*};
}

wide_number!(i64, u64, isize, usize);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[f64]) {
        assert_eq!(text.numbers(), expected, "{text:?}");
    }

    #[test]
    fn decimal_numbers_are_found_in_texts() {
        check("", &[]);
        check("no number", &[]);
        check("17", &[17.0]);
        check("It is 18.5.", &[18.5]);
        check("from .5 to 6.02e23 or 1E-3", &[0.5, 6.02e23, 1e-3]);
        check("007 and 0.10", &[7.0, 0.1]);
        check("50% of 3km", &[50.0, 3.0]);
        check("½ of ٣ is 1", &[1.0]);
    }

    #[test]
    fn commas_group_three_digits_and_otherwise_separate() {
        check("1,234.5", &[1234.5]);
        check("1,000,000", &[1e6]);
        check("1,2,3.5", &[1.0, 2.0, 3.5]);
        check("1,2345", &[1.0, 2345.0]);
        check("1234,567", &[1234.0, 567.0]);
        check("1, 2", &[1.0, 2.0]);
    }

    #[test]
    fn a_minus_is_a_sign_only_where_nothing_stands_before_it() {
        check("-3", &[-3.0]);
        check("= \u{2212}3.5", &[-3.5]);
        check("-$1,200 or $-7", &[-1200.0, -7.0]);
        check("2024-01-05", &[2024.0, 1.0, 5.0]);
        check("(4)-2 5 - 2", &[4.0, 2.0, 5.0, 2.0]);
        check("-1,2", &[-1.0, 2.0]);
        check("+5", &[5.0]);
    }

    #[test]
    fn digits_of_names_and_versions_are_left_out() {
        check("gpt4 x_2 é3", &[]);
        check("1.2.3", &[1.2]);
    }

    #[test]
    fn a_number_too_large_is_infinite() {
        check("1e999", &[f64::INFINITY]);
    }

    #[test]
    fn values_have_their_number() {
        assert_eq!(7_u8.numbers(), [7.0]);
        assert_eq!((-7_i64).numbers(), [-7.0]);
        assert_eq!(0.5_f32.numbers(), [0.5]);
        assert!(f64::NAN.numbers()[0].is_nan());
        for (value, expected) in [
            (json!(2.5), vec![2.5]),
            (json!("about 2 or 3"), vec![2.0, 3.0]),
            (json!(null), vec![]),
            (json!([1]), vec![]),
        ] {
            assert_eq!(value.numbers(), expected, "{value}");
        }
    }

    #[test]
    fn the_pattern_of_numbers_is_valid() {
        assert!(TOKEN.is_some());
    }
}
