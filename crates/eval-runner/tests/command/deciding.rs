//! What decides a measured run: a rule that ends it, a gate, both, and neither of a part.

use crate::{program::Program, tests};

tests! {
    cases_that_their_results_stopped_are_not_missing,
    a_gate_of_the_rule_that_ends_the_run_takes_its_decision,
    another_pass_rate_is_not_asked_for_beside_the_rule_that_ends_the_run,
    a_part_of_a_run_is_not_held_against_the_gate_of_the_whole,
}

fn cases_that_their_results_stopped_are_not_missing() {
    let program = Program::new("uneven");
    // So many that storing them is not done before the first are counted.
    let ruled = ["--bench", "--trials", "300", "--stop-when", "each: pass@1 >= 0.5"];
    let ended = program.run(&ruled);
    let stopped =
        "\n\n  Stopped by its results (each: pass@1 >= 0.5: open, 1 of 2 cases are decided): ";
    ended.prints(3, &[stopped, "what is decided holds, the rates and ranges are biased"]);
    let said = format!("{}{}", ended.out, ended.err);
    assert!(!said.contains("did not end") && !said.contains("planned trials"), "{said}");
    let ran = program.lines("ran.log").len();
    let again = program.run(&[&ruled[..], &["--resume"]].concat());
    again.prints(3, &[stopped]);
    assert_eq!(program.lines("ran.log").len(), ran);
}

fn a_gate_of_the_rule_that_ends_the_run_takes_its_decision() {
    let program = Program::new("uneven");
    let both = |rule| ["--bench", "--trials", "100", "--stop-when", rule, "--gate", rule];
    let missed = program.run(&both("each: pass^8 >= 0.5"));
    missed.prints(
        1,
        &[
            "gate missed: 1 of 1 rules\n  missed     each: pass^8 >= 0.5: watched while the run went on, ",
            "\n      missed by even\n",
        ],
    );
    let met = program.run(&both("each: pass@1 >= 0.2"));
    met.prints(
        0,
        &["gate met\n  met        each: pass@1 >= 0.2: watched", "2 of 2 cases are decided"],
    );
    let half = "each: pass@1 >= 0.5";
    let open = program.run(&["--bench", "--stop-when", half, "--gate", half]);
    open.prints(3, &["gate cannot be decided", "1 of 2 cases are decided"]);
}

fn another_pass_rate_is_not_asked_for_beside_the_rule_that_ends_the_run() {
    let program = Program::new("uneven");
    let stop = ["--stop-when", "each: pass@1 >= 0.3"];
    let refused = ["--bench", "--gate", "these: pass@1 >= 0.5, cost <= 1"];
    let said = "the gate asks for these: pass@1 >= 0.5, and each: pass@1 >= 0.3 ends the run by its results";
    program.run(&[&refused[..], &stop].concat()).says(2, &[said]);
    program.run(&[&refused[..], &stop, &["--dry"]].concat()).prints(2, &[said]);
    assert!(program.lines("ran.log").is_empty());
    let facts = ["--bench", "--trials", "60", "--gate", "not_graded <= 0.1"];
    program.run(&[&facts[..], &stop].concat()).prints(0, &["gate met"]);
}

fn a_part_of_a_run_is_not_held_against_the_gate_of_the_whole() {
    let program = Program::new("uneven");
    let gate = "these: pass@1 >= 0.6";
    for shard in ["1/3", "3/3"] {
        let part = ["--shard", shard, "--gate", gate, "--store", "none"];
        let said = "the gate is for that run: `probity report <RUN> --gate 'these: pass@1 >= 0.6'`";
        let measured = program.run(&[&["--bench"][..], &part].concat());
        measured.prints(0, &[said]);
        assert!(!measured.out.contains("gate met") && !measured.out.contains("gate missed"));
        program.run(&part).prints(0, &["2 passed; 0 failed", said]);
    }
    let lost = ["--bench", "lost", "--trials", "60", "--max-attempts", "1", "--shard", "1/2"];
    let gated = [&lost[..], &["--gate", gate]].concat();
    Program::new("odd").run(&gated).prints(3, &["the gate is for that run"]);
}
