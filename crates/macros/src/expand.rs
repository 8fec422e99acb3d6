//! Puts the recording around the body of a function.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Block, Error, ItemFn, LitStr, Path, Result, ReturnType, Signature, parse2,
    spanned::Spanned as _,
};

use crate::{
    arguments,
    body::{self, AsyncTail},
    options::Options,
    returned::Shape,
    run::Runner,
    span,
};

/// Expands `#[observe(..)]`; what is refused becomes an error of the compiler, beside the function as it
/// was written.
pub(crate) fn observe(options: TokenStream, item: &TokenStream, krate: Path) -> TokenStream {
    match expand(options, item, krate) {
        Ok(expanded) => expanded,
        Err(error) => {
            let error = error.into_compile_error();
            quote!(#error #item)
        }
    }
}

fn expand(options: TokenStream, item: &TokenStream, krate: Path) -> Result<TokenStream> {
    let function = body::function(item, "#[observe]")?;
    let options: Options = parse2(options)?;
    refuse(&function.sig)?;
    let krate = options.krate.clone().unwrap_or(krate);
    let opened = opened(&krate, &function.sig, &options)?;
    let observed = observed(&krate, &function, &options, &opened);
    Ok(body::with_body(&function, &observed))
}

fn refuse(signature: &Signature) -> Result<()> {
    if let Some(constant) = &signature.constness {
        let message = "a `const fn` may run in the compiler, where nothing is recorded: \
            remove `const` or `#[observe]`";
        return Err(Error::new(constant.span, message));
    }
    if let Some(variadic) = &signature.variadic {
        let message = "a function with any number of arguments cannot be observed";
        return Err(Error::new_spanned(variadic, message));
    }
    Ok(())
}

/// Returns the statements that open the call as `__probity_call`, with its arguments.
fn opened(krate: &Path, signature: &Signature, options: &Options) -> Result<TokenStream> {
    let private = quote!(#krate::observe::__private);
    let of_function = || signature.ident.to_string().trim_start_matches("r#").to_owned();
    let name = options.name.as_ref().map_or_else(of_function, LitStr::value);
    let span = span::span(krate, options.kind(), &name, options.skip_error);
    let recording = arguments::recording(krate, signature, options)?;
    let input = (!recording.is_empty()).then(|| {
        quote! {
            if let ::core::option::Option::Some(__probity_call) = &__probity_call {
                #private::Call::input(__probity_call, &|__probity_arguments| {
                    #(#recording)*
                });
            }
        }
    });
    Ok(quote! {
        let __probity_call = if #private::is_on() {
            #private::open(|| {
                let __probity_call = #private::Call::open(#span);
                #input
                __probity_call
            })
        } else {
            ::core::option::Option::None
        };
    })
}

/// Returns the new body: the old one under the call.
fn observed(
    krate: &Path,
    function: &ItemFn,
    options: &Options,
    opened: &TokenStream,
) -> TokenStream {
    let signature = &function.sig;
    let at = match &signature.output {
        ReturnType::Default => signature.ident.span(),
        ReturnType::Type(_, written) => written.span(),
    };
    let runner = Runner {
        private: quote!(#krate::observe::__private),
        skip_output: options.skip_output,
        returned: &signature.output,
        at,
    };
    let block = &function.block;
    let statements = body::statements(block);
    match Shape::of(&signature.output) {
        shape if signature.asyncness.is_some() => {
            let run = runner.asynchronous(shape, &statements);
            quote!(#opened #run)
        }
        Shape::Future { .. } => inside_future(&runner, block, opened).unwrap_or_else(|| {
            let run = runner.future(&statements);
            quote!(#opened #run)
        }),
        shape => {
            let run = runner.blocking(shape, &statements);
            quote!(#opened #run)
        }
    }
}

/// Returns the body with the recording inside of the async block that it ends with, if it does. The call
/// begins with the first poll then, as that of an async function.
fn inside_future(runner: &Runner<'_>, block: &Block, opened: &TokenStream) -> Option<TokenStream> {
    let tail = AsyncTail::of(block)?;
    let run = runner.in_async_block(&tail.statements());
    Some(tail.around(&quote!(#opened #run)))
}
