//! Reads images, in the shapes that conventions and providers give them.

use serde_json::{Map, Value};

use super::{Detail, Part};

type Object = Map<String, Value>;

/// Reads a part as an image: those of the OpenTelemetry conventions (`blob`, `uri`), of OpenAI
/// (`image_url`, `input_image`), of Anthropic (`source`), and plain `image`. `None` if it is none.
pub(super) fn of(part: &Object) -> Option<Part> {
    let image = match text(part, "type")? {
        "blob" if is_image(part) => data_uri(part, "mime_type", "content"),
        "uri" if is_image(part) => text(part, "uri").map(str::to_owned),
        "image_url" | "input_image" => url(part.get("image_url")?),
        "image" => plain(part),
        _ => None,
    };
    Some(Part::Image { image: image?, detail: detail(part) })
}

fn text<'a>(object: &'a Object, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str()
}

fn is_image(part: &Object) -> bool {
    let mime_type = text(part, "mime_type").unwrap_or_default();
    text(part, "modality") == Some("image") || mime_type.starts_with("image/")
}

fn url(image: &Value) -> Option<String> {
    let of_object = || image.get("url")?.as_str();
    image.as_str().or_else(of_object).map(str::to_owned)
}

fn plain(part: &Object) -> Option<String> {
    let Some(source) = part.get("source").and_then(Value::as_object) else {
        return text(part, "image").map(str::to_owned);
    };
    let of_url = || text(source, "url").map(str::to_owned);
    data_uri(source, "media_type", "data").or_else(of_url)
}

fn data_uri(object: &Object, mime_type: &str, data: &str) -> Option<String> {
    let data = text(object, data)?;
    Some(format!("data:{};base64,{data}", text(object, mime_type).unwrap_or("image/png")))
}

fn detail(part: &Object) -> Detail {
    let of_url = || part.get("image_url")?.get("detail");
    let detail = part.get("detail").or_else(of_url).and_then(Value::as_str);
    match detail {
        Some("low") => Detail::Low,
        Some("high") => Detail::High,
        _ => Detail::Auto,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(part: &Value, expected: Option<(&str, Detail)>) {
        let expected =
            expected.map(|(image, detail)| Part::Image { image: image.to_owned(), detail });
        assert_eq!(of(part.as_object().unwrap()), expected);
    }

    #[test]
    fn an_image_of_every_dialect_is_read() {
        let data = "data:image/png;base64,AAAA";
        let url = "https://example.com/cat.png";
        check(
            &json!({"type": "blob", "modality": "image", "mime_type": "image/png", "content": "AAAA"}),
            Some((data, Detail::Auto)),
        );
        check(&json!({"type": "uri", "modality": "image", "uri": url}), Some((url, Detail::Auto)));
        check(
            &json!({"type": "image_url", "image_url": {"url": data, "detail": "low"}}),
            Some((data, Detail::Low)),
        );
        check(
            &json!({"type": "input_image", "image_url": url, "detail": "high"}),
            Some((url, Detail::High)),
        );
        check(
            &json!({"type": "image", "source":
                {"type": "base64", "media_type": "image/png", "data": "AAAA"}}),
            Some((data, Detail::Auto)),
        );
        check(
            &json!({"type": "image", "source": {"type": "url", "url": url}}),
            Some((url, Detail::Auto)),
        );
        check(&json!({"type": "image", "image": data}), Some((data, Detail::Auto)));
    }

    #[test]
    fn what_is_no_image_is_none() {
        for part in [
            json!({"type": "blob", "modality": "audio", "content": "AAAA"}),
            json!({"type": "image_url"}),
            json!({"type": "image", "source": 3}),
            json!({"type": 3}),
            json!({}),
        ] {
            check(&part, None);
        }
    }
}
