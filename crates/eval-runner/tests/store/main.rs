//! Stores of runs keep what they promise, whichever database is behind them.

mod files;
mod kill;
mod laws;
mod merging;
mod older;
#[cfg(feature = "postgres")]
mod server;
#[cfg(all(unix, feature = "postgres"))]
mod silence;
mod support;

/// Makes one test of each law for each database.
macro_rules! laws {
    ($($module:ident: $($law:ident),*;)*) => {
        mod sqlite {
            $(mod $module {
                $(#[test]
                fn $law() {
                    crate::support::with_sqlite(crate::$module::$law);
                })*
            })*
        }

        #[cfg(feature = "postgres")]
        mod postgres {
            $(mod $module {
                $(#[test]
                fn $law() {
                    crate::server::with_postgres(stringify!($law), crate::$module::$law);
                })*
            })*
        }
    };
}

laws! {
    laws:
        a_finished_trial_comes_back_whole,
        a_trial_is_stored_once,
        attempts_are_counted_before_trials_start,
        a_run_is_claimed_once_at_a_time,
        an_attempt_is_withdrawn_unless_the_trial_has_finished,
        states_come_in_order_page_by_page,
        trials_are_found_by_case_and_outcome,
        scoring_anew_keeps_what_was_said_before,
        a_trial_that_was_taken_back_runs_again,
        an_attempt_that_failed_is_in_the_history_of_its_trial,
        runs_are_listed_newest_first,
        a_run_goes_on_and_ends,
        a_run_goes_on_with_other_evals_groups_and_tags,
        a_baseline_is_the_run_that_was_named_last,
        what_is_not_there_is_named,
        a_run_is_created_once,
        secrets_are_masked,
        trials_that_end_together_are_all_there;
    merging:
        merging_gives_the_same_numbers,
        history_and_attempts_come_along,
        shards_make_one_run,
        shards_make_one_run_only_once_the_same_evals_have_scored_all;
}
