//! What the arguments of a tool call are to be.

use std::{fmt, sync::Arc};

use serde_json::Value;

use crate::{
    checks::{
        json_diff::{Comparison, Difference, Extra},
        shortlist::Shortlist,
    },
    excerpt::Excerpt,
};

/// What the arguments of a tool call are to be.
///
/// It prints as what it asks for: `arguments equal to {"city":"Paris"}`.
///
/// # Examples
///
/// ```
/// use probity_eval::checks::Arguments;
/// use serde_json::json;
///
/// let paris = Arguments::superset(json!({"city": "Paris"}));
/// assert!(paris.matches(&json!({"city": "Paris", "nights": 2})));
///
/// let cheap = Arguments::satisfying("a price below 100", |arguments| {
///     arguments["price"].as_f64().is_some_and(|price| price < 100.0)
/// });
/// assert!(!cheap.matches(&json!({"price": 120})));
/// assert_eq!(cheap.to_string(), "a price below 100");
/// ```
#[derive(Clone)]
pub struct Arguments(Kind);

#[derive(Clone)]
enum Kind {
    Equal(Value),
    Superset(Value),
    Satisfying { what: String, holds: Arc<dyn Fn(&Value) -> bool + Send + Sync> },
}

impl Arguments {
    /// Asks for these arguments and no others. The order of keys does not matter, and 1 equals 1.0.
    #[must_use]
    pub fn equal(expected: Value) -> Self {
        Self(Kind::Equal(expected))
    }

    /// Asks for these arguments, and lets there be more: keys in objects, items at the end of lists.
    #[must_use]
    pub fn superset(expected: Value) -> Self {
        Self(Kind::Superset(expected))
    }

    /// Asks for arguments for which the closure returns true; `what` says in reports what that is.
    #[must_use]
    pub fn satisfying<F>(what: impl Into<String>, holds: F) -> Self
    where
        F: Fn(&Value) -> bool + Send + Sync + 'static,
    {
        Self(Kind::Satisfying { what: what.into(), holds: Arc::new(holds) })
    }

    /// Returns whether arguments are what is asked for.
    #[must_use]
    pub fn matches(&self, arguments: &Value) -> bool {
        self.judge(arguments).0
    }

    /// Returns whether arguments are what is asked for, and where they differ from it.
    pub(super) fn judge(&self, arguments: &Value) -> (bool, Shortlist<Difference>) {
        let differences = match &self.0 {
            Kind::Equal(expected) => compare(expected, arguments, Extra::Counts),
            Kind::Superset(expected) => compare(expected, arguments, Extra::Allowed),
            Kind::Satisfying { holds, .. } => return (holds(arguments), Shortlist::default()),
        };
        (differences.is_empty(), differences)
    }
}

fn compare(expected: &Value, arguments: &Value, extra: Extra) -> Shortlist<Difference> {
    Comparison::of(expected, arguments, extra).differences
}

impl fmt::Display for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Equal(expected) => write!(f, "arguments equal to {}", Excerpt::of_json(expected)),
            Kind::Superset(expected) => {
                write!(f, "arguments containing {}", Excerpt::of_json(expected))
            }
            Kind::Satisfying { what, .. } => f.write_str(what),
        }
    }
}

impl fmt::Debug for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Arguments({self})")
    }
}
