//! Seeded random numbers for simulations.

/// Numbers from a seed: `SplitMix64` (Steele, Lea and Flood 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// Returns a number in 0..=1.
    pub(crate) fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let upper = u32::try_from(mixed >> 32).expect("32 bits");
        f64::from(upper) / f64::from(u32::MAX)
    }

    /// Returns true with the given chance.
    pub(crate) fn hits(&mut self, chance: f64) -> bool {
        self.share() < chance
    }

    /// Counts how many of `trials` hit.
    pub(crate) fn passes(&mut self, trials: u64, chance: f64) -> u64 {
        (0..trials).map(|_| u64::from(self.hits(chance))).sum()
    }
}
