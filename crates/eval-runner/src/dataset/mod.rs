//! Datasets: cases from JSONL, CSV, TOML, YAML or code, with every bad row named.
//!
//! A row of any format has these fields, and no others:
//!
//! | field | | meaning |
//! |---|---|---|
//! | `id` | required | a name that is unique in the file and stays the same: results are stored and compared by it |
//! | `input` | required | what the agent is given, in the type that the program asks for |
//! | `expected` | | what is expected of the agent |
//! | `tags` | | words to choose cases by |
//! | `group` | | the family of related cases that this one belongs to |
//! | `metadata` | | whatever else is known of the case |
//!
//! A field that is spelled otherwise is an error that names the nearest of these, so that nothing is lost. An id
//! that is a whole number is taken as its digits.
//!
//! # JSONL
//!
//! One JSON object a line; blank lines are skipped. Files end in `.jsonl` or `.ndjson`.
//!
//! ```text
//! {"id": "refund", "input": {"question": "Am I owed money?", "delay": 4}, "tags": ["refund"]}
//! ```
//!
//! # CSV
//!
//! The first row names the columns, which commas separate. A dot in a name makes a level: the columns
//! `input.question` and `input.delay` are the fields of a struct, `metadata.difficulty` is an entry of the metadata.
//!
//! ```text
//! id,input.question,input.delay,expected,tags,metadata.difficulty
//! refund,Am I owed money?,4,yes,refund;airline,3
//! ```
//!
//! - Each cell is read as the type that is asked for: `42` is a number for a number and a text for a text.
//! - Where any type will do, as in `metadata`, a cell that is `true`, `false` or a number as JSON prints it is
//!   that, and any other is a text: `007` and `1.10` are texts. So it is inside untagged and internally tagged
//!   enums.
//! - Where a list, a map or a struct is asked for, a cell holds it as JSON.
//! - `tags` are separated by `;`.
//! - An empty cell is nothing: no `expected`, no `group`, no entry of `metadata`, `None` for an option; for a text
//!   in `input` it is the empty text.
//!
//! # TOML
//!
//! Tables named `cases`.
//!
//! ```text
//! [[cases]]
//! id = "refund"
//! input = { question = "Am I owed money?", delay = 4 }
//! tags = ["refund"]
//! ```
//!
//! # YAML
//!
//! A list of cases, or the same under the key `cases`. As YAML 1.2 has it, `no` and `on` are texts; so are numbers
//! with leading zeros or underscores.
//!
//! ```text
//! - id: refund
//!   input: { question: Am I owed money?, delay: 4 }
//!   tags: [refund]
//! ```

mod beside;
mod cases;
mod complaint;
mod csv;
mod error;
mod format;
mod jsonl;
mod lines;
mod names;
mod origin;
mod row;
mod rows;
mod text;
mod toml;
mod yaml;

pub use cases::Dataset;
pub use error::{DatasetError, Problem};
pub use format::Format;
pub use origin::{Origin, Source};
