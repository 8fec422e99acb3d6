//! Random numbers from a seed.

/// The golden ratio in 64 bits, the step of `SplitMix64`.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of random numbers that depends on its seed alone: `SplitMix64` (Steele, Lea and Flood 2014), the
/// same on every machine.
#[derive(Debug, Clone)]
pub(super) struct Random {
    state: u64,
}

impl Random {
    /// Begins the stream that these numbers stand for together, in this order.
    pub(super) fn of(parts: &[u64]) -> Self {
        Self { state: parts.iter().fold(0, |seed, part| mix(seed ^ mix(*part))) }
    }

    /// Returns the next 64 bits.
    pub(super) fn bits(&mut self) -> u64 {
        let bits = mix(self.state);
        self.state = self.state.wrapping_add(STEP);
        bits
    }

    /// Returns a number of `0.0..1.0`, each multiple of 2^-53 in it as likely as any other.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    pub(super) fn fraction(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns whether something with this probability happens.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        // A number is drawn whatever the probability, so that what follows does not depend on it.
        self.fraction() < probability
    }

    /// Returns a number below `bound`, each as likely as any other; 0 if `bound` is 0.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        // The upper half of the product, by the rejection of Lemire (2019) without bias.
        let unfair = bound.wrapping_neg().checked_rem(bound).unwrap_or(0);
        loop {
            let bits = self.bits();
            if bits.wrapping_mul(bound) >= unfair {
                return ((u128::from(bits) * u128::from(bound)) >> 64) as u64;
            }
        }
    }
}

/// One output of `SplitMix64`.
fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(STEP);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_the_published_one() {
        // The first outputs of SplitMix64 from the state 0.
        let mut random = Random { state: 0 };
        let first = [random.bits(), random.bits(), random.bits()];
        assert_eq!(first, [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]);
    }

    #[test]
    fn streams_do_not_change_between_versions() {
        assert_eq!(Random::of(&[]).bits(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(Random::of(&[1, 2]).bits(), 0x7144_224e_df6f_c1e9);
        assert_ne!(Random::of(&[1, 2]).bits(), Random::of(&[2, 1]).bits());
    }

    #[test]
    fn chances_come_out_as_often_as_they_should() {
        let mut random = Random::of(&[7]);
        let hits = (0..10_000).filter(|_| random.chance(0.8)).count();
        // Four standard deviations are 160.
        assert!((7_840..=8_160).contains(&hits), "{hits}");
        for (probability, expected) in [(0.0, false), (-1.0, false), (f64::NAN, false), (1.0, true)]
        {
            assert_eq!(random.chance(probability), expected, "{probability}");
        }
    }

    #[test]
    fn numbers_below_a_bound_are_below_it_and_equally_likely() {
        let mut random = Random::of(&[9]);
        let mut counts = [0; 3];
        (0..9_000).for_each(|_| counts[usize::try_from(random.below(3)).unwrap()] += 1);
        // Four standard deviations are 179.
        assert!(counts.iter().all(|count| (2_821..=3_179).contains(count)), "{counts:?}");
        assert_eq!((random.below(0), random.below(1)), (0, 0));
        assert!(random.below(u64::MAX) < u64::MAX);
    }
}
