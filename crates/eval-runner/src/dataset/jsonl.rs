//! Reads one JSON object a line.

use serde::de::DeserializeOwned;

use super::{
    complaint::{Complaint, of_json},
    row::Row,
    rows::Rows,
};
use crate::case::Case;

/// Reads the lines of a text that are not blank.
pub(super) fn read<I, E>(text: &str, rows: &mut Rows<I, E>)
where
    I: DeserializeOwned,
    E: DeserializeOwned,
{
    for (line, number) in text.lines().zip(1..) {
        if !line.trim().is_empty() {
            rows.push(
                Some(number),
                row(line).map_err(|(column, complaint)| complaint.at(number, column)),
            );
        }
    }
}

/// Reads a line, or says in which column it goes wrong.
fn row<I, E>(line: &str) -> Result<Case<I, E>, (Option<u64>, Complaint)>
where
    I: DeserializeOwned,
    E: DeserializeOwned,
{
    let mut json = serde_json::Deserializer::from_str(line);
    let Row(case) = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().clone();
        let error = error.into_inner();
        (column(line, &error), Complaint::of_field(&path, &message(&error)))
    })?;
    json.end().map_err(|error| (column(line, &error), Complaint::new(AFTER)))?;
    Ok(case)
}

const AFTER: &str = "there is more after the object; each case has a line of its own";

fn message(error: &serde_json::Error) -> String {
    let message = of_json(error);
    if error.is_eof() { format!("{message}; a line holds one whole JSON object") } else { message }
}

/// The column in characters; a parser counts bytes, and 0 where it does not know.
fn column(line: &str, error: &serde_json::Error) -> Option<u64> {
    let before = error.column().checked_sub(1)?;
    let characters = line.char_indices().take_while(|(at, _)| *at < before).count();
    u64::try_from(characters).ok()?.checked_add(1)
}
