//! Opens stores.

use std::sync::Arc;

use probity_eval_runner::store::{self, RunStore};

use crate::error::CliError;

/// Opens the store at a place for reading: nothing in it is changed, and it must be there.
pub(crate) async fn for_reading(place: &str) -> Result<Arc<dyn RunStore>, CliError> {
    Ok(store::open_read_only(place).await?)
}

/// Opens the store at a place for writing, and makes it if it is not there.
pub(crate) async fn for_writing(place: &str) -> Result<Arc<dyn RunStore>, CliError> {
    Ok(store::open(place).await?)
}
