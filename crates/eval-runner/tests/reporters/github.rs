//! The step summary: what it says, what it cannot be made to say, and how large it becomes.

use std::{fs, path::PathBuf};

use probity_eval_runner::{
    Report,
    facts::{CaseFacts, RunFacts, TrialFacts},
    html::Page,
    report::{Comparison, ComparisonSettings},
    reporters::{
        Reason, Reasons,
        github::{LIMIT, StepSummary},
    },
    store::{EndReason, OutcomeKind, RunEnd},
};

use crate::support::{CASES, gate, run};

fn many(cases: usize) -> RunFacts {
    let case = |number: usize| {
        let mut case = CaseFacts::new(format!("case {number} {}", "x".repeat(150)));
        case.add(&TrialFacts::new(0, OutcomeKind::Passed));
        case.add(&TrialFacts::new(1, OutcomeKind::Failed));
        case
    };
    RunFacts::new("airline", 2, (0..cases).map(case).collect())
}

#[test]
fn a_summary_has_the_verdict_the_metrics_and_the_cases_to_look_at() {
    let (facts, reasons) = run("github", &CASES[..3], "the tool refund_flight is not known");
    let report = Report::new("airline", facts.tasks()).unwrap();
    let gate = gate(&facts, "each: estimate(pass@1) >= 0.9");
    let summary = StepSummary::new(&facts, &report).with_gate(&gate).with_reasons(&reasons);
    let text = summary.render();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "## airline");
    assert!(lines[2].starts_with("3 tasks × 4 trials, 11 graded, 1 not graded"), "{text}");
    let verdict = "**gate not met, the run is incomplete: 1 of 12 trials were not graded (8.3%, more than 5%)**";
    assert_eq!(lines[4], verdict);
    let rule = "  missed each: estimate(pass@1) >= 0.9: 1 of 3 cases meet it";
    assert!(text.contains(&format!("```text\n{rule}\n      sometimes: 50.0%")), "{text}");
    assert!(text.contains("| one trial passes | 50.0% |"), "{text}");
    assert!(text.contains("| `pass^4` |"), "{text}");
    let looked_at = text.split("### Cases that do not always pass").nth(1).unwrap();
    let rows: Vec<_> = looked_at.lines().skip(4).take(2).collect();
    assert!(rows[0].starts_with("| never | 0 of 4 | 1 | the tool refund&#95;flight"), "{rows:?}");
    assert!(rows[1].starts_with("| sometimes | 2 of 4 | – | wrong answer: right"), "{rows:?}");
    assert!(text.contains("<details><summary>All 3 cases</summary>\n\n| case |"), "{text}");
    assert!(text.contains("| always | 4 of 4 | – |  |\n"), "{text}");
    assert!(!text.contains("Left out"), "{text}");
}

#[test]
fn a_comparison_names_the_cases_that_have_become_worse() {
    let (now, _) = run("github-now", &[("a|b", "ppff"), ("same", "pppp"), ("c", "ffff")], "");
    let (before, _) = run("github-before", &[("a|b", "pppf"), ("same", "pppp"), ("c", "pppp")], "");
    let (now_report, before) = (Report::of(&now).unwrap(), Report::of(&before).unwrap());
    let settings = ComparisonSettings::new().names("now", "main");
    let comparison = Comparison::of(&now_report, &before, &settings).unwrap();
    let text = StepSummary::new(&now, &now_report).with_comparison(&comparison).render();
    assert!(
        text.contains("### now against main\n\n| metric | now | main | difference |"),
        "{text}"
    );
    assert!(text.contains("| one trial passes | 50.0% | 91.7% | −41.7 | "), "{text}");
    assert!(text.contains("- better on 0 tasks, worse on 2, same on 1\n"), "{text}");
    let rows = "|---|--:|--:|\n| c | 4 of 4 | 0 of 4 |\n| a&#124;b | 3 of 4 | 2 of 4 |\n\n";
    assert!(
        text.contains(&format!(
            "### Cases that pass less often\n\n| case | before | now |\n{rows}"
        )),
        "{text}"
    );
}

