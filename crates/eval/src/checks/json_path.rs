//! Places in a JSON value, as JSON Pointers.

use std::fmt;

/// A place in a JSON value, with the way to it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    Root,
    Key(&'a Self, &'a str),
    Index(&'a Self, usize),
}

impl<'a> Place<'a> {
    /// Returns the name under which the value lies in an object; empty where it lies in none.
    pub(super) fn name(&self) -> &'a str {
        match self {
            Self::Key(_, key) => key,
            Self::Root | Self::Index(..) => "",
        }
    }
}

/// Writes the place as a JSON Pointer (RFC 6901): `/answers/0/city`, and nothing for the root.
impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(parent, key) => {
                write!(f, "{parent}/{}", key.replace('~', "~0").replace('/', "~1"))
            }
            Self::Index(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

/// Returns what shows a JSON Pointer to people, for whom the empty one says nothing.
pub(super) fn shown(pointer: &str) -> &str {
    if pointer.is_empty() { "the root" } else { pointer }
}

/// Returns the name that a JSON Pointer ends with.
pub(super) fn last_name(pointer: &str) -> String {
    let last = pointer.rsplit('/').next().unwrap_or_default();
    last.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_is_written_as_a_pointer_that_leads_there() {
        let value = json!({"a/b": [{"~1": 7}]});
        let (root, list) = (Place::Root, Place::Key(&Place::Root, "a/b"));
        let item = Place::Index(&list, 0);
        let place = Place::Key(&item, "~1");
        assert_eq!(place.to_string(), "/a~1b/0/~01");
        assert_eq!(value.pointer(&place.to_string()), Some(&json!(7)));
        assert_eq!((place.name(), item.name(), root.name()), ("~1", "", ""));
        assert_eq!(last_name(&place.to_string()), "~1");
        assert_eq!(shown(&root.to_string()), "the root");
    }
}
