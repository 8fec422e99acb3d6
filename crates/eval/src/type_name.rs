//! Prints a closure in `Debug` output as the name of its type.

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
