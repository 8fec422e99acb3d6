//! How traces and artifacts are written into a column: JSON, compressed where that helps.

use std::{cell::RefCell, io};

use serde::{Serialize, de::DeserializeOwned};
use zstd::{
    bulk::Compressor,
    zstd_safe::{CParameter, compress_bound},
};

use super::error::StoreError;

/// The level of compression: the fastest of the regular ones. Higher levels cost more than they save on traces.
const LEVEL: i32 = 1;

/// The level for texts shorter than [`SHORT`]: there, half of the time of the other goes into tables that hardly pay.
const LEVEL_IF_SHORT: i32 = -1;

/// Texts shorter than this, in bytes, are short.
const SHORT: usize = 4_096;

/// Shorter texts are stored as they are.
const WORTH_COMPRESSING: usize = 256;

/// A buffer that has grown larger than this is given back, so that one large trace does not hold memory forever.
const LARGEST_KEPT: usize = 1 << 20;

/// The first bytes of a zstd frame, which no JSON begins with.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

thread_local! {
    /// What is costly to make anew for each value.
    static TOOLS: RefCell<Tools> =
        const { RefCell::new(Tools { json: Vec::new(), frame: Vec::new(), compressor: None }) };
}

struct Tools {
    json: Vec<u8>,
    frame: Vec<u8>,
    compressor: Option<Compressor<'static>>,
}

/// Writes a value.
pub(super) fn write(what: &str, value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    let mut fresh = Tools { json: Vec::new(), frame: Vec::new(), compressor: None };
    TOOLS.with(|tools| match tools.try_borrow_mut() {
        Ok(mut tools) => tools.write(what, value),
        // Writing the value wrote another.
        Err(_) => fresh.write(what, value),
    })
}

/// Reads a value.
pub(super) fn read<T: DeserializeOwned>(what: &str, blob: &[u8]) -> Result<T, StoreError> {
    let unreadable = |reason: &dyn ToString| StoreError::unreadable(what, reason.to_string());
    if blob.starts_with(&MAGIC) {
        let json = zstd::stream::decode_all(blob).map_err(|error| unreadable(&error))?;
        serde_json::from_slice(&json).map_err(|error| unreadable(&error))
    } else {
        serde_json::from_slice(blob).map_err(|error| unreadable(&error))
    }
}

impl Tools {
    fn write(&mut self, what: &str, value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
        self.json.clear();
        serde_json::to_writer(&mut self.json, value)
            .map_err(|error| StoreError::unstorable(what, error))?;
        let blob = if self.json.len() < WORTH_COMPRESSING {
            self.json.clone()
        } else {
            self.compressed().map_err(|error| StoreError::unstorable(what, error))?
        };
        if self.json.capacity() > LARGEST_KEPT {
            (self.json, self.frame) = (Vec::new(), Vec::new());
        }
        Ok(blob)
    }

    fn compressed(&mut self) -> io::Result<Vec<u8>> {
        let compressor = match &mut self.compressor {
            Some(compressor) => compressor,
            missing => missing.insert(compressor()?),
        };
        let short = self.json.len() < SHORT;
        compressor.set_compression_level(if short { LEVEL_IF_SHORT } else { LEVEL })?;
        self.frame.clear();
        self.frame.reserve(compress_bound(self.json.len()));
        compressor.compress_to_buffer(&self.json, &mut self.frame)?;
        Ok(self.frame.clone())
    }
}

fn compressor() -> io::Result<Compressor<'static>> {
    let mut compressor = Compressor::new(LEVEL)?;
    // A damaged file is then told from a trace.
    compressor.set_parameter(CParameter::ChecksumFlag(true))?;
    Ok(compressor)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn long_and_short_values_come_back() {
        for value in [json!(null), json!({"a": [1, 2.5]}), json!("x".repeat(10_000))] {
            let blob = write("a value", &value).unwrap();
            assert_eq!(read::<Value>("a value", &blob).unwrap(), value);
        }
    }

    #[test]
    fn a_long_text_gets_shorter() {
        assert!(write("a text", &"spans ".repeat(1_000)).unwrap().len() < 100);
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let mut blob = write("a text", &"spans ".repeat(1_000)).unwrap();
        let middle = blob.len() / 2;
        blob[middle] ^= 0x55;
        let error = read::<String>("a text", &blob).unwrap_err();
        assert!(error.to_string().starts_with("a text cannot be read from the store: "), "{error}");
    }
}
