//! Values of any type that ride along with a request.

use std::{
    any::{Any, TypeId, type_name},
    collections::HashMap,
    fmt,
    sync::Arc,
};

/// Values of any type, one of each, for what an adapter understands and the rest need not know.
///
/// Cheap to clone: values are shared.
///
/// # Examples
///
/// ```
/// use probity_eval::model::Extensions;
///
/// #[derive(Debug, PartialEq)]
/// struct ServiceTier(&'static str);
///
/// let mut extensions = Extensions::new();
/// extensions.insert(ServiceTier("flex"));
/// assert_eq!(extensions.get::<ServiceTier>(), Some(&ServiceTier("flex")));
/// assert_eq!(extensions.get::<String>(), None);
/// ```
#[derive(Clone, Default)]
pub struct Extensions {
    values: HashMap<TypeId, Held>,
}

#[derive(Clone)]
struct Held {
    name: &'static str,
    value: Arc<dyn Any + Send + Sync>,
}

impl Extensions {
    /// Holds nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a value in, in place of the one of the same type.
    pub fn insert<T: Send + Sync + 'static>(&mut self, value: T) {
        let held = Held { name: type_name::<T>(), value: Arc::new(value) };
        self.values.insert(TypeId::of::<T>(), held);
    }

    /// Puts in all that `later` holds, in place of what has the same types.
    pub fn merge(&mut self, later: &Self) {
        self.values.extend(later.values.iter().map(|(id, held)| (*id, held.clone())));
    }

    /// Returns the value of a type.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.values.get(&TypeId::of::<T>())?.value.downcast_ref()
    }
}

impl fmt::Debug for Extensions {
    /// Names the types only: values may hold what must not be shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<_> = self.values.values().map(|held| held.name).collect();
        names.sort_unstable();
        f.debug_tuple("Extensions").field(&names).finish()
    }
}
