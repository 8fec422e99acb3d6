//! One line of a tree.

use std::fmt;

use super::{Redacted, duration::Short};
use crate::{
    redact::Redaction,
    snapshot::{
        EventRef, FieldRef, SpanOrEvent, SpanRef,
        text::{Plain, Shown},
    },
    value::ValueRef,
};

/// A span or event without its indentation.
pub(super) struct Line<'a> {
    pub(super) item: SpanOrEvent<'a>,
    pub(super) redacted: &'a Redacted,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.item {
            SpanOrEvent::Span(span) => self.span(f, span),
            SpanOrEvent::Event(event) => self.event(f, event),
        }
    }
}

impl Line<'_> {
    fn redaction(&self) -> &Redaction {
        &self.item.trace().header().redaction
    }

    fn plain<'a>(&'a self, text: &'a str) -> Plain<'a> {
        let redaction = self.redaction();
        Plain { text, redaction }
    }

    fn span(&self, f: &mut fmt::Formatter<'_>, span: SpanRef<'_>) -> fmt::Result {
        self.name(f, span)?;
        if !self.redacted.hides_times() {
            write!(f, " {}", Short(span.duration()))?;
        }
        self.level(f)?;
        if span.is_open() {
            f.write_str(" (open)")?;
        }
        self.fields(f)?;
        for (number, cause) in span.follows_from().enumerate() {
            let before = if number == 0 { " follows from " } else { ", " };
            f.write_str(before)?;
            self.name(f, cause)?;
            self.id(f, cause)?;
        }
        self.id(f, span)
    }

    fn name(&self, f: &mut fmt::Formatter<'_>, span: SpanRef<'_>) -> fmt::Result {
        match span.name() {
            "" => f.write_str("(no name)"),
            name => write!(f, "{}", self.plain(name)),
        }
    }

    fn event(&self, f: &mut fmt::Formatter<'_>, event: EventRef<'_>) -> fmt::Result {
        f.write_str("•")?;
        if !self.redacted.hides_times() {
            write!(f, " +{}", Short(event.start()))?;
        }
        self.level(f)?;
        // The name that `tracing` makes up says where the callsite is, which is no part of the tree.
        if !event.name().is_empty() && !event.name().starts_with("event ") {
            write!(f, " [{}]", self.plain(event.name()))?;
        }
        for message in event.fields().filter(is_message) {
            f.write_str(" ")?;
            self.value(f, message)?;
        }
        self.fields(f)
    }

    fn level(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.item.level() {
            tracing_core::Level::INFO => Ok(()),
            level => write!(f, " {level}"),
        }
    }

    fn fields(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_event = self.item.as_event().is_some();
        for field in self.item.fields() {
            if !(is_event && is_message(&field)) {
                write!(f, " {}=", self.plain(field.key()))?;
                self.value(f, field)?;
            }
        }
        Ok(())
    }

    fn value(&self, f: &mut fmt::Formatter<'_>, field: FieldRef<'_>) -> fmt::Result {
        if self.redacted.hides_value(field.key()) {
            return f.write_str("[hidden]");
        }
        let value = match field.value() {
            // A message stands for itself, without quotes.
            ValueRef::Str(text) if field.key() == MESSAGE => ValueRef::Debug(text),
            value => value,
        };
        let shown = Shown { value, cut: field.is_cut(), redaction: self.redaction() };
        write!(f, "{shown}")
    }

    fn id(&self, f: &mut fmt::Formatter<'_>, span: SpanRef<'_>) -> fmt::Result {
        if self.redacted.hides_ids() {
            return Ok(());
        }
        write!(f, " #{}", span.id())
    }
}

const MESSAGE: &str = "message";

fn is_message(field: &FieldRef<'_>) -> bool {
    field.key() == MESSAGE && field.value().as_str().is_some()
}
