//! What a message of a trajectory says: a text, or parts.

use serde::{Deserialize, Serialize};

/// What a message says: one text, or a list of parts where it is more than text.
///
/// # Examples
///
/// ```
/// use probity_trace::trajectory::{Content, Part};
///
/// let text = Content::from("What is this?");
/// let with_image = Content::from(vec![
///     Part::text("What is this?"),
///     Part::image("https://example.com/cat.png"),
/// ]);
/// assert_eq!(text.text(), with_image.text());
/// assert_eq!(serde_json::to_string(&text).unwrap(), r#""What is this?""#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Content {
    /// A text.
    Text(String),
    /// Texts, images and thoughts, in order.
    Parts(Vec<Part>),
}

/// A part of what a message says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Part {
    /// Text.
    Text {
        /// The text.
        text: String,
    },
    /// An image.
    Image {
        /// Its URL, or the image itself as a data URI.
        image: String,
        /// How closely the model is to look at it.
        #[serde(default)]
        detail: Detail,
    },
    /// What the model thought before it answered.
    Reasoning {
        /// The thought.
        reasoning: String,
        /// What the provider shows in its place.
        #[serde(default)]
        summary: Option<String>,
        /// By what the provider knows the thought again.
        #[serde(default)]
        signature: Option<String>,
        /// Whether the thought is not the model's own text. True where that is not said.
        #[serde(default = "yes")]
        redacted: bool,
    },
}

/// How closely a model is to look at an image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Detail {
    /// As the provider sees fit.
    #[default]
    Auto,
    /// Coarsely.
    Low,
    /// Closely.
    High,
}

impl Content {
    /// Returns the texts, joined; thoughts are not among them.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Parts(parts) => parts.iter().filter_map(Part::as_text).collect(),
        }
    }
}

impl Default for Content {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<Part>> for Content {
    fn from(parts: Vec<Part>) -> Self {
        Self::Parts(parts)
    }
}

impl Part {
    /// Makes a part of text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// Makes an image of its URL or data URI.
    #[must_use]
    pub fn image(image: impl Into<String>) -> Self {
        Self::Image { image: image.into(), detail: Detail::Auto }
    }

    /// Makes a thought that is the model's own text.
    #[must_use]
    pub fn reasoning(reasoning: impl Into<String>) -> Self {
        let reasoning = reasoning.into();
        Self::Reasoning { reasoning, summary: None, signature: None, redacted: false }
    }

    /// Returns the text of a part of text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text { text } => Some(text),
            _ => None,
        }
    }
}

fn yes() -> bool {
    true
}