#[test]
fn a_run_without_a_failure_has_no_cases_to_look_at() {
    let (facts, _) = run("github-good", &CASES[..1], "");
    let report = Report::new("airline", facts.tasks()).unwrap();
    let text = StepSummary::new(&facts, &report).render();
    assert!(!text.contains("###") && text.contains("<summary>The only case</summary>"), "{text}");
}

#[test]
fn what_has_no_room_is_left_out_and_counted() {
    let facts = many(20_000);
    let report = Report::new("airline", facts.tasks()).unwrap();
    let text = StepSummary::new(&facts, &report).render();
    assert!(text.len() <= LIMIT && text.len() > LIMIT - 1_000, "{}", text.len());
    assert!(text.contains("\n19950 more are below.\n"));
    let end = text.lines().last().unwrap();
    let shown = text.split("<details>").nth(1).unwrap().matches("\n| case ").count() - 1;
    let left_out = 20_000 - shown;
    let says = format!("Left out, since GitHub shows 1 MiB of a step at most: {left_out} cases.");
    assert_eq!(end, says);
    assert!(text.contains("</details>"));
    let none = StepSummary::new(&facts, &report).with_limit(0).render();
    assert!(none.len() < 400, "{none}");
    assert!(none.contains("the title, the metrics, the cases to look at, 20000 cases"), "{none}");
}

#[test]
fn texts_of_others_stay_text_and_hide_their_secrets() {
    let mut case = CaseFacts::new("a|b</details><script>@admin\n# title");
    case.add(&TrialFacts::new(0, OutcomeKind::Failed));
    let facts = RunFacts::new("`x` | **y**", 1, vec![case]);
    let mut reasons = Reasons::new();
    let why = Reason::new(0, OutcomeKind::Failed, "Bearer abcdefgh1jklmnop | `cut` <!--");
    reasons.add(&*facts.cases[0].id, why);
    let report = Report::new("x", facts.tasks()).unwrap();
    let text = StepSummary::new(&facts, &report).with_reasons(&reasons).render();
    assert!(!text.contains("<script") && !text.contains("@admin") && !text.contains("<!--"));
    assert!(!text.contains("abcdefgh1jklmnop"), "{text}");
    for row in text.lines().filter(|line| line.starts_with("| a")) {
        assert_eq!(row.matches('|').count(), 5, "{row}");
    }
}

#[test]
fn a_summary_is_added_to_what_others_wrote_and_leaves_them_their_room() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("reporters");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("summary-{}.md", std::process::id()));
    let facts = many(9_000);
    let report = Report::new("airline", facts.tasks()).unwrap();
    let summary = StepSummary::new(&facts, &report);
    fs::write(&file, "x".repeat(LIMIT / 2)).unwrap();
    summary.append_to(&file).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.len() <= LIMIT, "{}", text.len());
    assert!(text.contains("x\n## airline\n") && text.contains("Left out"));
    fs::remove_file(&file).unwrap();
    summary.append_to(&file).unwrap();
    assert!(fs::read_to_string(&file).unwrap().starts_with("## airline\n"));
    fs::remove_file(&file).unwrap();
}

#[test]
fn that_rates_are_biased_is_said_before_them() {
    let mut facts = many(12);
    let how = "these: pass@1 >= 0.9: missed after 2 rounds".to_owned();
    facts.end = Some(RunEnd::now(EndReason::Decided(how)));
    let report = Report::of(&facts).unwrap();
    let text = StepSummary::new(&facts, &report).render();
    let (said, table) = (text.find("**Stopped by its results (these"), text.find("| metric |"));
    assert!(said.is_some() && said < table, "{text}");
    assert_eq!(text.matches("Stopped by its results").count(), 1, "{text}");
    let page = Page::new(report, []);
    let mut file = Vec::new();
    page.write(&mut file, []).unwrap();
    let file = String::from_utf8(file).unwrap();
    let (said, numbers) = (file.find("Stopped by its results"), file.find("class=\"headline\""));
    assert!(said.is_some() && said < numbers, "{file}");
}
