//! A share as it was printed: a decimal number and the shares that round to it.

use std::str::FromStr;

/// Printed numbers of 16 digits carry the rounding of the arithmetic that made them.
const ARITHMETIC: f64 = 1e-13;

/// A share in 0..=1 as a decimal number that was printed, known to half a unit of its last digit.
///
/// Parsed from text such as `0.225` or `64.2%`; [`Printed::percent`] takes a percentage without its sign. Digits that
/// are not there, as the zero of `67.40` printed as `67.4`, count as unknown.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::Printed;
///
/// let printed: Printed = "64.2%".parse()?;
/// assert!(printed.stands_for(0.6425) && !printed.stands_for(0.643));
/// assert_eq!(printed, Printed::percent("64.2")?);
/// # Ok::<(), probity_eval_runner::stats::PrintedError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Printed {
    value: f64,
    half_unit: f64,
}

impl Printed {
    /// Reads a percentage that was printed without its sign.
    ///
    /// # Errors
    ///
    /// [`PrintedError`] where the text is no plain decimal number in 0..=100.
    pub fn percent(text: &str) -> Result<Self, PrintedError> {
        Self::scaled(text, 100.0)
    }

    /// Returns the printed number, as a share.
    pub fn value(self) -> f64 {
        self.value
    }

    /// Returns whether a share rounds to the printed number; a tie may round either way.
    pub fn stands_for(self, share: f64) -> bool {
        (share - self.value).abs() <= self.reach()
    }

    /// How far the share may be from the printed number.
    pub(super) fn reach(self) -> f64 {
        self.half_unit + ARITHMETIC
    }

    fn scaled(text: &str, scale: f64) -> Result<Self, PrintedError> {
        let error = || PrintedError { text: text.to_owned() };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = || whole.bytes().chain(fraction.bytes());
        if digits().count() == 0 || !digits().all(|byte| byte.is_ascii_digit()) {
            return Err(error());
        }
        let value = text.parse::<f64>().map_err(|_| error())? / scale;
        let places = i32::try_from(fraction.len()).map_err(|_| error())?;
        if value > 1.0 {
            return Err(error());
        }
        Ok(Self { value, half_unit: 0.5 * 10.0_f64.powi(-places) / scale })
    }
}

impl FromStr for Printed {
    type Err = PrintedError;

    fn from_str(text: &str) -> Result<Self, PrintedError> {
        match text.strip_suffix('%') {
            Some(percent) => Self::percent(percent.trim_end()),
            None => Self::scaled(text, 1.0),
        }
    }
}

/// A text that is no printed share.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no printed share: one is a plain decimal number such as 0.225 or 64.2%")]
pub struct PrintedError {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_for_half_a_unit_of_its_last_digit() {
        let stands = |text: &str, share| text.parse::<Printed>().unwrap().stands_for(share);
        assert!(stands("0.22", 0.224_9) && stands("0.22", 0.225) && !stands("0.22", 0.225_1));
        assert!(!stands("0.220", 0.224_9) && stands("0.220", 0.220_4));
        assert!(stands("52 %", 0.515) && !stands("52%", 0.514_9));
        assert!(stands("1", 0.6) && stands("0", 0.4) && stands(".5", 0.45));
        assert!(stands("32.817869415807564%", 191.0 / 582.0));
    }

    #[test]
    fn what_is_no_share_is_refused_with_the_text() {
        for text in ["", ".", "%", "-0.5", "1e-2", "NaN", "0,5", "1.01", "100.1%"] {
            assert!(text.parse::<Printed>().is_err(), "{text}");
        }
        let error = Printed::percent("250").unwrap_err().to_string();
        assert!(error.starts_with("\"250\" is no printed share"), "{error}");
    }
}
