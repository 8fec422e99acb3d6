//! Copies runs into a store, and makes one run of parts.

mod join;

use clap::Args;
use probity_eval_runner::store;

use crate::{error::CliError, find, run_words::counted, target::Out};

/// What to copy where.
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The store to copy into, which is made if it is not there
    into: String,

    /// The stores to copy from, which stay as they are
    #[arg(required = true)]
    from: Vec<String>,

    /// Make one run of the parts that several machines ran with --shard
    #[arg(long)]
    join: bool,
}

impl Merge {
    /// Copies, joins, and says what was done.
    pub(super) async fn run(self, out: Out<'_>) -> Result<(), CliError> {
        let mut sources = Vec::with_capacity(self.from.len());
        for from in &self.from {
            sources.push(store::open_read_only(from).await?);
        }
        let into = store::open(&self.into).await?;
        let mut brought = Vec::new();
        for from in &sources {
            let copied = store::merge(&*into, &**from).await?;
            writeln!(
                out,
                "{}: {}, {}, {} there already, {} not finished",
                from.place(),
                counted(copied.runs, "new run"),
                counted(copied.trials, "new trial"),
                copied.already_there,
                copied.unfinished,
            )?;
            if self.join {
                let runs = find::all(&**from, None).await?.into_iter();
                brought.extend(runs.filter(|run| run.shard.is_some()).map(|run| run.id));
            }
        }
        if self.join { join::join(&*into, &brought, out).await } else { Ok(()) }
    }
}
