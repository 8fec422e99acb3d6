//! One call of an observed function: its span, and what is recorded on it.

use std::{
    any::Any,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::atomic::{AtomicBool, Ordering},
};

use tracing::{
    Span,
    field::{DisplayValue, display},
};

use super::{
    Said,
    arguments::Arguments,
    content::{self, Form},
};
use crate::{attributes, local::Place, switches::Switches};

/// A call of an observed function that someone is interested in.
#[derive(Debug)]
pub struct Call {
    span: Span,
    form: Form,
    /// Where the span is kept, if a capture keeps it.
    place: Option<Place>,
    has_content: bool,
    /// A layer has asked for the arguments, outside of captures.
    is_read: AtomicBool,
    has_panicked: AtomicBool,
}

impl Call {
    /// Begins a call, unless nothing is interested in its span.
    ///
    /// It is in a box, so that a function has little to carry about where there is none.
    #[must_use]
    pub fn open(span: Span) -> Option<Box<Self>> {
        let form = Form::of(span.metadata()?);
        let place = attributes::place_of(&span).filter(|place| place.kept);
        let has_content = Switches::current().content();
        let [is_read, has_panicked] = [false; 2].map(AtomicBool::new);
        Some(Box::new(Self { span, form, place, has_content, is_read, has_panicked }))
    }

    /// Records the arguments, which `write` lists.
    pub fn input(&self, write: &dyn Fn(&mut Arguments)) {
        self.content(self.form.input_key(), || {
            let mut arguments = Arguments::default();
            write(&mut arguments);
            self.is_read.store(true, Ordering::Relaxed);
            self.form.input(arguments)
        });
    }

    /// Records how the call ended.
    pub fn finish(&self, said: &Said<'_>) {
        match said {
            Said::Value(value) => self.output(|| value.to_json()),
            Said::Failed(error_type, message) => self.failed(error_type, || message.text()),
            Said::Nothing => {}
        }
    }

    /// Records what was returned, unless the function has said by itself what its output is.
    pub(super) fn output(&self, json: impl Fn() -> String) {
        if !self.place.as_ref().is_some_and(attributes::has_own_output) {
            self.record_output(json);
        }
    }

    fn record_output(&self, json: impl Fn() -> String) {
        if !self.has_content {
            return;
        }
        if self.form == Form::Messages {
            return self.record_answer(json);
        }
        if self.place.is_none() {
            return self.content(self.form.output_key(), || content::bare(&json()));
        }
        content::record(&self.span, self.form.output_key(), &json());
    }

    /// Records what an agent or a model returned; one that returns nothing has not answered.
    fn record_answer(&self, json: impl Fn() -> String) {
        if self.place.is_none() {
            return self.text(self.form.output_key(), || self.form.output(&json()));
        }
        let json = json();
        if json != "null" {
            self.span.record(self.form.output_key(), self.form.output(&json).as_str());
        }
    }

    /// Records that the call failed.
    pub(super) fn failed(&self, error_type: &str, message: impl Fn() -> String) {
        self.span.record("error.type", error_type);
        self.span.record("otel.status_code", "ERROR");
        self.text("otel.status_description", message);
    }

    /// Records that the call was given up before it ended, unless it has panicked.
    pub(super) fn cancelled(&self) {
        if !self.has_panicked.load(Ordering::Relaxed) {
            self.failed("cancelled", || "the future was dropped before it was ready".to_owned());
        }
    }

    /// Records something of which only a part is there.
    pub(super) fn note(&self, key: &str, value: u64) {
        if let Some(place) = &self.place {
            attributes::set(place, [(key, value.into())]);
        }
    }

    /// Returns whether someone will look at what the function returns: a capture, or a layer that has
    /// looked at the arguments.
    pub(super) fn is_read(&self) -> bool {
        self.has_content && (self.place.is_some() || self.is_read.load(Ordering::Relaxed))
    }

    /// Returns whether the output is recorded as messages.
    pub(super) fn has_messages(&self) -> bool {
        self.form == Form::Messages
    }

    /// Runs `body` in the span, and records a panic before it goes on.
    pub(super) fn run<T>(&self, body: impl FnOnce() -> T) -> T {
        let entered = self.span.enter();
        match catch_unwind(AssertUnwindSafe(body)) {
            Ok(output) => output,
            Err(panic) => {
                self.has_panicked.store(true, Ordering::Relaxed);
                self.failed("panic", || panic_message(&*panic));
                drop(entered);
                resume_unwind(panic)
            }
        }
    }

    /// Records a text that is content, if that is recorded.
    fn content(&self, key: &str, text: impl Fn() -> String) {
        if self.has_content {
            self.text(key, text);
        }
    }

    /// Records a text that is made only if someone looks at it.
    fn text(&self, key: &str, text: impl Fn() -> String) {
        if self.place.is_some() {
            self.span.record(key, text().as_str());
        } else {
            self.span.record(key, lazy(&text));
        }
    }
}

/// Returns what writes the text when a layer asks for it, and not before.
fn lazy<F: Fn() -> String>(text: &F) -> DisplayValue<Lazy<'_, F>> {
    display(Lazy(text))
}

struct Lazy<'a, F>(&'a F);

impl<F: Fn() -> String> fmt::Display for Lazy<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&(self.0)())
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
