//! The seed of each trial.

use crate::stats::Random;

/// Returns the seed of a trial, derived from the run's seed, the case's name and the trial's index.
///
/// It depends on nothing else: adding, leaving out or reordering cases changes no other trial's seed.
/// FNV-1a over the name, then one round of `SplitMix64` (Steele, Lea and Flood 2014) for each part; the result is
/// the same on every machine and in every version.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::trial_seed;
///
/// assert_eq!(trial_seed(1, "refund", 0), trial_seed(1, "refund", 0));
/// assert_ne!(trial_seed(1, "refund", 0), trial_seed(1, "refund", 1));
/// assert_ne!(trial_seed(1, "refund", 0), trial_seed(2, "refund", 0));
/// ```
pub fn trial_seed(run: u64, case: &str, index: u32) -> u64 {
    let name = case.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    [name, u64::from(index)].into_iter().fold(mixed(run), |seed, part| mixed(seed ^ part))
}

/// One output of `SplitMix64`.
fn mixed(state: u64) -> u64 {
    Random::new(state).next()
}

#[cfg(test)]
mod tests {
    use super::{mixed, trial_seed};

    #[test]
    fn the_mixing_is_the_published_one() {
        // The first output of SplitMix64 from the state 0.
        assert_eq!(mixed(0), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn seeds_do_not_change_between_versions() {
        assert_eq!(trial_seed(0, "case", 0), 0x44cc_b511_63d4_2bcf);
        assert_eq!(trial_seed(42, "größe", 7), 0x660e_7542_6411_95bd);
    }

    #[test]
    fn ten_thousand_trials_have_ten_thousand_seeds() {
        let mut seeds: Vec<u64> = (0..100)
            .flat_map(|case| (0..100).map(move |index| trial_seed(1, &case.to_string(), index)))
            .collect();
        seeds.sort_unstable();
        seeds.dedup();
        assert_eq!(seeds.len(), 10_000);
    }
}
