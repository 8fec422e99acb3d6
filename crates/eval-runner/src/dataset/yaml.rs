//! Reads a list of cases, alone or under the key `cases`.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;
use serde_saphyr::{
    Budget, Error, Location, MessageFormatter as _, Options, Spanned, UserMessageFormatter,
};

use super::{
    beside::{CASES, misnamed},
    complaint::Complaint,
    row::Row,
    rows::Rows,
};

/// Reads a text.
pub(super) fn read<I, E>(text: &str, rows: &mut Rows<I, E>)
where
    I: DeserializeOwned,
    E: DeserializeOwned,
{
    let file: File = match serde_saphyr::from_str_with_options(text, options(text.len())) {
        Ok(file) => file,
        Err(error) => return rows.complain_of_file(complaint(&error)),
    };
    for (name, location) in file.others {
        rows.complain_of_file(at(location, Complaint::new(&misnamed(&name))));
    }
    for case in file.cases {
        let row = serde_path_to_error::deserialize(case.value);
        let row = row
            .map(|Row(case)| case)
            .map_err(|error| Complaint::of_field(error.path(), &error.inner().to_string()));
        rows.push(Some(case.referenced.line()), row);
    }
}

/// Texts stay what they look like, and a file may be as large as it is: only what grows while it is read is limited.
fn options(bytes: usize) -> Options {
    let mut options = serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    };
    let budget = options.budget.get_or_insert_with(Budget::default);
    budget.max_events = budget.max_events.max(bytes.saturating_mul(4));
    budget.max_nodes = budget.max_nodes.max(bytes.saturating_mul(4));
    budget.max_total_scalar_bytes = budget.max_total_scalar_bytes.max(bytes.saturating_mul(4));
    budget.enforce_alias_anchor_ratio = false;
    options
}

fn complaint(error: &Error) -> Complaint {
    let complaint = Complaint::new(&UserMessageFormatter.format_message(error));
    error.location().map_or(complaint.clone(), |location| at(location, complaint))
}

fn at(location: Location, complaint: Complaint) -> Complaint {
    complaint.at(location.line(), Some(location.column()))
}

/// A file as it is written: its cases, and what stands beside them.
#[derive(Default)]
struct File {
    cases: Vec<Spanned<Value>>,
    others: Vec<(String, Location)>,
}

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(file: D) -> Result<Self, D::Error> {
        file.deserialize_any(FileVisitor)
    }
}

struct FileVisitor;

impl<'de> Visitor<'de> for FileVisitor {
    type Value = File;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of cases, alone or under \"cases\"")
    }

    fn visit_unit<X>(self) -> Result<File, X> {
        Ok(File::default())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<File, S::Error> {
        let mut file = File::default();
        while let Some(case) = seq.next_element()? {
            file.cases.push(case);
        }
        Ok(file)
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<File, M::Error> {
        let mut file = File::default();
        while let Some(name) = map.next_key::<Spanned<String>>()? {
            if name.value == CASES {
                let cases: Option<Vec<Spanned<Value>>> = map.next_value()?;
                file.cases.extend(cases.unwrap_or_default());
            } else {
                map.next_value::<IgnoredAny>()?;
                file.others.push((name.value, name.referenced));
            }
        }
        Ok(file)
    }
}
