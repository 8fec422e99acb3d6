//! The header of a CSV file: which field each column is.

use std::collections::HashSet;

use csv::StringRecord;

use super::tree::Node;
use crate::dataset::{
    complaint::Complaint,
    row::{FIELDS, unknown_field},
};

/// What the columns hold, from left to right.
#[derive(Debug)]
pub(super) struct Columns {
    /// The path of each column: the field of the row, and levels inside it.
    paths: Vec<Vec<String>>,
}

impl Columns {
    /// Reads a header.
    pub(super) fn of(header: &StringRecord) -> Result<Self, Vec<Complaint>> {
        let names: Vec<&str> = header.iter().map(str::trim).collect();
        let mut complaints: Vec<_> = names.iter().filter_map(|name| misnamed(name)).collect();
        let mut seen = HashSet::new();
        for name in names.iter().filter(|name| !name.is_empty() && !seen.insert(**name)) {
            complaints.push(format!("the column {name:?} is there twice"));
        }
        for name in &names {
            let above = name.rmatch_indices('.').filter_map(|(at, _)| name.get(..at));
            complaints.extend(above.filter(|above| seen.contains(above)).map(|above| {
                format!("the column {name:?} is a part of {above:?}, which is a column itself")
            }));
        }
        if complaints.is_empty() {
            complaints.extend(missing(&names));
        }
        if complaints.is_empty() {
            let path = |name: &&str| name.split('.').map(str::to_owned).collect();
            Ok(Self { paths: names.iter().map(path).collect() })
        } else {
            Err(complaints.iter().map(|complaint| Complaint::new(complaint)).collect())
        }
    }

    /// Makes a tree of a record; cells that say nothing are left out.
    pub(super) fn tree<'r>(&'r self, record: &'r StringRecord) -> Result<Node<'r>, Complaint> {
        let (cells, columns) = (record.len(), self.paths.len());
        if cells != columns {
            let message = format!(
                "the row has {cells} cells and the header {columns}; a cell with a comma in it is put in quotes"
            );
            return Err(Complaint::new(&message));
        }
        let mut row = Node::Table(Vec::new());
        for (path, cell) in self.paths.iter().zip(record) {
            let leaf = match path.first().map(String::as_str) {
                Some("input") => Node::Cell(cell),
                _ if cell.is_empty() => continue,
                Some("id" | "group") => Node::Text(cell),
                Some("tags") => Node::Tags(cell),
                _ => Node::Cell(cell),
            };
            row.insert(path, leaf);
        }
        Ok(row)
    }
}

/// Says what is wrong with the name of a column.
fn misnamed(name: &str) -> Option<String> {
    let (field, inside) = match name.split_once('.') {
        Some((field, inside)) => (field, Some(inside)),
        None => (name, None),
    };
    match field {
        "id" | "tags" | "group" if inside.is_some() => {
            Some(format!("the column {name:?} cannot be: {field:?} has no parts"))
        }
        "input" | "expected" | "metadata" => {
            let unnamed = inside.is_some_and(|inside| inside.split('.').any(str::is_empty));
            unnamed.then(|| format!("the column {name:?} has a level without a name"))
        }
        field if FIELDS.contains(&field) => None,
        "" => Some("a column has no name".to_owned()),
        _ if name.contains([';', '\t']) => {
            Some(format!("there is no column {name:?}; columns are separated by commas"))
        }
        _ => Some(unknown_field(name)),
    }
}

/// Says which columns are missing that every row needs.
fn missing(names: &[&str]) -> Option<String> {
    let has = |field: &str| names.iter().any(|name| name.split('.').next() == Some(field));
    ["id", "input"]
        .into_iter()
        .find(|field| !has(field))
        .map(|field| format!("there is no column {field:?}; every case has an id and an input"))
}
