//! The sign-flip test: could the differences between two agents as well have had other signs?

use super::p_value::{PMethod, PValue};
use crate::stats::{
    quantile::normal_tail,
    random::Random,
    real::{count_of, real},
    spread::SAME,
    sum::sum,
};

/// The whole number that stands for a difference of 1: 2^46.
const UNIT: f64 = 70_368_744_177_664.0;
/// Sums are counted exactly as long as there are no more different ones than this.
const MAX_SUMS: usize = 1 << 16;
/// Above, so many random choices of signs stand for all of them.
const DRAWS: u32 = 100_000;
/// With more tasks than this that differ, the sum is normal.
const MANY: usize = 10_000;

/// Tests whether two agents differ on average over tasks, from the difference of each task.
///
/// If the agents are alike, each difference could as well have the other sign: the p-value is the chance that
/// `|Σ ±d|` is at least `|Σ d|` over all choices of signs. It supposes no distribution. Exact as long as the sums take
/// at most 65,536 different values, which is so for 16 tasks of any kind and for hundreds of tasks with a handful of
/// trials; otherwise from 100,000 choices drawn with `seed`; normal above 10,000 tasks that differ.
/// Differences within 1e-12 of each other are the same, and of 0 none.
///
/// Domain: differences in -1..=1; `None` where one is outside. Without differences the p-value is 1.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::compare::{PMethod, sign_flip};
///
/// let test = sign_flip(&[0.5, 0.25, 0.25, 0.0, 0.75], 1).unwrap();
/// assert_eq!((test.value, test.method), (2.0 / 16.0, PMethod::Exact));
/// ```
pub fn sign_flip(differences: &[f64], seed: u64) -> Option<PValue> {
    if !differences.iter().all(|by| (-1.0..=1.0).contains(by)) {
        return None;
    }
    let apart: Vec<f64> = differences.iter().copied().filter(|by| by.abs() > SAME).collect();
    if apart.len() > MANY {
        let size = sum(apart.iter().map(|by| by * by)).sqrt();
        let value = normal_tail(sum(apart.iter().copied()) / size);
        return Some(PValue::new(value, PMethod::Normal));
    }
    let flips = Flips::new(&apart);
    let exact = flips.exact().map(|value| PValue::new(value, PMethod::Exact));
    Some(exact.unwrap_or_else(|| flips.drawn(seed)))
}

/// Differences in whole numbers.
struct Flips {
    sizes: Vec<i64>,
    observed: i64,
    /// How far apart equal sums may be by rounding.
    slack: i64,
}

impl Flips {
    /// Domain: at most [`MANY`] differences in -1..=1, so that no sum overflows.
    fn new(differences: &[f64]) -> Self {
        let whole: Vec<i64> = differences.iter().map(|by| rounded(by * UNIT)).collect();
        Self {
            observed: whole.iter().sum::<i64>().abs(),
            sizes: whole.into_iter().map(i64::abs).collect(),
            slack: rounded(real(count_of(differences)) * (SAME * UNIT + 1.0)),
        }
    }

    fn is_as_large(&self, total: i64) -> bool {
        total.abs() >= self.observed - self.slack
    }

    /// The p-value over all choices of signs; `None` where there are too many different sums.
    fn exact(&self) -> Option<f64> {
        let mut sums = vec![(0, 1.0)];
        for &size in &self.sizes {
            sums = self.flipped(&sums, size);
            if sums.len() > MAX_SUMS {
                return None;
            }
        }
        Some(sum(sums.iter().filter(|&&(total, _)| self.is_as_large(total)).map(|&(_, p)| p)))
    }

    /// Adds and subtracts a size from each sum, both lists being in order, and joins equal sums.
    fn flipped(&self, sums: &[(i64, f64)], size: i64) -> Vec<(i64, f64)> {
        let mut minus = sums.iter().map(|&(total, p)| (total - size, 0.5 * p)).peekable();
        let mut plus = sums.iter().map(|&(total, p)| (total + size, 0.5 * p)).peekable();
        let mut all: Vec<(i64, f64)> = Vec::with_capacity(2 * sums.len());
        loop {
            let next = match (minus.peek(), plus.peek()) {
                (Some(low), Some(high)) if low.0 <= high.0 => minus.next(),
                (Some(_), None) => minus.next(),
                _ => plus.next(),
            };
            let Some((total, p)) = next else { return all };
            match all.last_mut() {
                Some(last) if total - last.0 <= self.slack => last.1 += p,
                _ => all.push((total, p)),
            }
        }
    }

