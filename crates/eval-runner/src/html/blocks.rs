//! The trials of a page, compressed in blocks that a browser unpacks one by one.

use std::io::{self, Write};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, write::GzEncoder};
use maud::{PreEscaped, html};

/// A block is closed when its trials take this many bytes before they are compressed.
const BLOCK_BYTES: usize = 256 << 10;

/// Writes trials in blocks: elements that hold a JSON list, zipped, as base64.
pub(super) struct Blocks<W> {
    out: W,
    zip: Option<GzEncoder<Vec<u8>>>,
    bytes: usize,
    first: usize,
    last: usize,
    written: usize,
}

impl<W: Write> Blocks<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, zip: None, bytes: 0, first: 0, last: 0, written: 0 }
    }

    /// Returns how many bytes were written to the file; those of an open block are estimated.
    pub(super) fn written(&self) -> usize {
        self.written + self.zip.as_ref().map_or(0, |zip| zip.get_ref().len()) / 3 * 4
    }

    /// Adds the JSON of a trial.
    pub(super) fn add(&mut self, ordinal: usize, json: &str) -> io::Result<()> {
        let is_first = self.zip.is_none();
        if is_first {
            (self.first, self.last) = (ordinal, ordinal);
        }
        (self.first, self.last) = (self.first.min(ordinal), self.last.max(ordinal));
        let zip =
            self.zip.get_or_insert_with(|| GzEncoder::new(Vec::new(), Compression::default()));
        zip.write_all(if is_first { b"[" } else { b"," })?;
        zip.write_all(json.as_bytes())?;
        self.bytes += json.len();
        if self.bytes >= BLOCK_BYTES { self.close() } else { Ok(()) }
    }

    /// Closes the block that is open, and gives the file back.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.close()?;
        Ok(self.out)
    }

    fn close(&mut self) -> io::Result<()> {
        let Some(mut zip) = self.zip.take() else {
            return Ok(());
        };
        zip.write_all(b"]")?;
        let text = STANDARD.encode(zip.finish()?);
        let element = html! {
            script type="text/plain" data-first=(self.first) data-last=(self.last) {
                (PreEscaped(text))
            }
            "\n"
        };
        self.written += element.0.len();
        self.bytes = 0;
        self.out.write_all(element.0.as_bytes())
    }
}
