//! The formats that datasets come in.

use std::{fmt, path::Path};

/// A format of datasets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values with a header.
    Csv,
    /// Tables named `cases`.
    Toml,
    /// A list of cases.
    Yaml,
}

/// The endings of files, and the formats that they stand for.
const ENDINGS: [(&str, Format); 6] = [
    ("jsonl", Format::Jsonl),
    ("ndjson", Format::Jsonl),
    ("csv", Format::Csv),
    ("toml", Format::Toml),
    ("yaml", Format::Yaml),
    ("yml", Format::Yaml),
];

impl Format {
    /// Returns the format that a file's ending stands for, in upper or lower case.
    pub fn of_path(path: impl AsRef<Path>) -> Option<Self> {
        let ending = path.as_ref().extension()?.to_str()?.to_ascii_lowercase();
        ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, format)| *format)
    }

    /// Lists the endings that are known, for those who used another.
    pub(super) fn endings() -> String {
        ENDINGS.map(|(ending, _)| format!(".{ending}")).join(", ")
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jsonl => "JSONL",
            Self::Csv => "CSV",
            Self::Toml => "TOML",
            Self::Yaml => "YAML",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn the_ending_says_the_format() {
        for (path, format) in [
            ("a/b.jsonl", Some(Format::Jsonl)),
            ("b.v2.NDJSON", Some(Format::Jsonl)),
            ("b.CSV", Some(Format::Csv)),
            ("b.toml", Some(Format::Toml)),
            ("b.yml", Some(Format::Yaml)),
            ("b.json", None),
            ("jsonl", None),
            (".jsonl", None),
            ("", None),
        ] {
            assert_eq!(Format::of_path(path), format, "{path}");
        }
    }
}
