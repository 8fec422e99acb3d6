//! A dataset: cases and where they came from.

use std::{path::Path, slice, vec};

use serde::de::DeserializeOwned;

use super::{
    complaint::Complaint,
    csv,
    error::DatasetError,
    format::Format,
    jsonl, names,
    origin::{Origin, Source},
    rows::Rows,
    text, toml, yaml,
};
use crate::{
    case::Case,
    select::{Selection, SelectionError},
};

/// Cases, each with the place that it came from: at least one, no two of one id.
///
/// The types are those of the program: a row whose `input` is no `I`, or whose `expected` is no `E`, is an error
/// with its line and field. `E` is `()` unless said otherwise, which no `expected` fits. [The module](super) says how
/// rows are written.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{dataset::Dataset, suite::Suite};
/// use serde::Deserialize;
///
/// #[derive(Debug, Deserialize)]
/// struct Question {
///     question: String,
///     delay: u8,
/// }
///
/// let rows = r#"
/// {"id": "refund", "input": {"question": "Am I owed money?", "delay": 4}, "expected": "yes"}
/// {"id": "cancel", "input": {"question": "Cancel it.", "delay": 0}}
/// "#;
/// let dataset: Dataset<Question, String> = Dataset::from_jsonl(rows)?;
/// assert_eq!(dataset.cases()[0].input.delay, 4);
/// assert_eq!(dataset.origin("cancel").unwrap().line, Some(3));
///
/// let wrong = r#"{"id": "refund", "input": {"question": "Am I owed money?", "delay": "long"}}"#;
/// let error = Dataset::<Question>::from_jsonl(wrong).unwrap_err();
/// println!("{error}");
/// # assert!(error.to_string().contains("input.delay: invalid type"), "{error}");
///
/// let suite = Suite::new("support", dataset);
/// # Ok::<(), probity_eval_runner::dataset::DatasetError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset<I, E = ()> {
    cases: Vec<Case<I, E>>,
    /// One for each case.
    origins: Vec<Origin>,
}

impl<I: DeserializeOwned, E: DeserializeOwned> Dataset<I, E> {
    /// Reads a file, whose ending says the format: `.jsonl`, `.ndjson`, `.csv`, `.toml`, `.yaml` or `.yml`.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, has another ending or no cases, or any row is no case.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, DatasetError> {
        let path = path.as_ref();
        let unknown = || DatasetError::UnknownFormat { path: path.to_owned() };
        // What is wrong with a path is said first: a folder has no ending either.
        let text = text::read(path)?;
        let format = Format::of_path(path).ok_or_else(unknown)?;
        Self::parse(Source::File(path.to_owned()), format, &text)
    }

    /// Reads a file of any name in this format.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or has no cases, or any row is no case.
    pub fn read_as(path: impl AsRef<Path>, format: Format) -> Result<Self, DatasetError> {
        let path = path.as_ref();
        let text = text::read(path)?;
        Self::parse(Source::File(path.to_owned()), format, &text)
    }

    /// Reads a text in this format.
    ///
    /// # Errors
    ///
    /// If there are no cases, or any row is no case.
    pub fn from_text(text: &str, format: Format) -> Result<Self, DatasetError> {
        Self::parse(Source::Text(format), format, text)
    }

    /// Reads one JSON object a line.
    ///
    /// # Errors
    ///
    /// If there are no cases, or any row is no case.
    pub fn from_jsonl(text: &str) -> Result<Self, DatasetError> {
        Self::from_text(text, Format::Jsonl)
    }

    /// Reads comma-separated values with a header.
    ///
    /// # Errors
    ///
    /// If there are no cases, or any row is no case.
    pub fn from_csv(text: &str) -> Result<Self, DatasetError> {
        Self::from_text(text, Format::Csv)
    }

    /// Reads tables named `cases`.
    ///
    /// # Errors
    ///
    /// If there are no cases, or any row is no case.
    pub fn from_toml(text: &str) -> Result<Self, DatasetError> {
        Self::from_text(text, Format::Toml)
    }

    /// Reads a list of cases.
    ///
    /// # Errors
    ///
    /// If there are no cases, or any row is no case.
    pub fn from_yaml(text: &str) -> Result<Self, DatasetError> {
        Self::from_text(text, Format::Yaml)
    }

    fn parse(source: Source, format: Format, text: &str) -> Result<Self, DatasetError> {
        let text = text::without_mark(text);
        let mut rows = Rows::new(source);
        match format {
            Format::Jsonl => jsonl::read(text, &mut rows),
            Format::Csv => csv::read(text, &mut rows),
            Format::Toml => toml::read(text, &mut rows),
            Format::Yaml => yaml::read(text, &mut rows),
        }
        rows.finish()
    }
}

