//! Sums that keep the digits a plain sum loses.

/// A compensated sum after Neumaier (1974): the rounding error of each addition is kept beside it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sum {
    total: f64,
    lost: f64,
}

impl Sum {
    /// Adds one term.
    pub(crate) fn add(&mut self, term: f64) {
        let next = self.total + term;
        self.lost += if self.total.abs() >= term.abs() {
            (self.total - next) + term
        } else {
            (term - next) + self.total
        };
        self.total = next;
    }

    /// Returns the sum of the terms so far.
    pub(crate) fn value(self) -> f64 {
        self.total + self.lost
    }
}

/// Sums the terms of an iterator.
pub(crate) fn sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    let mut sum = Sum::default();
    for term in terms {
        sum.add(term);
    }
    sum.value()
}

#[cfg(test)]
mod tests {
    use super::sum;

    #[test]
    fn a_small_term_between_two_large_ones_is_kept() {
        assert!((sum([1e100, 1.0, -1e100]) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn ten_tenths_are_one() {
        assert!((sum([0.1; 10]) - 1.0).abs() < f64::EPSILON / 2.0);
    }
}
