//! Writes a page: what is seen first, then the trials as they come.

use std::io::{self, Write};

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
        out: impl Write,
        rows: impl IntoIterator<Item = io::Result<TrialRow<'a>>>,
    ) -> io::Result<()> {
        let mut writing = Writing::begin(self, out)?;
        for row in rows {
            writing.add(&row?)?;
        }
        writing.finish()
    }
}

/// A page that is being written.
pub(super) struct Writing<'p, W> {
    page: &'p Page,
    blocks: Blocks<W>,
    unopened: Unopened,
    opened: usize,
}

impl<'p, W: Write> Writing<'p, W> {
    /// Writes what comes before the trials.
    pub(super) fn begin(page: &'p Page, mut out: W) -> io::Result<Self> {
        let baseline = page.baseline.as_ref().map(|baseline| &*baseline.tasks);
        let index = Index::of(&page.trials, baseline, &page.redaction);
        out.write_all(document::head(page, &index)?.0.as_bytes())?;
        Ok(Self { page, blocks: Blocks::new(out), unopened: Unopened::default(), opened: 0 })
    }

    /// Writes a trial, where there is room for it.
    pub(super) fn add(&mut self, row: &TrialRow<'_>) -> io::Result<()> {
        let Page { trials, redaction, limits, .. } = self.page;
        let ordinal = trials.ordinal(&row.case, row.index).ok_or_else(|| unlisted(row))?;
        if !self.has_room_for(Mark::of(&row.outcome)) {
            self.leave_out(1);
            return Ok(());
        }
        let show = Shower { redaction, max_bytes: limits.text_bytes };
        if let Some(json) = Detail::json(ordinal, row, show, limits)? {
            self.blocks.add(ordinal, &json)?;
            self.opened += 1;
        } else {
            self.unopened.too_large += 1;
        }
        Ok(())
    }

    /// Returns whether the file has room for another trial: those that passed, which are looked at the least, may
    /// fill half of it.
    pub(super) fn has_room_for(&self, mark: Mark) -> bool {
        let all = self.page.limits.details_bytes;
        self.blocks.written() < if mark == Mark::Passed { all / 2 } else { all }
    }

    /// Counts trials for which there is no room.
    pub(super) fn leave_out(&mut self, trials: usize) {
        self.unopened.beyond_the_file += trials;
    }

    /// Writes what comes after the trials.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let given = self.opened + self.unopened.beyond_the_file + self.unopened.too_large;
        self.unopened.not_given = self.page.trials.len().saturating_sub(given);
        let mut out = self.blocks.finish()?;
        out.write_all(document::tail(&self.unopened).0.as_bytes())?;
        out.flush()
    }
}

fn unlisted(row: &TrialRow<'_>) -> io::Error {
    let message =
        format!("trial {} of case {:?} is not among the page's trials", row.index, row.case);
    io::Error::new(io::ErrorKind::InvalidInput, message)
}
