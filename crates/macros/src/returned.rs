//! What a function returns: a value, a future, or a stream, and how it is wrapped.

use syn::{
    GenericArgument, PathArguments, PathSegment, ReturnType, Type, TypeParamBound, TypePath,
    visit::{self, Visit},
    visit_mut::{self, VisitMut},
};

/// What a type stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nothing at all: `()`, or `!`.
    Unit,
    Value,
    /// A future: `impl Future`, or one in a box.
    Future {
        boxed: bool,
    },
    /// A stream: `impl Stream`, or one in a box.
    Stream {
        boxed: bool,
    },
    /// A `Result` with a stream in it.
    ResultOfStream {
        boxed: bool,
    },
}

impl Shape {
    /// Returns the shape of what a function returns.
    pub(crate) fn of(returned: &ReturnType) -> Self {
        match returned {
            ReturnType::Default => Self::Unit,
            ReturnType::Type(_, returned) => Self::of_type(returned),
        }
    }

    /// Returns the shape of what the future that a function returns resolves to, where its type says it.
    pub(crate) fn of_future_output(returned: &ReturnType) -> Self {
        match written_output(returned).as_ref().map(Self::of_type) {
            // A future in a future is not polled here.
            Some(Self::Future { .. }) => Self::Unit,
            shape => shape.unwrap_or(Self::Value),
        }
    }

    fn of_type(returned: &Type) -> Self {
        match bare(returned) {
            Type::Tuple(tuple) if tuple.elems.is_empty() => Self::Unit,
            Type::Never(_) => Self::Unit,
            Type::ImplTrait(bounds) => Self::of_bounds(bounds.bounds.iter(), false),
            Type::Path(path) => Self::of_path(path),
            _ => Self::Value,
        }
    }

    fn of_bounds<'a>(bounds: impl Iterator<Item = &'a TypeParamBound>, boxed: bool) -> Self {
        let mut names = bounds.filter_map(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().map(|last| &last.ident),
            _ => None,
        });
        names
            .find_map(|name| match name.to_string().as_str() {
                "Future" => Some(Self::Future { boxed }),
                "Stream" => Some(Self::Stream { boxed }),
                _ => None,
            })
            .unwrap_or(Self::Value)
    }

    fn of_path(path: &TypePath) -> Self {
        let Some(last) = path.path.segments.last() else { return Self::Value };
        match last.ident.to_string().as_str() {
            "BoxFuture" | "LocalBoxFuture" => Self::Future { boxed: true },
            "BoxStream" | "LocalBoxStream" => Self::Stream { boxed: true },
            "Pin" => first_type(&last.arguments).map_or(Self::Value, Self::of_pinned),
            "Result" => match first_type(&last.arguments).map(Self::of_type) {
                Some(Self::Stream { boxed }) => Self::ResultOfStream { boxed },
                _ => Self::Value,
            },
            _ => Self::Value,
        }
    }

    /// Returns the shape of `Pin<Box<dyn ..>>`.
    fn of_pinned(pinned: &Type) -> Self {
        let Type::Path(path) = pinned else { return Self::Value };
        let boxed = path.path.segments.last().filter(|last| last.ident == "Box");
        match boxed.and_then(|last| first_type(&last.arguments)) {
            Some(Type::TraitObject(object)) => Self::of_bounds(object.bounds.iter(), true),
            _ => Self::Value,
        }
    }
}

/// Returns the output of the future that a function returns, where its type says it, with `_` in place of
/// each `impl Trait`.
pub(crate) fn output_of_future(returned: &ReturnType) -> Option<Type> {
    let mut output = written_output(returned)?;
    Eraser.visit_type_mut(&mut output);
    Some(output)
}

fn written_output(returned: &ReturnType) -> Option<Type> {
    #[derive(Default)]
    struct Outputs(Option<Type>);
    impl<'ast> Visit<'ast> for Outputs {
        fn visit_path_segment(&mut self, segment: &'ast PathSegment) {
            let name = segment.ident.to_string();
            if self.0.is_none() && name == "Future" {
                self.0 = output(&segment.arguments);
            } else if self.0.is_none() && ["BoxFuture", "LocalBoxFuture"].contains(&name.as_str()) {
                self.0 = first_type(&segment.arguments).cloned();
            } else {
                visit::visit_path_segment(self, segment);
            }
        }
    }
    let mut outputs = Outputs::default();
    outputs.visit_return_type(returned);
    outputs.0
}

/// Returns the type of `Output = ..`.
fn output(arguments: &PathArguments) -> Option<Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(named) if named.ident == "Output" => Some(named.ty.clone()),
        _ => None,
    })
}

/// Returns the type without what macros and parentheses put around it.
pub(crate) fn bare(written: &Type) -> &Type {
    match written {
        Type::Group(inner) => bare(&inner.elem),
        Type::Paren(inner) => bare(&inner.elem),
        other => other,
    }
}

fn first_type(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(found) => Some(found),
        _ => None,
    })
}

/// Returns the type with `_` in place of each `impl Trait`, which cannot be written in a body.
pub(crate) fn nameable(returned: &ReturnType) -> Type {
    let mut written = match returned {
        ReturnType::Default => syn::parse_quote!(()),
        ReturnType::Type(_, written) => (**written).clone(),
    };
    Eraser.visit_type_mut(&mut written);
    written
}

/// Puts `_` in place of each `impl Trait`.
struct Eraser;

impl VisitMut for Eraser {
    fn visit_type_mut(&mut self, found: &mut Type) {
        if matches!(found, Type::ImplTrait(_)) {
            *found = syn::parse_quote!(_);
        } else {
            visit_mut::visit_type_mut(self, found);
        }
    }
}
