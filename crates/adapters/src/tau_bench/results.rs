//! A whole results file.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fs,
    path::Path,
};

use super::{
    error::{ParseError, ReadError},
    record::Record,
};

/// All records of a results file: at least one, and at most one per task and trial.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    records: Vec<Record>,
}

impl Results {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// Errs where the file cannot be read or is not a results file; see [`Results::from_json`].
    pub fn read(path: impl AsRef<Path>) -> Result<Self, ReadError> {
        let path = path.as_ref();
        let text =
            fs::read(path).map_err(|source| ReadError::File { path: path.to_owned(), source })?;
        Self::from_json(text).map_err(|source| ReadError::Content { path: path.to_owned(), source })
    }

    /// Reads a text. Fields that it does not know are ignored.
    ///
    /// # Errors
    ///
    /// Errs, with the record, the field, the line and the column, where the text is no JSON array of
    /// records; where it has none; and where two records are of the same trial, since counting both
    /// would make a metric wrong.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, ParseError> {
        let mut json = serde_json::Deserializer::from_slice(json.as_ref());
        let records: Vec<Record> =
            serde_path_to_error::deserialize(&mut json).map_err(|error| {
                let path = error.path().clone();
                ParseError::malformed(&path, error.into_inner())
            })?;
        json.end().map_err(ParseError::after_the_array)?;
        if records.is_empty() {
            return Err(ParseError::Empty);
        }
        refuse_duplicates(&records)?;
        Ok(Self { records })
    }

    /// Returns the records in the order of the file.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Returns the records by task, tasks and trials each in the order of their numbers.
    ///
    /// Tasks have as many records as the file holds: fewer than others where a run was cut short.
    #[must_use]
    pub fn tasks(&self) -> BTreeMap<u64, Vec<&Record>> {
        let mut tasks = BTreeMap::<u64, Vec<&Record>>::new();
        for record in &self.records {
            tasks.entry(record.task).or_default().push(record);
        }
        for trials in tasks.values_mut() {
            trials.sort_by_key(|record| record.trial);
        }
        tasks
    }
}

fn refuse_duplicates(records: &[Record]) -> Result<(), ParseError> {
    let mut seen = BTreeMap::new();
    for (second, record) in records.iter().enumerate() {
        match seen.entry((record.task, record.trial)) {
            Entry::Vacant(entry) => _ = entry.insert(second),
            Entry::Occupied(entry) => {
                return Err(ParseError::Duplicate {
                    task: record.task,
                    trial: record.trial,
                    first: *entry.get(),
                    second,
                });
            }
        }
    }
    Ok(())
}
