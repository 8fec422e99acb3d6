//! Writes how the arguments of an observed function are recorded.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{
    Error, FnArg, Ident, PatIdent, Path, Result, Signature,
    visit::{self, Visit},
};

use crate::options::Options;

/// Returns the statements that push each recorded argument into `__probity_arguments`.
pub(crate) fn recording(
    krate: &Path,
    signature: &Signature,
    options: &Options,
) -> Result<Vec<TokenStream>> {
    let names = names(signature);
    for name in options.skip.iter().chain(&options.redact) {
        if !names.iter().any(|known| known.ident == *name) {
            return Err(unknown(name, signature, &names));
        }
    }
    if options.skip_all.is_some() {
        return Ok(Vec::new());
    }
    let shown = names.iter().enumerate().map(|(place, name)| match shown(&names, place, options) {
        Shown::Whole => Some(written(krate, &signature.ident, &name.ident)),
        Shown::Masked => Some(masked(&name.ident)),
        Shown::Not => None,
    });
    Ok(shown.flatten().collect())
}

/// How much is recorded of what a name binds.
enum Shown {
    Whole,
    Masked,
    Not,
}

/// Returns how much is recorded of a name: as its own option says, or else as little as of the names that bind
/// a part of the same value, or a whole that it is a part of, as in `whole @ Pair(part, _)`.
fn shown(names: &[Name], place: usize, options: &Options) -> Shown {
    let Some(name) = names.get(place) else { return Shown::Not };
    let overlaps = |(other, found): (usize, &Name)| {
        found.around.contains(&place) || name.around.contains(&other)
    };
    let overlapping = || names.iter().enumerate().filter(|found| overlaps(*found));
    let any = |list: &[Ident]| overlapping().any(|(_, found)| list.contains(&found.ident));
    if options.skip.contains(&name.ident) {
        Shown::Not
    } else if options.redact.contains(&name.ident) || any(&options.redact) {
        Shown::Masked
    } else if any(&options.skip) {
        Shown::Not
    } else {
        Shown::Whole
    }
}

/// A name that an argument binds.
struct Name {
    ident: Ident,
    /// The places of the names that bind a whole of which this is a part.
    around: Vec<usize>,
}

/// Returns the names that the arguments bind; `self` is not among them.
fn names(signature: &Signature) -> Vec<Name> {
    let mut names = Names::default();
    for argument in &signature.inputs {
        if let FnArg::Typed(argument) = argument {
            names.visit_pat(&argument.pat);
        }
    }
    names.found
}

#[derive(Default)]
struct Names {
    found: Vec<Name>,
    around: Vec<usize>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        let (ident, around) = (pattern.ident.clone(), self.around.clone());
        self.around.push(self.found.len());
        self.found.push(Name { ident, around });
        visit::visit_pat_ident(self, pattern);
        self.around.pop();
    }
}

fn unknown(name: &Ident, signature: &Signature, names: &[Name]) -> Error {
    let message = if name == "self" {
        "`self` is never recorded, so that it need not be named".to_owned()
    } else {
        let function = &signature.ident;
        let list: Vec<String> = names.iter().map(|name| format!("`{}`", name.ident)).collect();
        if list.is_empty() {
            format!("`{function}` has no argument `{name}`: it has none at all")
        } else {
            format!("`{function}` has no argument `{name}`, only {}", list.join(", "))
        }
    };
    Error::new(name.span(), message)
}

fn text(name: &Ident) -> String {
    name.to_string().trim_start_matches("r#").to_owned()
}

fn masked(name: &Ident) -> TokenStream {
    let text = text(name);
    quote!(__probity_arguments.push_masked(#text);)
}

/// Writes the recording of one argument, through a trait of its own: its message can name the argument.
/// The second implementation is never chosen. With one alone, the compiler would say that `Serialize` is
/// missing, and not what to do about it here.
fn written(krate: &Path, function: &Ident, name: &Ident) -> TokenStream {
    let text = text(name);
    let recordable = format_ident!("__ProbityArgument_{}", text);
    let message = format!(
        "the argument `{text}` of `{function}` cannot be recorded: `{{Self}}` is not `serde::Serialize`"
    );
    let note = format!(
        "leave it out with `#[observe(skip({text}))]`, or implement `serde::Serialize` for its type"
    );
    let private = quote!(#krate::observe::__private);
    // It is named elsewhere in what this macro writes, while another macro may have written the argument.
    let arguments = Ident::new("__probity_arguments", Span::call_site());
    quote_spanned! {name.span()=>
        {
            #[allow(non_camel_case_types, reason = "it is named after the argument")]
            #[diagnostic::on_unimplemented(
                message = #message,
                label = "cannot be recorded",
                note = #note
            )]
            trait #recordable<__Way> {
                fn push(&self, arguments: &mut #private::Arguments);
            }
            impl<__T: #private::Serialize + ?::core::marker::Sized> #recordable<#private::Json> for __T {
                fn push(&self, arguments: &mut #private::Arguments) {
                    arguments.push(#text, self);
                }
            }
            impl<__T: #private::Never + ?::core::marker::Sized> #recordable<#private::No> for __T {
                fn push(&self, _: &mut #private::Arguments) {}
            }
            #recordable::<_>::push(&#name, #arguments);
        }
    }
}
