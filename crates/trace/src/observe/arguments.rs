//! The arguments of an observed call, as the text of a JSON object.

use serde::Serialize;

use super::content::append_json;
use crate::redact::MASK;

/// Collects the arguments of one call, in the order of the function.
#[derive(Debug, Default)]
pub struct Arguments {
    /// The object so far, without its closing brace.
    object: String,
    count: usize,
    /// Where the value of the last argument begins.
    last: usize,
}

impl Arguments {
    /// Adds an argument.
    pub fn push<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.object.push(if self.count == 0 { '{' } else { ',' });
        // The names of arguments have nothing in them that JSON would write otherwise.
        self.object.push('"');
        self.object.push_str(name);
        self.object.push_str("\":");
        self.count += 1;
        self.last = self.object.len();
        append_json(&mut self.object, value);
    }

    /// Adds an argument that is there but not shown.
    pub fn push_masked(&mut self, name: &'static str) {
        self.push(name, MASK);
    }

    /// Returns the object.
    pub(super) fn into_object(mut self) -> String {
        self.object.push_str(if self.count == 0 { "{}" } else { "}" });
        self.object
    }

    /// Returns the value of the argument, if there is only one.
    pub(super) fn only(&self) -> Option<&str> {
        if self.count == 1 { self.object.get(self.last..) } else { None }
    }
}
