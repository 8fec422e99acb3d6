//! How many tokens an answer says that it took, in the dialects of OpenAI, of Anthropic and of Google.

use serde_json::Value;

/// How many tokens an answer says that it took.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    input: Option<u64>,
    output: Option<u64>,
    total: Option<u64>,
}

/// Where payloads have their counts.
const PLACES: [&str; 4] = ["/usage", "/message/usage", "/response/usage", "/usageMetadata"];
const INPUT: [&str; 3] = ["input_tokens", "prompt_tokens", "promptTokenCount"];
const OUTPUT: [&str; 3] = ["output_tokens", "completion_tokens", "candidatesTokenCount"];
const TOTAL: [&str; 2] = ["total_tokens", "totalTokenCount"];

impl Tokens {
    /// Looks at a payload of a stream, or at the body of an answer; the last count holds.
    pub(super) fn see(&mut self, payload: &Value) {
        for usage in PLACES.iter().filter_map(|place| payload.pointer(place)) {
            let count = |names: &[&str]| names.iter().find_map(|name| usage.get(name)?.as_u64());
            self.input = count(&INPUT).or(self.input);
            self.output = count(&OUTPUT).or(self.output);
            self.total = count(&TOTAL).or(self.total);
        }
    }

    /// Returns all tokens, if both input and output are known.
    pub(super) fn used(&self) -> Option<u64> {
        self.total.or_else(|| Some(self.input?.saturating_add(self.output?)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_counts_of_every_known_dialect_are_found() {
        for payloads in [
            vec![json!({"usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}})],
            vec![json!({"usage": null}), json!({"usage": {"total_tokens": 7}})],
            vec![
                json!({"message": {"usage": {"input_tokens": 5, "output_tokens": 1}}}),
                json!({"usage": {"output_tokens": 2}}),
            ],
            vec![json!({"response": {"usage": {"input_tokens": 5, "output_tokens": 2}}})],
            vec![json!({"usageMetadata": {"promptTokenCount": 5, "totalTokenCount": 7}})],
        ] {
            let mut tokens = Tokens::default();
            for payload in &payloads {
                tokens.see(payload);
            }
            assert_eq!(tokens.used(), Some(7), "{payloads:?}");
        }
        let mut tokens = Tokens::default();
        tokens.see(&json!({"message": {"usage": {"input_tokens": 5}}}));
        assert_eq!(tokens.used(), None);
    }
}
