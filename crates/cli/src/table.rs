//! Tables of plain text.

use std::io;

use comfy_table::{Cell, CellAlignment, Table, presets};

use crate::target::Out;

/// A column: its title, and whether it holds numbers.
pub(crate) type Column = (&'static str, Align);

/// Where the content of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Writes a table whose rows have as many cells as there are columns.
pub(crate) fn write(
    out: Out<'_>,
    columns: &[Column],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> io::Result<()> {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_header(columns.iter().map(|(title, align)| cell(title, *align)));
    for row in rows {
        let cells = row.iter().zip(columns);
        table.add_row(cells.map(|(text, (_, align))| cell(&on_one_line(text), *align)));
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn cell(text: &str, align: Align) -> Cell {
    Cell::new(text).set_alignment(match align {
        Align::Left => CellAlignment::Left,
        Align::Right => CellAlignment::Right,
    })
}

/// Texts of others may hold line breaks, and what terminals take for commands.
pub(crate) fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
