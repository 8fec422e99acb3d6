//! A text with a limit: what has no room is left out, and named at the end.

use std::fmt::Write as _;

/// So many bytes are kept for naming what was left out.
const RESERVE: usize = 400;

/// A text with a limit.
#[derive(Debug)]
pub(super) struct Sheet {
    text: String,
    room: usize,
    /// What was left out.
    left_out: Vec<String>,
}

impl Sheet {
    /// Begins a text of at most so many bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self { text: String::new(), room: limit.saturating_sub(RESERVE), left_out: Vec::new() }
    }

    /// Adds a part with an empty line after it; leaves it out, by its name, where it has no room.
    pub(super) fn add(&mut self, name: &str, part: &str) {
        if part.is_empty() {
            return;
        }
        if self.has_room_for(part.len() + 1) {
            self.text.push_str(part);
            self.text.push('\n');
        } else {
            self.left_out.push(name.to_owned());
        }
    }

    /// Adds a table between what is before and after it, with as many of its rows as have room.
    pub(super) fn add_rows(
        &mut self,
        thing: &str,
        (before, head, after): (&str, &str, &str),
        rows: impl ExactSizeIterator<Item = String>,
    ) {
        let (all, mut shown) = (rows.len(), 0);
        if self.has_room_for(before.len() + head.len() + after.len()) {
            self.room -= after.len();
            self.text.push_str(before);
            self.text.push_str(head);
            for row in rows {
                if !self.has_room_for(row.len()) {
                    break;
                }
                self.text.push_str(&row);
                shown += 1;
            }
            self.text.push_str(after);
        }
        match all - shown {
            0 => {}
            1 => self.left_out.push(format!("1 {thing}")),
            many => self.left_out.push(format!("{many} {thing}s")),
        }
    }

    /// Returns the text, which says at its end what was left out.
    pub(super) fn finish(mut self) -> String {
        if !self.left_out.is_empty() {
            let left_out = self.left_out.join(", ");
            _ = write!(
                self.text,
                "\nLeft out, since GitHub shows 1 MiB of a step at most: {left_out}.\n"
            );
        }
        self.text
    }

    fn has_room_for(&self, bytes: usize) -> bool {
        self.text.len() + bytes <= self.room
    }
}
