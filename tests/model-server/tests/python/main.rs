//! The server as the Python clients of OpenAI and Anthropic see it.
//!
//! `PROBITY_PYTHON` is the absolute path of a Python that has what `tests/requirements.txt` lists; without it these
//! tests are skipped.

mod anthropic;
mod openai;
mod run;
mod script;
