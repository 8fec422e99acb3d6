//! Does many commands in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use sea_query::Value;

use super::{
    cold,
    command::{Command, GoingOn, Key, NewRun, NewTrial, Reply},
    connection::Connection,
    dialect::Statement as _,
    hot::Hot,
    supersede,
    withdraw::withdraw,
};
use crate::{
    stats::Tally,
    store::{
        error::StoreError,
        run_store::{Creation, Stored},
    },
};

/// Changes of the tallies of cases, by run and case. In order, so that two processes never wait for each other.
pub(super) type TallyChanges = BTreeMap<[i64; 2], [i64; 3]>;

/// Does commands, and returns the replies in the same order.
///
/// Commands that wait at the same time are not ordered: nobody can have seen the effect of one before giving the
/// other. So those that are alike are done together.
pub(super) fn apply<C: Connection>(
    connection: &mut C,
    commands: &[Command],
) -> Result<Vec<Reply>, StoreError> {
    let mut tallies = TallyChanges::new();
    let mut replies = Vec::with_capacity(commands.len());
    for command in commands {
        replies.push(single(connection, command, &mut tallies)?);
    }
    begin(connection, commands, &mut replies)?;
    finish(connection, commands, &mut replies, &mut tallies)?;
    write_tallies(connection, &tallies)?;
    Ok(replies)
}

/// Adds a trial to the changes of tallies, or takes it away.
pub(super) fn count(tallies: &mut TallyChanges, [run, case, _]: Key, tally: Tally, sign: i64) {
    let parts = [tally.passed, tally.failed, tally.not_graded];
    let changes = tallies.entry([run, case]).or_default();
    for (change, part) in changes.iter_mut().zip(parts) {
        *change += sign * i64::try_from(part).unwrap_or(i64::MAX);
    }
}

/// Does a command that is not done together with others.
fn single<C: Connection>(
    connection: &mut C,
    command: &Command,
    tallies: &mut TallyChanges,
) -> Result<Reply, StoreError> {
    let dialect = connection.dialect();
    let known_run = |changed| if changed == 0 { Reply::UnknownRun } else { Reply::Done };
    match command {
        Command::Create(run) => create(connection, run),
        Command::Continue(going_on) => continue_run(connection, going_on).map(known_run),
        Command::End { run, ended } => {
            connection.execute(&cold::end_run(*run, ended).sql(dialect)).map(known_run)
        }
        Command::Claim { run } => connection.claim(*run).map(Reply::Claimed),
        // Given back before the transaction began.
        Command::Release { .. } => Ok(Reply::Done),
        Command::Baseline { name, run, at } => {
            connection.execute(&cold::set_baseline(name, *run, *at).sql(dialect)).map(known_run)
        }
        Command::KeepAttempt { attempt, at } => {
            supersede::keep_attempt(connection, attempt, *at).map(|()| Reply::Done)
        }
        Command::Rescore(scores) => supersede::rescore(connection, scores, tallies),
        Command::TakeBack { trials, at } => {
            supersede::take_back(connection, trials, *at, tallies).map(Reply::TakenBack)
        }
        Command::Withdraw { trials } => withdraw(connection, trials).map(|()| Reply::Done),
        // Done below, together with others.
        Command::Begin { .. } => Ok(Reply::Begun(Vec::new())),
        Command::Finish(_) => Ok(Reply::Stored(Stored::Before)),
    }
}

fn create<C: Connection>(connection: &mut C, run: &NewRun) -> Result<Reply, StoreError> {
    let sql = cold::create_run(&run.row)?.sql(connection.dialect());
    let Some(mut created) = connection.rows(&sql)?.pop() else {
        return Ok(Reply::Created(Creation::AlreadyThere));
    };
    let no = Value::BigInt(Some(created.int()?));
    let cases: Vec<Vec<Value>> = run
        .cases
        .iter()
        .map(|case| std::iter::once(no.clone()).chain(case.iter().cloned()).collect())
        .collect();
    let rows: Vec<&[Value]> = cases.iter().map(Vec::as_slice).collect();
    connection.upsert(Hot::Case, &rows)?;
    Ok(Reply::Created(Creation::Created))
}

/// Writes what has changed of a run, and returns how many runs there are of that name.
fn continue_run<C: Connection>(connection: &mut C, going_on: &GoingOn) -> Result<u64, StoreError> {
    let dialect = connection.dialect();
    let changed =
        connection.execute(&cold::continue_run(going_on.run, &going_on.row).sql(dialect))?;
    for case in &going_on.cases {
        connection.execute(&cold::update_case(case.key, &case.row).sql(dialect))?;
    }
    Ok(changed)
}

fn begin<C: Connection>(
    connection: &mut C,
    commands: &[Command],
    replies: &mut [Reply],
) -> Result<(), StoreError> {
    let mut attempts = BTreeMap::<Key, i64>::new();
    for command in commands {
        if let Command::Begin { trials } = command {
            for key in trials {
                *attempts.entry(*key).or_default() += 1;
            }
        }
    }
    if attempts.is_empty() {
        return Ok(());
    }
    let rows: Vec<[Value; 4]> = attempts
        .iter()
        .map(|([run, case, index], count)| [*run, *case, *index, *count].map(Value::from))
        .collect();
    let rows: Vec<&[Value]> = rows.iter().map(<[Value; 4]>::as_slice).collect();
    let written = connection.upsert(Hot::Begin, &rows)?;
    let finished: BTreeSet<Key> = attempts
        .into_keys()
        .zip(written)
        .filter(|(_, written)| !written)
        .map(|(key, _)| key)
        .collect();
    for (command, reply) in commands.iter().zip(replies) {
        if let Command::Begin { trials } = command {
            *reply = Reply::Begun(
                trials.iter().filter(|key| finished.contains(*key)).copied().collect(),
            );
        }
    }
    Ok(())
}

fn finish<C: Connection>(
    connection: &mut C,
    commands: &[Command],
    replies: &mut [Reply],
    tallies: &mut TallyChanges,
) -> Result<(), StoreError> {
    // The first of two that are the same trial is the one that is stored.
    let mut trials = BTreeMap::<Key, (&NewTrial, &mut Reply)>::new();
    for (command, reply) in commands.iter().zip(replies) {
        if let Command::Finish(trial) = command {
            trials.entry(trial.key).or_insert((trial, reply));
        }
    }
    if trials.is_empty() {
        return Ok(());
    }
    let rows: Vec<&[Value]> = trials.values().map(|(trial, _)| trial.row.as_slice()).collect();
    let written = connection.upsert(Hot::Finish, &rows)?;
    let mut bodies: Vec<&[Value]> = Vec::with_capacity(rows.len());
    for ((trial, reply), written) in trials.into_values().zip(written) {
        if written {
            *reply = Reply::Stored(Stored::Now);
            bodies.push(&trial.body);
            count(tallies, trial.key, trial.kind.tally(), 1);
        }
    }
    connection.upsert(Hot::Body, &bodies)?;
    Ok(())
}

fn write_tallies<C: Connection>(
    connection: &mut C,
    tallies: &TallyChanges,
) -> Result<(), StoreError> {
    let rows: Vec<[Value; 5]> = tallies
        .iter()
        .map(|([run, case], [passed, failed, not_graded])| {
            [*run, *case, *passed, *failed, *not_graded].map(Value::from)
        })
        .collect();
    let rows: Vec<&[Value]> = rows.iter().map(<[Value; 5]>::as_slice).collect();
    connection.upsert(Hot::Tally, &rows).map(drop)
}
