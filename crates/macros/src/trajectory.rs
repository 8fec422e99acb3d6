//! Expands `#[trajectory(..)]`: runs the body of a function as a trajectory of a tracer.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{
    Error, Expr, Ident, ItemFn, LitStr, Result, ReturnType, Token, Type, parenthesized,
    parse::{Parse, ParseStream},
    parse2,
    punctuated::Punctuated,
    spanned::Spanned as _,
};

use crate::{
    body::{self, AsyncTail},
    returned::{bare, nameable, output_of_future},
    run::typed,
};

const FORM: &str = "`#[trajectory(tracer = .., sample = .., sandbox_id = .., metadata(key = ..))]`, of \
    which `tracer` and `sample` must be there";

/// Expands `#[trajectory(..)]`; what is refused becomes an error of the compiler, beside the function as
/// it was written.
pub(crate) fn trajectory(options: TokenStream, item: &TokenStream) -> TokenStream {
    match expand(options, item) {
        Ok(expanded) => expanded,
        Err(error) => {
            let error = error.into_compile_error();
            quote!(#error #item)
        }
    }
}

fn expand(options: TokenStream, item: &TokenStream) -> Result<TokenStream> {
    let function = body::function(item, "#[trajectory]")?;
    let options: Options = parse2(options)?;
    let signature = &function.sig;
    if let Some(constant) = &signature.constness {
        return Err(Error::new(
            constant.span,
            "a `const fn` cannot be a trajectory: remove `const`",
        ));
    }
    let body = match AsyncTail::of(&function.block) {
        Some(tail) if signature.asyncness.is_none() => in_async_tail(&options, &function, &tail)?,
        _ => in_function(&options, &function)?,
    };
    Ok(body::with_body(&function, &body))
}

fn in_function(options: &Options, function: &ItemFn) -> Result<TokenStream> {
    let signature = &function.sig;
    let returned = nameable(&signature.output);
    must_be_result(&returned, at(function))?;
    let block = typed(&returned, &body::statements(&function.block), at(function));
    let scope = options.scope();
    let run = if signature.asyncness.is_some() {
        quote!(__probity_scope.try_run(async move #block).await)
    } else {
        quote!(__probity_scope.try_run_sync(move || #block))
    };
    Ok(flattened(&scope, &run))
}

/// Expands a body that ends with an async block, as those of methods under async-trait do.
fn in_async_tail(
    options: &Options,
    function: &ItemFn,
    tail: &AsyncTail<'_>,
) -> Result<TokenStream> {
    let output =
        output_of_future(&function.sig.output).ok_or_else(|| not_a_result(at(function)))?;
    must_be_result(&output, at(function))?;
    let block = typed(&output, &tail.statements(), at(function));
    let run = quote!(__probity_scope.try_run(async move #block).await);
    Ok(tail.around(&flattened(&options.scope(), &run)))
}

/// Returns the expression that makes one result of the refusal of a nested trajectory and of what the body
/// returned.
fn flattened(scope: &TokenStream, run: &TokenStream) -> TokenStream {
    quote! {
        let __probity_scope = #scope;
        match #run {
            ::core::result::Result::Ok(__probity_output) => __probity_output,
            ::core::result::Result::Err(__probity_nested) => {
                ::core::result::Result::Err(::core::convert::From::from(__probity_nested))
            }
        }
    }
}

fn at(function: &ItemFn) -> Span {
    match &function.sig.output {
        ReturnType::Default => function.sig.ident.span(),
        ReturnType::Type(_, written) => written.span(),
    }
}

/// Refuses a return type that has no place for an error.
fn must_be_result(returned: &Type, at: Span) -> Result<()> {
    let Type::Path(path) = bare(returned) else { return Err(not_a_result(at)) };
    let last = path.path.segments.last().map(|last| last.ident.to_string());
    if last.is_some_and(|last| last.ends_with("Result")) { Ok(()) } else { Err(not_a_result(at)) }
}

fn not_a_result(at: Span) -> Error {
    let message = "a trajectory must return a `Result` whose error is `From<NestedTrajectory>` and \
        `Display`: one that is begun in another is refused, and what failed is recorded";
    Error::new(at, message)
}

/// What the user asked for.
struct Options {
    tracer: Expr,
    sample: Expr,
    sandbox_id: Option<Expr>,
    metadata: Vec<(String, Expr)>,
}

impl Options {
    /// Returns the expression that makes the scope of the trajectory.
    fn scope(&self) -> TokenStream {
        let Self { tracer, sample, sandbox_id, metadata } = self;
        let sandbox_id = sandbox_id.iter();
        let metadata = metadata.iter().map(|(key, value)| quote!(.metadata(#key, #value)));
        quote!((#tracer).trajectory(#sample)#(.sandbox_id(#sandbox_id))*#(#metadata)*)
    }
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let (mut tracer, mut sample, mut sandbox_id, mut metadata) = (None, None, None, Vec::new());
        let whole = input.span();
        while !input.is_empty() {
            let option: Ident = input.parse()?;
            let place = match option.to_string().as_str() {
                "tracer" => &mut tracer,
                "sample" => &mut sample,
                "sandbox_id" => &mut sandbox_id,
                "metadata" => {
                    metadata.extend(pairs(input)?);
                    end(input)?;
                    continue;
                }
                other => {
                    let message = format!("unknown option `{other}`: expected {FORM}");
                    return Err(Error::new(option.span(), message));
                }
            };
            input.parse::<Token![=]>()?;
            if place.replace(input.parse::<Expr>()?).is_some() {
                return Err(Error::new(option.span(), format!("`{option}` is given twice")));
            }
            end(input)?;
        }
        let missing =
            |name: &str| Error::new(whole, format!("`{name}` is missing: expected {FORM}"));
        Ok(Self {
            tracer: tracer.ok_or_else(|| missing("tracer"))?,
            sample: sample.ok_or_else(|| missing("sample"))?,
            sandbox_id,
            metadata,
        })
    }
}

/// Reads the comma behind an option, unless it is the last.
fn end(input: ParseStream<'_>) -> Result<()> {
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok(())
}

/// Reads `(key = value, ..)`.
fn pairs(input: ParseStream<'_>) -> Result<Vec<(String, Expr)>> {
    struct Pair(String, Expr);
    impl Parse for Pair {
        fn parse(input: ParseStream<'_>) -> Result<Self> {
            let key = if input.peek(LitStr) {
                input.parse::<LitStr>()?.value()
            } else {
                input.parse::<Ident>()?.to_string()
            };
            input.parse::<Token![=]>()?;
            Ok(Self(key, input.parse()?))
        }
    }
    let content;
    parenthesized!(content in input);
    let pairs = Punctuated::<Pair, Token![,]>::parse_terminated(&content)?;
    Ok(pairs.into_iter().map(|Pair(key, value)| (key, value)).collect())
}
