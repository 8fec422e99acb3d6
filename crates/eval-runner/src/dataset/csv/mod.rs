//! Reads comma-separated values with a header.

mod cell;
mod columns;
mod quotes;
mod tree;

use csv::{ReaderBuilder, StringRecord};
use serde::de::DeserializeOwned;

use self::columns::Columns;
use super::{complaint::Complaint, lines::Lines, row::Row, rows::Rows};
use crate::case::Case;

/// Reads a text whose first row names the columns.
pub(super) fn read<I, E>(text: &str, rows: &mut Rows<I, E>)
where
    I: DeserializeOwned,
    E: DeserializeOwned,
{
    let records = match records(text) {
        Ok(records) => records,
        Err(error) => return rows.complain_of_file(Complaint::new(&error.to_string())),
    };
    let lines = Lines::of(text);
    let line = |record: &StringRecord| lines.place(&(start(text, record)..text.len())).0;
    let Some((header, records)) = records.split_first() else { return };
    match Columns::of(header) {
        Ok(columns) => {
            for record in records {
                rows.push(Some(line(record)), row(&columns, record));
            }
        }
        Err(complaints) => {
            for complaint in complaints {
                rows.complain_of_file(complaint.at(line(header), None));
            }
        }
    }
    // Only the last record can have taken in what follows it.
    let last = records.last().unwrap_or(header);
    if quotes::stay_open(text.get(start(text, last)..).unwrap_or_default()) {
        let complaint = Complaint::new("a quote is opened in this row and never closed");
        rows.complain_of_file(complaint.at(line(last), None));
    }
}

fn records(text: &str) -> Result<Vec<StringRecord>, csv::Error> {
    // The lengths of rows are checked later, where the message can say more.
    let mut csv = ReaderBuilder::new();
    csv.has_headers(false).flexible(true).from_reader(text.as_bytes()).records().collect()
}

/// Returns the byte at which a record begins, past the blank lines before it.
fn start(text: &str, record: &StringRecord) -> usize {
    let after = record.position().map_or(0, csv::Position::byte);
    let after = usize::try_from(after).unwrap_or(text.len());
    let rest = text.get(after..).unwrap_or_default();
    text.len() - rest.trim_start_matches(['\r', '\n']).len()
}

fn row<I, E>(columns: &Columns, record: &StringRecord) -> Result<Case<I, E>, Complaint>
where
    I: DeserializeOwned,
    E: DeserializeOwned,
{
    let Row(case) = serde_path_to_error::deserialize(columns.tree(record)?)
        .map_err(|error| Complaint::of_field(error.path(), &error.inner().to_string()))?;
    Ok(case)
}
