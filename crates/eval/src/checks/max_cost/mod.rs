//! Checks what the model calls cost.

mod model_cost;

use std::{fmt, marker::PhantomData};

use probity_trace::TraceSnapshot;
use serde::{Deserialize, Serialize};

use self::model_cost::Costs;
pub use self::model_cost::ModelCost;
use super::{
    error::CheckError,
    evidence::{About, require_complete, require_recorded},
    of_any::of_trace,
    report::all_or_nothing,
    shortlist::Shortlist,
};
use crate::prices::Prices;

/// Checks that all model calls together cost at most so many US dollars, by a table of prices.
///
/// Model calls are those of [`TraceSnapshot::genai`], each request to a provider counted once. The price
/// of a call is that of its provider and of the model that answered or, where that one has none, of
/// the model that was asked for.
///
/// It errs where nothing was recorded, where there is no model call, where the cost of a call is not
/// known, see [`Prices::cost`], and where the capture dropped spans; not so where the limit is
/// exceeded already by what is known.
///
/// The type of the artifact is inferred. Where nothing tells it, write `max_cost::<str>(..)`.
///
/// # Errors
///
/// Errs where the limit is negative, infinite or NaN.
///
/// # Examples
///
/// ```
/// use probity_eval::{Price, Prices, PureEval as _, PureEvalExt as _, checks::max_cost};
/// use probity_trace::testing::TraceBuilder;
///
/// let trace = TraceBuilder::new()
///     .span("chat", |chat| {
///         chat.field("gen_ai.operation.name", "chat")
///             .field("gen_ai.request.model", "small")
///             .field("gen_ai.usage.input_tokens", 1000)
///             .field("gen_ai.usage.output_tokens", 500)
///     })
///     .build();
///
/// let prices = Prices::new().with("small", Price::new(2.5, 10.0))?;
/// let scored = max_cost(0.005, prices)?.scored().evaluate(&trace, "Paris")?;
/// assert!(!scored.passed);
/// assert_eq!(
///     scored.report.to_string(),
///     "expected at most $0.005, found $0.0075: small for $0.0075 in 1 call"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn max_cost<A: ?Sized>(limit_usd: f64, prices: Prices) -> Result<MaxCost<A>, InvalidLimit> {
    if limit_usd.is_finite() && limit_usd >= 0.0 {
        Ok(MaxCost { limit_usd, prices, artifact: PhantomData })
    } else {
        Err(InvalidLimit { limit_usd })
    }
}

/// Check made by [`max_cost`].
#[must_use = "evals do nothing unless evaluated"]
pub struct MaxCost<A: ?Sized> {
    limit_usd: f64,
    prices: Prices,
    artifact: PhantomData<fn(&A)>,
}

of_trace!(MaxCost { limit_usd, prices } -> MaxCostReport);

impl<A: ?Sized> MaxCost<A> {
    fn check(&self, trace: &TraceSnapshot) -> Result<MaxCostReport, CheckError> {
        require_recorded(trace)?;
        let view = trace.genai();
        let calls = view.llm_calls().len();
        let costs = Costs::of(view.llm_calls(), &self.prices);
        let found_usd = costs.total_usd();
        let passed = found_usd <= self.limit_usd;
        if passed {
            match costs.unknown {
                _ if calls == 0 => return Err(CheckError::NoModelCalls),
                0 => require_complete(trace, About::Spans)?,
                unknown => {
                    let models = costs.unknown_models();
                    return Err(CheckError::UnknownCost { unknown, calls, models });
                }
            }
        }
        let limit_usd = self.limit_usd;
        Ok(MaxCostReport { passed, limit_usd, found_usd, models: costs.into_models() })
    }
}

/// Says why a limit of cost is none.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the limit of cost is {limit_usd}, not a finite number of US dollars from 0 on")]
pub struct InvalidLimit {
    limit_usd: f64,
}

/// Report of [`max_cost`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MaxCostReport {
    /// Whether the calls cost no more than the limit.
    pub passed: bool,
    /// What they may cost, in US dollars.
    pub limit_usd: f64,
    /// What they cost, in US dollars; at least so much, where the cost of some call is not known.
    pub found_usd: f64,
    /// What each model cost, in the order of the first calls; models whose cost is not known are left
    /// out.
    pub models: Shortlist<ModelCost>,
}

