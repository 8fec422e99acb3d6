//! Which provider a request goes to.

use http::Uri;

/// Hosts of providers, and the names that spans have for them.
const HOSTS: [(&str, &str); 11] = [
    ("api.anthropic.com", "anthropic"),
    ("api.cohere.com", "cohere"),
    ("api.deepseek.com", "deepseek"),
    ("api.groq.com", "groq"),
    ("api.mistral.ai", "mistral_ai"),
    ("api.moonshot.ai", "moonshot_ai"),
    ("api.openai.com", "openai"),
    ("api.perplexity.ai", "perplexity"),
    ("api.x.ai", "x_ai"),
    ("generativelanguage.googleapis.com", "gcp.gemini"),
    ("openrouter.ai", "openrouter"),
];

/// Returns the name of the provider at a host, or the host and the port.
pub(super) fn provider(uri: &Uri) -> String {
    let Some(authority) = uri.authority() else {
        return String::new();
    };
    let host = authority.host().to_ascii_lowercase();
    let known = HOSTS.iter().find(|(known, _)| *known == host).map(|(_, name)| *name);
    let place = || authority.port().map_or(host.clone(), |port| format!("{host}:{port}"));
    known.map_or_else(place, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_host_is_its_provider_and_another_is_itself() {
        for (uri, expected) in [
            ("https://API.openai.com/v1/chat/completions", "openai"),
            ("https://api.anthropic.com:443/v1/messages", "anthropic"),
            ("http://user:planted-key@127.0.0.1:8080/v1", "127.0.0.1:8080"),
            ("http://models.example/v1", "models.example"),
            ("/v1", ""),
        ] {
            assert_eq!(provider(&uri.parse().unwrap()), expected);
        }
    }
}
