//! Names of types: in `Debug` output in place of a closure, and short ones.

use std::{any::type_name, fmt, marker::PhantomData};

/// Stands for a value of type `T` that cannot print itself.
pub(crate) struct TypeName<T: ?Sized>(PhantomData<fn(&T)>);

impl<T: ?Sized> TypeName<T> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: ?Sized> fmt::Debug for TypeName<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(type_name::<T>())
    }
}

/// Returns the name of a type without its path and parameters.
pub(crate) fn short_name<T: ?Sized>() -> &'static str {
    let name = type_name::<T>();
    let name = name.split('<').next().unwrap_or(name);
    name.rsplit("::").next().unwrap_or(name)
}
