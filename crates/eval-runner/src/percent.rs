//! Shares as percentages with one decimal place.

/// Formats a share as percent, without the sign: `0.5875` is `58.8`.
///
/// A tie goes to the even digit, as in IEEE 754; shares that are a tie but for their binary rounding count as one.
pub(crate) fn percent(share: f64) -> String {
    // Nine more places than are shown: enough to drop the rounding of the product, no digit of the number.
    let cleaned = (share * 1e11).round() / 1e9;
    let shown = format!("{cleaned:.1}");
    if shown == "-0.0" { "0.0".to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn ties_go_to_the_even_digit_whatever_binary_makes_of_them() {
        for (share, want) in [
            (0.5875, "58.8"),
            (0.4375, "43.8"),
            (0.6875, "68.8"),
            (0.0825, "8.2"),
            (0.3325, "33.2"),
            (0.9999, "100.0"),
            (2.0 / 3.0, "66.7"),
        ] {
            assert_eq!(percent(share), want, "{share}");
        }
    }

    #[test]
    fn what_rounds_to_zero_has_no_sign() {
        for (share, want) in [(-0.0, "0.0"), (-0.0004, "0.0"), (-0.0006, "-0.1"), (1.0, "100.0")] {
            assert_eq!(percent(share), want, "{share}");
        }
    }
}
