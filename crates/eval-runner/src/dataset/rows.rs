//! The rows of a source: those that are cases, and what is wrong with the others.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use super::{
    cases::Dataset,
    complaint::Complaint,
    error::{DatasetError, Problem},
    origin::{Origin, Source},
};
use crate::case::Case;

/// How many problems an error holds.
const MOST: usize = 20;

/// Collects the rows of a source.
pub(super) struct Rows<I, E> {
    source: Arc<Source>,
    cases: Vec<Case<I, E>>,
    origins: Vec<Origin>,
    /// Where each id was seen first.
    seen: HashMap<String, (u64, Origin)>,
    /// How many rows there were, good and bad.
    count: u64,
    problems: Vec<Problem>,
    omitted: u64,
}

impl<I, E> Rows<I, E> {
    pub(super) fn new(source: Source) -> Self {
        Self {
            source: Arc::new(source),
            cases: Vec::new(),
            origins: Vec::new(),
            seen: HashMap::new(),
            count: 0,
            problems: Vec::new(),
            omitted: 0,
        }
    }

    /// Adds a row that begins on a line.
    pub(super) fn push(&mut self, line: Option<u64>, row: Result<Case<I, E>, Complaint>) {
        let origin = Origin { source: Arc::clone(&self.source), line };
        self.push_from(origin, row);
    }

    /// Adds a row of another source.
    pub(super) fn push_from(&mut self, origin: Origin, row: Result<Case<I, E>, Complaint>) {
        self.count = self.count.saturating_add(1);
        match row.and_then(|case| self.refuse_duplicate(&origin, case)) {
            Ok(case) => {
                self.cases.push(case);
                self.origins.push(origin);
            }
            Err(complaint) => self.complain(origin.line, Some(self.count), complaint),
        }
    }

    /// Complains of something that is no row.
    pub(super) fn complain_of_file(&mut self, complaint: Complaint) {
        self.complain(None, None, complaint);
    }

    fn complain(&mut self, line: Option<u64>, row: Option<u64>, complaint: Complaint) {
        if self.problems.len() == MOST {
            self.omitted = self.omitted.saturating_add(1);
            return;
        }
        let Complaint { line: exact, column, field, message } = complaint;
        self.problems.push(Problem { line: exact.or(line), column, row, field, message });
    }

    fn refuse_duplicate(
        &mut self,
        origin: &Origin,
        case: Case<I, E>,
    ) -> Result<Case<I, E>, Complaint> {
        match self.seen.entry(case.id.clone()) {
            Entry::Vacant(entry) => {
                entry.insert((self.count, origin.clone()));
                Ok(case)
            }
            Entry::Occupied(entry) => {
                let (row, first) = entry.get();
                let place = match first.line {
                    Some(line) if first.source == origin.source => format!("line {line}"),
                    Some(_) => first.to_string(),
                    None => format!("case {row}"),
                };
                let message = format!("the id {:?} is that of {place} already", case.id);
                Err(Complaint::new(&message))
            }
        }
    }

    /// Makes a dataset of the rows.
    ///
    /// # Errors
    ///
    /// If a row is no case, or there are none.
    pub(super) fn finish(self) -> Result<Dataset<I, E>, DatasetError> {
        let Self { source: from, cases, origins, problems, omitted, .. } = self;
        if !problems.is_empty() {
            return Err(DatasetError::Invalid { from, problems, omitted });
        }
        if cases.is_empty() {
            return Err(DatasetError::Empty { from });
        }
        Ok(Dataset::of(cases, origins))
    }
}
