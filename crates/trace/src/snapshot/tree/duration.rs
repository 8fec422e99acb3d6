//! Durations with three digits, as people read them.

use std::{fmt, time::Duration};

/// Writes `17ns`, `3.42µs`, `310ms`, `1.24s`, `2m 03s` or `5h 02m`.
pub(super) struct Short(pub(super) Duration);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0.as_nanos();
        let seconds = self.0.as_secs();
        match nanos {
            0..1_000 => write!(f, "{nanos}ns"),
            // Borders are where three digits would round up to the next unit.
            1_000..999_500 => three_digits(f, nanos, 1_000, "µs"),
            999_500..999_500_000 => three_digits(f, nanos, 1_000_000, "ms"),
            999_500_000..60_000_000_000 => three_digits(f, nanos, 1_000_000_000, "s"),
            _ if seconds < 3600 => write!(f, "{}m {:02}s", seconds / 60, seconds % 60),
            _ => write!(f, "{}h {:02}m", seconds / 3600, seconds / 60 % 60),
        }
    }
}

fn three_digits(f: &mut fmt::Formatter<'_>, nanos: u128, unit: u128, name: &str) -> fmt::Result {
    // In thousandths of the unit, rounded to three digits.
    let thousandths = nanos * 1_000 / unit;
    let step = match thousandths {
        0..9_995 => 10,
        9_995..99_950 => 100,
        _ => 1_000,
    };
    let rounded = (nanos * 1_000 + unit * step / 2) / (unit * step) * step;
    let (whole, part) = (rounded / 1_000, rounded % 1_000);
    let decimals = format!("{part:03}");
    let decimals = decimals.trim_end_matches('0');
    let point = if decimals.is_empty() { "" } else { "." };
    write!(f, "{whole}{point}{decimals}{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_digits_and_the_unit_that_suits_them() {
        for (nanos, expected) in [
            (0, "0ns"),
            (999, "999ns"),
            (1_000, "1µs"),
            (3_424, "3.42µs"),
            (3_425, "3.43µs"),
            (9_996, "10µs"),
            (17_250, "17.3µs"),
            (999_499, "999µs"),
            (999_500, "1ms"),
            (310_000_000, "310ms"),
            (310_400_000, "310ms"),
            (1_236_000_000, "1.24s"),
            (59_940_000_000, "59.9s"),
            (59_999_000_000, "60s"),
            (123_000_000_000, "2m 03s"),
            (18_125_000_000_000, "5h 02m"),
        ] {
            assert_eq!(Short(Duration::from_nanos(nanos)).to_string(), expected);
        }
        assert_eq!(Short(Duration::MAX).to_string(), "5124095576030431h 00m");
    }
}
