//! Writes a page: what is seen first, then the trials as they come.

use std::{
    collections::HashMap,
    io::{self, Write},
};

use super::{
    blocks::Blocks,
    detail::Detail,
    document::{self, Unopened},
    index::Index,
    page::Page,
    row::TrialRow,
    shown::Shower,
    summary::Mark,
};

impl Page {
    /// Writes the file, with the trials as they come. Each row is dropped before the next is asked for.
    ///
    /// Rows may be fewer than the summaries; the page says of the others that they cannot be opened.
    ///
    /// # Errors
    ///
    /// What the file or the rows return, and [`io::ErrorKind::InvalidInput`] for a row that no summary is of.
    pub fn write<'a>(
        &self,
        mut out: impl Write,
        rows: impl IntoIterator<Item = io::Result<TrialRow<'a>>>,
    ) -> io::Result<()> {
        let baseline = self.baseline.as_ref().map(|baseline| &*baseline.tasks);
        let index = Index::of(&self.trials, baseline, &self.redaction);
        out.write_all(document::head(self, &index)?.0.as_bytes())?;
        let (mut out, unopened) = self.write_details(out, rows)?;
        out.write_all(document::tail(&unopened).0.as_bytes())?;
        out.flush()
    }

    fn write_details<'a, W: Write>(
        &self,
        out: W,
        rows: impl IntoIterator<Item = io::Result<TrialRow<'a>>>,
    ) -> io::Result<(W, Unopened)> {
        let numbers: HashMap<(&str, u32), usize> = self
            .trials
            .iter()
            .enumerate()
            .map(|(ordinal, trial)| ((&*trial.case, trial.index), ordinal))
            .collect();
        let show = Shower { redaction: &self.redaction, max_bytes: self.limits.text_bytes };
        let mut blocks = Blocks::new(out);
        let mut unopened = Unopened::default();
        let mut opened = 0;
        for row in rows {
            let row = row?;
            let ordinal = *numbers.get(&(&*row.case, row.index)).ok_or_else(|| unlisted(&row))?;
            if blocks.written() >= self.room(Mark::of(&row.outcome)) {
                unopened.beyond_the_file += 1;
            } else if let Some(json) = Detail::json(ordinal, &row, show, &self.limits)? {
                blocks.add(ordinal, &json)?;
                opened += 1;
            } else {
                unopened.too_large += 1;
            }
        }
        let left_out = unopened.beyond_the_file + unopened.too_large;
        unopened.not_given = self.trials.len().saturating_sub(opened + left_out);
        Ok((blocks.finish()?, unopened))
    }

    /// How full the file may be for a trial to be added: those that passed are looked at the least.
    fn room(&self, mark: Mark) -> usize {
        let all = self.limits.details_bytes;
        if mark == Mark::Passed { all / 2 } else { all }
    }
}

fn unlisted(row: &TrialRow<'_>) -> io::Error {
    let message =
        format!("trial {} of case {:?} is not among the page's trials", row.index, row.case);
    io::Error::new(io::ErrorKind::InvalidInput, message)
}
