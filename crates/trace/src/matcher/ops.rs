//! Combines matchers.

use std::{
    fmt,
    ops::{BitAnd, BitOr, Not as NotOperator},
};

use super::{
    ancestor::Ancestor,
    any::Any,
    closure::{EventWhere, SpanWhere},
    field::Field,
    has_field::HasField,
    level::IsLevel,
    message::Message,
    name::Name,
    parent::Parent,
    question::Matcher,
    target::Target,
};
use crate::snapshot::SpanOrEvent;

/// Matches what both match; made by `a & b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct And<A, B>(A, B);

/// Matches what one of two matches; made by `a | b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Or<A, B>(A, B);

/// Matches what another does not; made by `!a`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Not<M>(M);

impl<A: Matcher, B: Matcher> Matcher for And<A, B> {
    fn matches(&self, item: SpanOrEvent<'_>) -> bool {
        self.0.matches(item) && self.1.matches(item)
    }

    fn parts(&self) -> Vec<&dyn Matcher> {
        let mut parts = part_or_parts(&self.0);
        parts.extend(part_or_parts(&self.1));
        parts
    }
}

fn part_or_parts<M: Matcher>(matcher: &M) -> Vec<&dyn Matcher> {
    let parts = matcher.parts();
    if parts.is_empty() { vec![matcher] } else { parts }
}

impl<A: Matcher, B: Matcher> Matcher for Or<A, B> {
    fn matches(&self, item: SpanOrEvent<'_>) -> bool {
        self.0.matches(item) || self.1.matches(item)
    }
}

impl<M: Matcher> Matcher for Not<M> {
    fn matches(&self, item: SpanOrEvent<'_>) -> bool {
        !self.0.matches(item)
    }
}

impl<A: Matcher, B: Matcher> fmt::Display for And<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} & {}", self.0, self.1)
    }
}

/// In parentheses, so that it can stand anywhere.
impl<A: Matcher, B: Matcher> fmt::Display for Or<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} | {})", self.0, self.1)
    }
}

impl<M: Matcher> fmt::Display for Not<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.parts().is_empty() {
            write!(f, "!{}", self.0)
        } else {
            write!(f, "!({})", self.0)
        }
    }
}

macro_rules! operators {
    ($([$($generic:ident),*] $type:ty;)*) => {$(
        impl<$($generic,)* Rhs: Matcher> BitAnd<Rhs> for $type {
            type Output = And<Self, Rhs>;

            fn bitand(self, other: Rhs) -> Self::Output {
                And(self, other)
            }
        }

        impl<$($generic,)* Rhs: Matcher> BitOr<Rhs> for $type {
            type Output = Or<Self, Rhs>;

            fn bitor(self, other: Rhs) -> Self::Output {
                Or(self, other)
            }
        }

        impl<$($generic),*> NotOperator for $type {
            type Output = Not<Self>;

            fn not(self) -> Self::Output {
                Not(self)
            }
        }
    )*};
}

operators! {
    [M] Ancestor<M>;
    [] Any;
    [F] EventWhere<F>;
    [F] SpanWhere<F>;
    [] Field;
    [] HasField;
    [] IsLevel;
    [] Message;
    [] Name;
    [M] Parent<M>;
    [] Target;
    [A, B] And<A, B>;
    [A, B] Or<A, B>;
    [M] Not<M>;
}

#[cfg(test)]
mod tests {
    use super::super::{any, event_where, field, has_field, level, message, name, parent, target};
    use super::*;

    #[track_caller]
    fn check(matcher: impl Matcher, expected: &str) {
        assert_eq!(matcher.to_string(), expected);
    }

    #[test]
    fn matchers_print_as_they_are_written() {
        check(
            name("chat") & field("model", "x") & !has_field("error"),
            r#"name("chat") & field("model", "x") & !has_field("error")"#,
        );
        check((name("a") | name("b")) & target("m"), r#"(name("a") | name("b")) & target("m")"#);
        check(
            !(level(tracing_core::Level::WARN) & message("m")),
            r#"!(level(WARN) & message("m"))"#,
        );
        check(
            any() | !parent(name("a") & field("n", 3)),
            r#"(any() | !parent(name("a") & field("n", 3)))"#,
        );
        check(event_where("short", |_| true), "short");
    }

    #[test]
    fn parts_are_those_that_must_all_match() {
        let matcher = name("a") & (name("b") & (name("c") | name("d"))) & !any();
        let parts: Vec<String> = matcher.parts().iter().map(ToString::to_string).collect();
        assert_eq!(parts, [r#"name("a")"#, r#"name("b")"#, r#"(name("c") | name("d"))"#, "!any()"]);
    }
}
