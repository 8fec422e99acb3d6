//! Reads from the attributes of a span the tokens that a model call used.

use super::{
    Usage,
    aliases::Attribute,
    provider_usage::{self, Said},
    reader::Reader,
};

/// Reads the tokens; `said` is what the provider's answer says of them.
///
/// The parts of a whole cannot be more than it: where they are, the whole was recorded without them, and
/// they are added.
pub(super) fn of(reader: &mut Reader<'_>, said: Said) -> Usage {
    let mut usage = Usage {
        input_tokens: reader.count(Attribute::InputTokens),
        output_tokens: reader.count(Attribute::OutputTokens),
        cache_read_input_tokens: reader.count(Attribute::CacheReadTokens),
        cache_write_input_tokens: reader.count(Attribute::CacheWriteTokens),
        reasoning_output_tokens: reader.count(Attribute::ReasoningTokens),
    };
    if let Some(uncached) = reader.count(Attribute::UncachedInputTokens) {
        usage.input_tokens =
            usage.input_tokens.or_else(|| Some(uncached.saturating_add(cached(&usage))));
    }
    let details = reader.object(Attribute::UsageDetails);
    let details = details.as_ref().and_then(serde_json::Value::as_object);
    let details = details.map(provider_usage::of).unwrap_or_default();
    for (wrong, attribute) in
        [(details.wrong, Attribute::UsageDetails), (said.wrong, Attribute::OutputMessages)]
    {
        if let Some(wrong) = wrong {
            reader.note(attribute, wrong);
        }
    }
    let said = details.usage.or(said.usage);
    if is_uncached(&usage, &said) {
        usage.input_tokens = said.input_tokens;
    }
    let mut usage = usage.or(said);
    if let Some(total) = reader.count(Attribute::TotalTokens) {
        add_missing(reader, &mut usage, total);
    }
    check_parts(reader, &mut usage);
    usage
}

/// Returns how many tokens of the input a cache had to do with.
fn cached(usage: &Usage) -> u64 {
    let [read, written] = [usage.cache_read_input_tokens, usage.cache_write_input_tokens];
    read.unwrap_or(0).saturating_add(written.unwrap_or(0))
}

/// Returns whether the attributes count the input without what a cache knew, as what the provider said
/// shows.
fn is_uncached(usage: &Usage, said: &Usage) -> bool {
    let whole = usage.input_tokens.map(|input| input.saturating_add(cached(said)));
    cached(usage) == 0 && cached(said) > 0 && whole.is_some() && whole == said.input_tokens
}

/// Takes the input or the output from the sum of both, if that and one of them is known.
fn add_missing(reader: &mut Reader<'_>, usage: &mut Usage, total: u64) {
    let (known, missing) = match (usage.input_tokens, usage.output_tokens) {
        (Some(input), None) => (input, &mut usage.output_tokens),
        (None, Some(output)) => (output, &mut usage.input_tokens),
        (Some(_), Some(_)) => return,
        (None, None) => {
            let reason = format!("is {total}, and nothing says how much of it is input");
            return reader.note(Attribute::TotalTokens, reason);
        }
    };
    *missing = total.checked_sub(known);
    if missing.is_none() {
        let reason = format!("is {total}, less than the {known} tokens that are a part of it");
        reader.note(Attribute::TotalTokens, reason);
    }
}

fn check_parts(reader: &mut Reader<'_>, usage: &mut Usage) {
    let (cached, reasoning) = (cached(usage), usage.reasoning_output_tokens.unwrap_or(0));
    let input = [Attribute::InputTokens, Attribute::UncachedInputTokens];
    let output = [Attribute::OutputTokens, Attribute::TotalTokens];
    for (whole, parts, attributes) in
        [(&mut usage.input_tokens, cached, input), (&mut usage.output_tokens, reasoning, output)]
    {
        if let Some(tokens) = whole.filter(|tokens| *tokens < parts) {
            *whole = Some(tokens.saturating_add(parts));
            let reason = format!(
                "is {tokens}, less than the {parts} tokens that are a part of it; they were added"
            );
            let [first, second] = attributes;
            let places = [first, second, Attribute::UsageDetails, Attribute::OutputMessages];
            reader.note_first(&places, reason);
        }
    }
}