impl<I, E> Dataset<I, E> {
    /// Takes cases from code.
    ///
    /// # Errors
    ///
    /// If there are none, or an id is empty, there twice, or not one visible line.
    pub fn from_cases(cases: impl IntoIterator<Item = Case<I, E>>) -> Result<Self, DatasetError> {
        let mut rows = Rows::new(Source::Code);
        for case in cases {
            let named =
                names::check("the id", &case.id).map_err(|message| Complaint::new(&message));
            rows.push(None, named.map(|()| case));
        }
        rows.finish()
    }

    pub(super) fn of(cases: Vec<Case<I, E>>, origins: Vec<Origin>) -> Self {
        Self { cases, origins }
    }

    /// Adds the cases of another dataset.
    ///
    /// # Errors
    ///
    /// If a case of each has the same id; both places are named.
    pub fn join(self, other: Self) -> Result<Self, DatasetError> {
        let source = match other.origins.first() {
            Some(origin) => Source::clone(&origin.source),
            None => Source::Code,
        };
        let mut rows = Rows::new(source);
        let origins = self.origins.into_iter().chain(other.origins);
        for (case, origin) in self.cases.into_iter().chain(other.cases).zip(origins) {
            rows.push_from(origin, Ok(case));
        }
        rows.finish()
    }

    /// Keeps the cases that are selected.
    ///
    /// # Errors
    ///
    /// If a filter matches no case, or no case is left.
    pub fn select(self, selection: &Selection) -> Result<Self, SelectionError> {
        let chosen = selection.indices(&self.cases)?;
        let mut kept = chosen.into_iter().peekable();
        let rows = self.cases.into_iter().zip(self.origins).enumerate();
        let chosen = rows.filter(|(index, _)| kept.next_if_eq(index).is_some());
        let (cases, origins) = chosen.map(|(_, row)| row).unzip();
        Ok(Self { cases, origins })
    }

    /// Returns the cases, in the order in which they were read.
    pub fn cases(&self) -> &[Case<I, E>] {
        &self.cases
    }

    /// Returns where the case of this id came from; `None` if there is no such case.
    pub fn origin(&self, id: &str) -> Option<&Origin> {
        let index = self.cases.iter().position(|case| case.id == id)?;
        self.origins.get(index)
    }

    /// Iterates over the cases, in the order in which they were read.
    pub fn iter(&self) -> slice::Iter<'_, Case<I, E>> {
        self.cases.iter()
    }
}

impl<I, E> IntoIterator for Dataset<I, E> {
    type Item = Case<I, E>;
    type IntoIter = vec::IntoIter<Case<I, E>>;

    fn into_iter(self) -> vec::IntoIter<Case<I, E>> {
        self.cases.into_iter()
    }
}

impl<'d, I, E> IntoIterator for &'d Dataset<I, E> {
    type Item = &'d Case<I, E>;
    type IntoIter = slice::Iter<'d, Case<I, E>>;

    fn into_iter(self) -> slice::Iter<'d, Case<I, E>> {
        self.iter()
    }
}
