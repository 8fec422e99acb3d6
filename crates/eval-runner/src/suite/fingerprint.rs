//! Fingerprints: what was run, in a few characters that differ when it differs.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A fingerprint of some JSON: the SHA-256 of its canonical form (RFC 8785), in hexadecimal.
///
/// The order of keys does not matter, nor how numbers are written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Takes the fingerprint of a value.
    ///
    /// # Errors
    ///
    /// If the value is no JSON: a map whose keys are no text, a number that is not finite.
    pub fn of(value: &impl Serialize) -> Result<Self, serde_json::Error> {
        let canonical = serde_json_canonicalizer::to_vec(value)?;
        let digest = Sha256::digest(&canonical);
        Ok(Self(format!("{digest:x}")))
    }

    /// Returns all 64 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the first twelve characters, which are enough for people.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.short())
    }
}

/// What a run ran. Running and scoring have fingerprints of their own, so that a changed eval scores stored trials
/// anew and does not run the agent again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fingerprints {
    /// The agent: the name of the suite and the version of the agent.
    pub agent: Fingerprint,
    /// The evals: their names and versions.
    pub evals: Fingerprint,
    /// Each case: its input, what is expected, its metadata; in the order of the suite.
    pub cases: Vec<Fingerprint>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_keys_and_the_form_of_numbers_do_not_matter() {
        let a: serde_json::Value = serde_json::from_str(r#"{"b":1.0,"a":[1e2]}"#).unwrap();
        let b: serde_json::Value = serde_json::from_str(r#"{"a":[100],"b":1}"#).unwrap();
        assert_eq!(Fingerprint::of(&a).unwrap(), Fingerprint::of(&b).unwrap());
        assert_ne!(Fingerprint::of(&a).unwrap(), Fingerprint::of(&json!({"b": 2})).unwrap());
    }

    #[test]
    fn the_fingerprint_is_the_published_hash() {
        // SHA-256 of `{}`.
        let print = Fingerprint::of(&json!({})).unwrap();
        assert_eq!(
            print.as_str(),
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        );
        assert_eq!(print.to_string(), "44136fa355b3");
    }
}