    /// The p-value over random choices of signs.
    fn drawn(&self, seed: u64) -> PValue {
        let mut random = Random::new(seed);
        let mut as_large = 1_u32;
        for _ in 0..DRAWS {
            as_large += u32::from(self.is_as_large(self.draw(&mut random)));
        }
        let value = f64::from(as_large) / f64::from(DRAWS + 1);
        PValue::new(value, PMethod::MonteCarlo { draws: DRAWS })
    }

    fn draw(&self, random: &mut Random) -> i64 {
        let mut total = 0;
        for sizes in self.sizes.chunks(64) {
            let signs = random.next();
            for (bit, size) in sizes.iter().enumerate() {
                total += if signs >> bit & 1 == 1 { *size } else { -*size };
            }
        }
        total
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the numbers are far below 2^63")]
fn rounded(value: f64) -> i64 {
    value.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every choice of signs, one after the other.
    fn enumerated(differences: &[f64]) -> f64 {
        let observed = differences.iter().sum::<f64>().abs();
        let choices = 1_u32 << differences.len();
        let large = (0..choices).filter(|signs| {
            let flipped = differences
                .iter()
                .enumerate()
                .map(|(bit, by)| if signs >> bit & 1 == 1 { *by } else { -by });
            flipped.sum::<f64>().abs() >= observed - 1e-11
        });
        f64::from(u32::try_from(large.count()).unwrap()) / f64::from(choices)
    }

    fn irregular(count: u32) -> Vec<f64> {
        (0..count).map(|i| (f64::from(i * i) * 0.7 + 0.3).sin() * 0.9 + 0.05).collect()
    }

    #[test]
    fn exact_p_values_agree_with_enumeration() {
        for differences in [
            vec![0.1, 0.2, 0.3],
            vec![-0.25, 0.5, 0.5, 0.75, -1.0, 0.25, 0.2, 0.05],
            vec![1.0 / 3.0, 1.0 / 6.0, -1.0 / 7.0, 0.9, -0.4, 0.3, 0.3],
            irregular(14),
        ] {
            let got = sign_flip(&differences, 0).unwrap();
            assert_eq!(got.method, PMethod::Exact);
            assert!((got.value - enumerated(&differences)).abs() < 1e-12, "{differences:?}");
        }
    }

    #[test]
    fn draws_come_near_the_exact_p_value_and_depend_on_the_seed_alone() {
        let differences = irregular(16);
        let exact = sign_flip(&differences, 0).unwrap();
        let flips = Flips::new(&differences);
        let drawn = flips.drawn(7);
        assert_eq!(drawn.method, PMethod::MonteCarlo { draws: 100_000 });
        assert!((drawn.value - exact.value).abs() < 0.005, "{drawn:?} and {exact:?}");
        assert_eq!(flips.drawn(7), drawn);
        assert_ne!(flips.drawn(8), drawn);
    }

    #[test]
    fn the_method_follows_from_the_number_of_sums() {
        let method = |differences: &[f64]| sign_flip(differences, 0).unwrap().method;
        assert_eq!(method(&irregular(16)), PMethod::Exact);
        assert!(matches!(method(&irregular(40)), PMethod::MonteCarlo { .. }));
        let grid: Vec<f64> = (0..600).map(|i| f64::from(i % 11 - 4) / 20.0).collect();
        assert_eq!(method(&grid), PMethod::Exact);
        assert_eq!(method(&vec![0.1; 10_001]), PMethod::Normal);
    }

    #[test]
    fn nothing_to_flip_gives_1_and_nonsense_gives_nothing() {
        assert_eq!(sign_flip(&[], 0).unwrap().value.to_bits(), 1.0_f64.to_bits());
        assert_eq!(sign_flip(&[0.0, -1e-15], 0).unwrap().value.to_bits(), 1.0_f64.to_bits());
        for wrong in [f64::NAN, f64::INFINITY, 1.5] {
            assert_eq!(sign_flip(&[0.1, wrong], 0), None);
        }
    }
}
