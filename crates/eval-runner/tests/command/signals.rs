//! Signals that end a run: what had finished is kept, and the run goes on later.

use std::{
    fs,
    process::{Child, Command},
    time::{Duration, Instant},
};

use crate::{
    program::{Ended, Program},
    tests,
};

tests! {
    the_first_interrupt_lets_trials_under_way_finish,
    the_second_interrupt_drops_them,
    the_third_ends_the_process_at_once,
    a_request_to_end_drains_as_well,
    an_interrupted_run_goes_on_and_runs_every_trial_once,
}

/// Starts the suite whose later trials wait, and returns once some wait.
fn start(program: &Program, begun: usize) -> Child {
    let child = program.start(&["--bench"]);
    // The first trial of each of the 8 cases ends at once; the next wait.
    wait_until(|| program.lines("ran.log").len() >= begun);
    child
}

#[track_caller]
fn wait_until(is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_mins(1), "it never comes");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
}

/// Sends a signal, and returns once the program has said so.
fn tell(child: &Child, program: &Program, name: &str, said: &str) {
    signal(child, name);
    wait_until(|| program.lines("stderr").iter().any(|line| line.contains(said)));
}

fn the_first_interrupt_lets_trials_under_way_finish() {
    let program = Program::new("waiting").with_stderr_in_a_file();
    let child = start(&program, 12);
    tell(&child, &program, "-INT", "no trial is begun any more");
    fs::write(program.file("go"), "").expect("a file");
    let ended = Ended::of(child);
    ended.prints(3, &["8 tasks", "kept in probity.db"]);
    assert_eq!(program.lines("ran.log").len(), 12);
    let said = program.lines("stderr").join("\n");
    assert!(
        said.contains("20 of the planned trials were not run; the same with --resume goes on"),
        "{said}"
    );
}

fn the_second_interrupt_drops_them() {
    let program = Program::new("waiting").with_stderr_in_a_file();
    let child = start(&program, 12);
    tell(&child, &program, "-INT", "no trial is begun any more");
    signal(&child, "-INT");
    Ended::of(child).prints(3, &["kept in probity.db"]);
    let said = program.lines("stderr").join("\n");
    assert!(said.contains("24 of the planned trials were not run"), "{said}");
}

fn the_third_ends_the_process_at_once() {
    let program = Program::new("blocking").with_stderr_in_a_file();
    let child = start(&program, 9);
    tell(&child, &program, "-INT", "no trial is begun any more");
    tell(&child, &program, "-INT", "trials under way are dropped");
    signal(&child, "-INT");
    Ended::of(child).prints(3, &[]);
}

fn a_request_to_end_drains_as_well() {
    let program = Program::new("waiting").with_stderr_in_a_file();
    let child = start(&program, 12);
    tell(&child, &program, "-TERM", "no trial is begun any more");
    fs::write(program.file("go"), "").expect("a file");
    Ended::of(child).prints(3, &[]);
    assert_eq!(program.lines("ran.log").len(), 12);
}

fn an_interrupted_run_goes_on_and_runs_every_trial_once() {
    let program = Program::new("waiting").with_stderr_in_a_file();
    let child = start(&program, 12);
    tell(&child, &program, "-INT", "no trial is begun any more");
    fs::write(program.file("go"), "").expect("a file");
    Ended::of(child).prints(3, &[]);
    let ended = Ended::of(program.start(&["--bench", "--resume"]));
    ended.prints(0, &["8 tasks × 4 trials   32 graded"]);
    let mut ran = program.lines("ran.log");
    assert_eq!(ran.len(), 32);
    ran.sort();
    ran.dedup();
    assert_eq!(ran.len(), 32);
}
