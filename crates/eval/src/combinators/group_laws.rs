//! The tests that hold for `all_of` and `any_of` alike, in either world.

/// Writes the tests for one of the two, into a module that imports what they name.
macro_rules! group_laws {
    ($join:ident) => {
        #[test]
        fn a_list_of_one_scores_as_that_one() {
            for answer in ["a", "yes", "a long answer"] {
                let alone = evaluate(&up_to(4.0), answer).map(verdict).unwrap();
                assert_eq!(evaluate(&$join([up_to(4.0)]), answer).map(verdict), Ok(alone));
                let lifted = $join([up_to(4.0).lift()]);
                assert_eq!(evaluate_async(&lifted, answer).map(verdict), Ok(alone));
            }
        }

        #[test]
        fn lists_of_lists_score_as_one_list() {
            let flat = $join([2.0, 4.0, 10.0, 20.0].map(up_to));
            let nested = $join([$join([2.0, 4.0].map(up_to)), $join([10.0, 20.0].map(up_to))]);
            for answer in ["a", "yes", "a long answer"] {
                let expected = evaluate(&flat, answer).map(verdict).unwrap();
                assert_eq!(evaluate(&nested, answer).map(verdict), Ok(expected), "{answer:?}");
            }
        }

        #[test]
        fn the_report_holds_every_part_by_name_in_order() {
            let eval = $join([up_to(4.0).named("short"), up_to(10.0).named("long")]);
            let parts = evaluate(&eval, "yes").unwrap().report;
            let names: Vec<_> = parts.iter().map(|part| part.name.as_deref()).collect();
            assert_eq!(names, [Some("short"), Some("long")]);
            let scores: Vec<_> = parts.iter().map(|part| part.scored.score.value()).collect();
            assert_eq!(scores, [0.75, 0.3]);
        }

        #[test]
        fn an_error_of_a_part_passes_through_with_its_place() {
            let error = GroupError::Part {
                index: 1,
                name: Some("strict".to_owned()),
                error: ScoredError::Eval("empty answer".to_owned()),
            };
            let lenient = up_to(4.0).or_else(|_| Ok(Scored::new(Score::ONE, 0, Score::ONE)));
            let evals = || [(&lenient).boxed(), up_to(4.0).named("strict").boxed()];
            assert_eq!(evaluate(&$join(evals()), ""), Err(error.clone()));
            let lifted = $join(evals().map(PureEvalExt::lift));
            assert_eq!(evaluate_async(&lifted, ""), Err(error));
        }

        #[test]
        fn an_empty_list_is_an_error() {
            let mut evals = vec![up_to(1.0)];
            evals.clear();
            assert_eq!(evaluate(&$join(&evals), "yes"), Err(GroupError::Empty));
            let lifted = $join(evals.iter().map(PureEvalExt::lift));
            assert_eq!(evaluate_async(&lifted, "yes"), Err(GroupError::Empty));
        }
    };
}

pub(super) use group_laws;