all_or_nothing!(MaxCostReport);

impl fmt::Display for MaxCostReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limit_usd, found_usd, models, .. } = self;
        write!(f, "expected at most ${limit_usd}, found ${found_usd}: {models}")
    }
}

#[cfg(test)]
mod tests {
    use probity_trace::testing::TraceBuilder;

    use super::*;
    use crate::{
        Price, PureEval as _,
        checks::testing::{chat, dropped_spans},
    };

    fn prices() -> Prices {
        let prices = Prices::new().with("small", Price::new(2.5, 10.0)).unwrap();
        prices.with("acme/big", Price::new(10.0, 40.0)).unwrap()
    }

    fn calls(models: &[&str]) -> TraceBuilder {
        models
            .iter()
            .fold(TraceBuilder::new(), |trace, model| chat(trace, model, Some((1000, 500))))
    }

    #[track_caller]
    fn check(limit: f64, trace: TraceBuilder) -> Result<MaxCostReport, CheckError> {
        max_cost(limit, prices()).unwrap().evaluate(&trace.build(), "")
    }

    #[test]
    fn the_cost_of_all_calls_is_the_one_computed_by_hand() {
        // small: 1000 * 2.5 / 1e6 + 500 * 10 / 1e6 = 0.0075, twice; big: four times as much.
        let report = check(0.045, calls(&["small", "big", "small"])).unwrap();
        assert!((report.found_usd - 0.045).abs() < 1e-12, "{report}");
        let models: Vec<_> = report.models.items.iter().map(|m| (&*m.model, m.calls)).collect();
        assert_eq!(models, [("small", 2), ("big", 1)]);
        assert!(check(0.045 + 1e-9, calls(&["small", "big", "small"])).unwrap().passed);
        assert!(!check(0.0449, calls(&["small", "big", "small"])).unwrap().passed);
    }

    #[test]
    fn the_model_that_answered_counts_before_the_one_that_was_asked_for() {
        let answered = |model: &str| {
            let trace = chat(TraceBuilder::new(), "small", Some((1000, 500)));
            check(1.0, trace.field("gen_ai.response.model", model)).unwrap().found_usd
        };
        assert!((answered("big") - 0.03).abs() < 1e-12);
        assert!((answered("small-2026-01-01") - 0.0075).abs() < 1e-12);
    }

    #[test]
    fn a_cost_that_is_not_known_is_not_zero() {
        let error = check(1.0, calls(&["small", "new", "new"])).unwrap_err().to_string();
        assert!(error.starts_with("2 of 3 model calls have no price"), "{error}");
        assert!(error.ends_with(": new"), "{error}");
        let no_tokens = check(1.0, chat(calls(&["small"]), "small", None)).unwrap_err();
        assert!(matches!(no_tokens, CheckError::UnknownCost { unknown: 1, calls: 2, .. }));
        assert!(!check(0.001, calls(&["small", "new"])).unwrap().passed);
        let no_calls = check(1.0, TraceBuilder::new().span("plan", |s| s)).unwrap_err();
        assert_eq!(no_calls, CheckError::NoModelCalls);
    }

    #[test]
    fn a_trace_that_cannot_tell_is_an_error() {
        let none = max_cost(1.0, prices()).unwrap().evaluate(&TraceSnapshot::default(), "");
        assert!(matches!(none, Err(CheckError::NotRecorded { .. })));
        let undecided = check(1.0, dropped_spans(calls(&["small"]), 1));
        assert!(matches!(undecided, Err(CheckError::Incomplete { .. })));
        assert!(!check(0.001, dropped_spans(calls(&["small"]), 1)).unwrap().passed);
    }

    #[test]
    fn a_limit_that_is_none_is_an_error_of_the_constructor() {
        for limit in [-0.01, f64::NAN, f64::INFINITY] {
            let error = max_cost::<str>(limit, prices()).unwrap_err().to_string();
            assert!(error.starts_with(&format!("the limit of cost is {limit}, not")), "{error}");
        }
        assert!(max_cost::<str>(0.0, prices()).is_ok());
    }

    #[test]
    fn json_brings_a_report_back() {
        let report = check(1.0, calls(&["small", "big"])).unwrap();
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<MaxCostReport>(&json).unwrap(), report);
    }
}
