//! Reads tables named `cases`.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Deserializer, Track};
use toml::{
    Spanned,
    de::{DeTable, DeValue, ValueDeserializer},
};

use super::{
    beside::{CASES, misnamed},
    complaint::Complaint,
    lines::Lines,
    row::Row,
    rows::Rows,
};
use crate::case::Case;

/// Reads a text, with all its mistakes.
pub(super) fn read<I, E>(text: &str, rows: &mut Rows<I, E>)
where
    I: DeserializeOwned,
    E: DeserializeOwned,
{
    let lines = Lines::of(text);
    let (file, mut errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        tables(file.into_inner(), &lines, rows);
    }
    errors.sort_by_key(|error| error.span().map(|span| span.start));
    for error in errors {
        rows.complain_of_file(complaint(&lines, &error, Complaint::new(error.message())));
    }
}

fn tables<I, E>(file: DeTable<'_>, lines: &Lines<'_>, rows: &mut Rows<I, E>)
where
    I: DeserializeOwned,
    E: DeserializeOwned,
{
    let mut tables: Vec<_> = file.into_iter().collect();
    tables.sort_by_key(|(name, _)| name.span().start);
    for (name, value) in tables {
        let (line, column) = lines.place(&name.span());
        if name.get_ref() != CASES {
            let message = misnamed(name.get_ref());
            rows.complain_of_file(Complaint::new(&message).at(line, Some(column)));
            continue;
        }
        match value.into_inner() {
            DeValue::Array(cases) => {
                for case in cases {
                    let (line, _) = lines.place(&case.span());
                    rows.push(Some(line), row(case, lines));
                }
            }
            other => {
                let message =
                    format!("{CASES} is of the type {}; write [[{CASES}]]", other.type_str());
                rows.complain_of_file(Complaint::new(&message).at(line, Some(column)));
            }
        }
    }
}

fn row<I, E>(mut case: Spanned<DeValue<'_>>, lines: &Lines<'_>) -> Result<Case<I, E>, Complaint>
where
    I: DeserializeOwned,
    E: DeserializeOwned,
{
    if let Err(number) = make_json(&mut case) {
        let (line, column) = lines.place(&number.span());
        let message = format!("{} is no number that a case can have", number.get_ref());
        return Err(Complaint::new(&message).at(line, Some(column)));
    }
    let mut track = Track::new();
    let row = Deserializer::new(ValueDeserializer::from(case), &mut track);
    match <Row<I, E> as serde::Deserialize>::deserialize(row) {
        Ok(Row(case)) => Ok(case),
        Err(error) => {
            let of_field = Complaint::of_field(&track.path(), error.message());
            Err(complaint(lines, &error, of_field))
        }
    }
}

/// Makes a value one that JSON knows, too: dates and times become texts. Returns the number that JSON does not know.
fn make_json(value: &mut Spanned<DeValue<'_>>) -> Result<(), Spanned<String>> {
    let span = value.span();
    let value = value.get_mut();
    match value {
        DeValue::Datetime(datetime) => *value = DeValue::String(datetime.to_string().into()),
        DeValue::Float(number) if !is_finite(number.as_str()) => {
            return Err(Spanned::new(span, number.as_str().to_owned()));
        }
        DeValue::Array(values) => values.iter_mut().try_for_each(make_json)?,
        DeValue::Table(table) => table.iter_mut().try_for_each(|(_, value)| make_json(value))?,
        _ => {}
    }
    Ok(())
}

fn is_finite(number: &str) -> bool {
    number.parse().is_ok_and(f64::is_finite)
}

fn complaint(lines: &Lines<'_>, error: &toml::de::Error, complaint: Complaint) -> Complaint {
    match error.span() {
        Some(span) => {
            let (line, column) = lines.place(&span);
            complaint.at(line, Some(column))
        }
        None => complaint,
    }
}
