//! Plans and published tables.

use crate::program::Place;

#[test]
fn a_published_row_is_possible_or_not() {
    let place = Place::new();
    let table = "check-table --tasks 50 --trials 4";
    place.probity(&format!("{table} 42.0 27.3 22.0 20.0")).prints(
        0,
        &["possible, in one way\n  tasks: 14 passed 0, 12 passed 1, 10 passed 2, 4 passed 3, 10 passed 4\n"],
    );
    place.probity(&format!("{table} 0.420 0.273 0.220 0.200")).prints(0, &["possible"]);
    place.probity(&format!("{table} 1=42.0% 4=20.0%")).prints(0, &["possible"]);
    place.probity(&format!("{table} 64.2 58.9 55.4 52.1")).prints(1, &["impossible: no 50 tasks"]);
    place.probity(&format!("{table} 42.x")).says(2, "42.x");
    place.probity(&format!("{table} a=42.0")).says(2, "`a=42.0` is no value after its k");
}

#[test]
fn a_plan_says_how_many_would_meet_a_gate() {
    let place = Place::new();
    let plan = |gate: &str, cases: &str, trials: &str| {
        place.run(&["plan", "--gate", gate, "--cases", cases, "--trials", trials])
    };
    plan("pass^4 >= 0.9", "10", "8")
        .prints(2, &["out of reach", "38 cases with 8 trials each would be enough"]);
    plan("pass^4 >= 0.9", "38", "8").prints(0, &["in reach"]);
    place.run(&["plan", "--gate", "pass^4 >= 0.9"]).says(2, "a gate needs --cases and --trials");
}

#[tokio::test]
async fn a_plan_says_how_many_separate_two_agents() {
    let place = Place::with_two_runs().await;
    // (1.96 + 0.84)² (0.02 + 2 × 0.25 / 8) / 0.05² = 259.1
    let supposed = place.probity("plan --difference 5% --spread 0.1414213562 --trials 8");
    supposed.prints(0, &["supposed: every case passes 50%", "8    260"]);
    place.probity("plan --difference 5%").prints(0, &["trials of each"]);
    let seen =
        place.probity("plan --difference 5% --run second --against first --cases 50 --trials 4");
    seen.prints(0, &["noise of 12 cases of second and first", "50 cases × 4 trials separate "]);
    let nothing = place.probity("plan");
    assert_eq!(nothing.code, Some(2));
    assert!(nothing.err.contains("--gate <EXPR>|--difference <SHARE>"), "{}", nothing.err);
    let both = place.probity("plan --gate cost<=1 --difference 5%");
    assert!(both.err.contains("cannot be used with"), "{}", both.err);
}
