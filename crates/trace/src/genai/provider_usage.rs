//! Reads the tokens of a call in the words of the providers.

use serde_json::{Map, Value};

use super::Usage;

/// The greatest count that is believed: the greatest that every reader of JSON keeps.
const MAX_COUNT: u64 = 1 << 53;

/// The tokens that a provider named, and what was wrong with the first of them that was no count.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) usage: Usage,
    pub(super) wrong: Option<String>,
}

/// Reads what `OpenAI` or Anthropic say of the tokens.
///
/// Anthropic counts the input without what a cache knew, and what it knew apart; `OpenAI` says how much
/// of the input a cache knew. Both are told by the names.
pub(super) fn of(usage: &Map<String, Value>) -> Said {
    let mut wrong = None;
    let mut count = |keys: &[&str]| {
        let (key, value) = keys.iter().find_map(|key| Some((key, at(usage, key)?)))?;
        let count = value.as_u64().filter(|count| *count <= MAX_COUNT);
        if count.is_none() && wrong.is_none() {
            wrong = Some(format!("its {key} is no count of tokens"));
        }
        count
    };
    let mut read = Usage {
        input_tokens: count(&["prompt_tokens", "input_tokens"]),
        output_tokens: count(&["completion_tokens", "output_tokens"]),
        cache_read_input_tokens: count(&[
            "prompt_tokens_details/cached_tokens",
            "input_tokens_details/cached_tokens",
        ]),
        cache_write_input_tokens: count(&[
            "prompt_tokens_details/cache_write_tokens",
            "input_tokens_details/cache_write_tokens",
        ]),
        reasoning_output_tokens: count(&[
            "completion_tokens_details/reasoning_tokens",
            "output_tokens_details/reasoning_tokens",
        ]),
    };
    let (known, written) =
        (count(&["cache_read_input_tokens"]), count(&["cache_creation_input_tokens"]));
    if let (Some(input), true) = (read.input_tokens, known.is_some() || written.is_some()) {
        let cached = known.unwrap_or(0).saturating_add(written.unwrap_or(0));
        read.input_tokens = Some(input.saturating_add(cached));
        read.cache_read_input_tokens = known;
        read.cache_write_input_tokens = written;
    }
    Said { usage: read, wrong }
}

/// Returns the value at a path of keys, if there is one.
fn at<'a>(object: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let value = match path.split_once('/') {
        Some((first, rest)) => object.get(first)?.get(rest),
        None => object.get(path),
    };
    value.filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(written: &Value, expected: Usage) {
        let said = of(written.as_object().expect("an object"));
        assert_eq!((said.usage, said.wrong), (expected, None));
    }

    #[test]
    fn what_a_cache_knew_is_in_the_input_whoever_counted() {
        let chat = Usage::new(29, 11).with_cache_read(8).with_reasoning(4);
        check(
            &json!({"prompt_tokens": 29, "completion_tokens": 11, "total_tokens": 40,
                    "prompt_tokens_details": {"cached_tokens": 8, "cache_write_tokens": null},
                    "completion_tokens_details": {"reasoning_tokens": 4}}),
            chat,
        );
        check(
            &json!({"input_tokens": 29, "output_tokens": 11,
                    "input_tokens_details": {"cached_tokens": 8},
                    "output_tokens_details": {"reasoning_tokens": 4}}),
            chat,
        );
        check(
            &json!({"input_tokens": 21, "output_tokens": 9, "cache_read_input_tokens": 7,
                    "cache_creation_input_tokens": 5, "output_tokens_details": null}),
            Usage::new(33, 9).with_cache_read(7).with_cache_write(5),
        );
    }

    #[test]
    fn what_is_no_count_is_told() {
        let written = json!({"prompt_tokens": -1, "completion_tokens": u64::MAX,
            "cache_read_input_tokens": 3, "prompt_tokens_details": [8]});
        let said = of(written.as_object().expect("an object"));
        assert_eq!(said.usage, Usage::default());
        assert_eq!(said.wrong.as_deref(), Some("its prompt_tokens is no count of tokens"));
    }
}
